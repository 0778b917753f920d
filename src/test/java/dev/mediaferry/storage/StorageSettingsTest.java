package dev.mediaferry.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.object.KeyTemplate;
import dev.mediaferry.settings.Settings;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;

class StorageSettingsTest {

    @Test
    void haveDefaultsOnAws() {
        assertThat(of("bucket", "media", "region", "eu-central-1"))
                .isEqualTo(new StorageSettings(
                        null,
                        "eu-central-1",
                        "media",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        URI.create("https://media.s3.eu-central-1.amazonaws.com"),
                        Optional.empty(),
                        new KeyTemplate("{folder}/{id}/{timestamp}-{random}.{ext}"),
                        "public, max-age=31536000, immutable",
                        PutSettings.NONE));
    }

    @Test
    void haveDefaultsOnAnotherStore() {
        StorageSettings storage = of("bucket", "media", "endpoint", "http://localhost:9000/");
        assertThat(storage.endpoint()).hasToString("http://localhost:9000");
        assertThat(storage.region()).isEqualTo("us-east-1");
        assertThat(storage.pathStyle()).isTrue();
        assertThat(storage.publicUrl()).hasToString("http://localhost:9000/media");
        assertThat(storage.bucketAddress()).hasToString("http://localhost:9000/media");
        assertThat(storage.target("a/b.jpg")).isEqualTo("http://localhost:9000/media/a/b.jpg");
    }

    @Test
    void takeWhatIsSet() {
        StorageSettings storage = of(
                "bucket", "media",
                "endpoint", "https://s3.example.com",
                "region", "auto",
                "access-key", "AK",
                "secret-key", "SK",
                "path-style", "false",
                "public-url", "https://cdn.example.com/m/",
                "acl", "public-read",
                "key", "{sha256}.{ext}",
                "cache-control", "");
        assertThat(storage)
                .isEqualTo(new StorageSettings(
                        URI.create("https://s3.example.com"),
                        "auto",
                        "media",
                        Optional.of("AK"),
                        Optional.of("SK"),
                        Optional.empty(),
                        false,
                        URI.create("https://cdn.example.com/m"),
                        Optional.of(ObjectCannedACL.PUBLIC_READ),
                        new KeyTemplate("{sha256}.{ext}"),
                        "",
                        PutSettings.NONE));
        assertThat(storage.bucketAddress()).hasToString("https://media.s3.example.com");
        assertThat(storage.target("a.jpg")).isEqualTo("https://cdn.example.com/m/a.jpg");
    }

    @ParameterizedTest
    @CsvSource({
        "us-east-1, false, https://media.s3.us-east-1.amazonaws.com",
        "us-east-1, true, https://s3.us-east-1.amazonaws.com/media",
        "cn-north-1, false, https://media.s3.cn-north-1.amazonaws.com.cn"
    })
    void knowTheBucketsAddressOnAws(String region, String pathStyle, String address) {
        assertThat(of("bucket", "media", "region", region, "path-style", pathStyle)
                        .publicUrl())
                .hasToString(address);
    }

    @Test
    void areThoseOfTheEmbeddedServerWhenNothingIsSet() {
        assertThat(StorageSettings.embedded(settings())).isTrue();
        assertThat(StorageSettings.embedded(settings("endpoint", "http://localhost:9000")))
                .isFalse();
        assertThat(StorageSettings.embedded(settings("region", "eu-central-1"))).isFalse();
        assertThat(StorageSettings.embedded(settings("bucket", "media"))).isFalse();
        assertThat(StorageSettings.embedded(settings("acl", "private"))).isTrue();
    }

    @Test
    void needABucket() {
        assertRefused("mediaferry.storage.bucket is not set: name your bucket", "region", "eu-central-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"m", "-media", "my media", "media/photos", "média", "my:media"})
    void refuseWhatIsNoBucketName(String bucket) {
        assertRefused(
                "mediaferry.storage.bucket is '" + bucket + "', which is no bucket name",
                "bucket",
                bucket,
                "region",
                "r");
    }

    @Test
    void needARegionOnAws() {
        assertRefused(
                "mediaferry.storage.region is not set: AWS needs it, other stores need mediaferry.storage.endpoint",
                "bucket",
                "media");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:9000",
                "ftp://s3.example.com",
                "https://",
                "https://s3.example.com?x",
                "https://s3 x",
                "https:/s3"
            })
    void refuseWhatIsNoAddress(String value) {
        assertRefused(
                "mediaferry.storage.endpoint is '" + value + "', but must be an http or https address",
                "bucket",
                "media",
                "endpoint",
                value);
        assertRefused(
                "mediaferry.storage.public-url is '" + value + "', but must be an http or https address",
                "bucket",
                "media",
                "region",
                "r",
                "public-url",
                value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"access-key", "secret-key"})
    void needBothKeysOrNone(String only) {
        assertRefused(
                "set both mediaferry.storage.access-key and mediaferry.storage.secret-key, or neither",
                "bucket",
                "media",
                "region",
                "r",
                only,
                "x");
    }

    @ParameterizedTest
    @CsvSource({
        "path-style, maybe, 'is ''maybe'', but must be true or false'",
        "acl, public, 'is ''public'', but must be a canned ACL like public-read'",
        "key, {id}, '''{id}'' needs {random} or {sha256}, else two media could claim one key'",
    })
    void nameTheSettingThatIsWrong(String key, String value, String problem) {
        assertRefused("mediaferry.storage." + key + " " + problem, "bucket", "media", "region", "r", key, value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://0123.r2.cloudflarestorage.com",
                "https://0123.eu.r2.cloudflarestorage.com",
                "https://PROJECT.supabase.co/storage/v1/s3",
                "https://project.storage.supabase.co/storage/v1/s3"
            })
    void needAPublicUrlWhereTheStoreServesNoPublicReads(String endpoint) {
        String host = URI.create(endpoint).getHost().toLowerCase(Locale.ROOT);
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> of("bucket", "media", "endpoint", endpoint).checkPublicUrl(false))
                .withMessage(
                        "mediaferry.storage.public-url is not set, and %s serves no public reads: set it to the address your users get the media from",
                        host);
    }

    @Test
    void takeAPublicUrlWhereItIsNeeded() {
        StorageSettings chosen = of(
                "bucket",
                "media",
                "endpoint",
                "https://0123.r2.cloudflarestorage.com",
                "public-url",
                "https://m.example");
        assertThatCode(() -> chosen.checkPublicUrl(true)).doesNotThrowAnyException();
        StorageSettings open = of("bucket", "media", "endpoint", "https://storage.googleapis.com");
        assertThatCode(() -> open.checkPublicUrl(false)).doesNotThrowAnyException();
    }

    @Test
    void warnThatNoCertificateCoversABucketWithADot() {
        StorageSettings dotted = of("bucket", "media.example.com", "region", "eu-central-1");
        assertThat(dotted.uncovered("mediaferry.storage.public-url"))
                .hasValue("bucket media.example.com has a dot in its name, so no certificate covers"
                        + " https://media.example.com.s3.eu-central-1.amazonaws.com and browsers refuse the new links: set"
                        + " mediaferry.storage.path-style=true, or mediaferry.storage.public-url");
        assertThat(dotted.requestAddress())
                .as("where objects are put")
                .hasToString("https://s3.eu-central-1.amazonaws.com/media.example.com");
        assertThat(of("bucket", "media.example.com", "region", "eu-central-1", "path-style", "true")
                        .uncovered(""))
                .isEmpty();
        assertThat(of("bucket", "media", "region", "eu-central-1").uncovered(""))
                .isEmpty();
    }

    @Test
    void takeWhatObjectsAreStoredWith() {
        assertThat(of(
                                "bucket", "media",
                                "region", "eu-central-1",
                                "sse", "aws:kms",
                                "kms-key", "1234abcd",
                                "class", "STANDARD_IA",
                                "bucket-owner", "123456789012")
                        .puts())
                .isEqualTo(new PutSettings(
                        Optional.of("aws:kms"),
                        Optional.of("1234abcd"),
                        Optional.of("STANDARD_IA"),
                        Optional.of("123456789012")));
    }

    @ParameterizedTest
    @CsvSource({
        "sse, aes, 'mediaferry.storage.sse is ''aes'', but must be AES256, aws:kms or aws:kms:dsse'",
        "class, GLACIER, 'mediaferry.storage.class is ''GLACIER'', but must be a storage class that is read at once, like STANDARD_IA'",
        "bucket-owner, me, 'mediaferry.storage.bucket-owner is ''me'', but must be the number of an AWS account, 12 digits'",
        "kms-key, k, 'mediaferry.storage.kms-key is set, but mediaferry.storage.sse is not aws:kms or aws:kms:dsse'",
        "session-token, t, mediaferry.storage.session-token needs mediaferry.storage.access-key and mediaferry.storage.secret-key"
    })
    void refuseWhatObjectsCannotBeStoredWith(String key, String value, String message) {
        assertRefused(message, "bucket", "media", "region", "eu-central-1", key, value);
    }

    private static void assertRefused(String message, String... keyValues) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> of(keyValues))
                .withMessage(message);
    }

    private static StorageSettings of(String... keyValues) {
        return StorageSettings.of(settings(keyValues));
    }

    private static Settings settings(String... keyValues) {
        Map<String, String> settings = new HashMap<>();
        for (int i = 0; i < keyValues.length; i += 2) {
            settings.put("mediaferry.storage." + keyValues[i], keyValues[i + 1]);
        }
        return Settings.load(null, Map.of(), settings);
    }
}
