package dev.mediaferry.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** The examples are those of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html. */
class SignatureV4Test {

    private static final String ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE";
    private static final String SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private final SignatureV4 signer = new SignatureV4("us-east-1");

    @Test
    void signsAmazonsExampleOfGetObject() {
        SortedMap<String, String> headers = headers("range", "bytes=0-9", "x-amz-content-sha256", EMPTY);
        assertThat(signer.authorize("GET", "/test.txt", headers, ACCESS_KEY, SECRET_KEY))
                .isEqualTo("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
                        + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
                        + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    }

    @Test
    void signsAmazonsExampleOfPutObject() {
        SortedMap<String, String> headers = headers(
                "date", "Fri, 24 May 2013 00:00:00 GMT",
                "x-amz-storage-class", "REDUCED_REDUNDANCY",
                "x-amz-content-sha256", "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");
        assertThat(signer.authorize("PUT", "/test%24file.text", headers, ACCESS_KEY, SECRET_KEY))
                .isEqualTo("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
                        + "SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class, "
                        + "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
    }

    @Test
    void stripsBlanksAroundTheValuesOfHeaders() {
        SortedMap<String, String> padded = headers("range", "  bytes=0-9 ", "x-amz-content-sha256", EMPTY);
        assertThat(signer.authorize("GET", "/test.txt", padded, ACCESS_KEY, SECRET_KEY))
                .endsWith("Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/media/avatars/42/1767225600123-k3x9.jpg",
                "/media/a_2Fb/-._",
                "/media/avatars/%C3%A4%20b.jpg",
                "/media//a/../b",
                "/"
            })
    void signsLikeTheSdk(String path) {
        assertSignedLikeTheSdk(path, "2026-01-01T12:00:00Z", SECRET_KEY);
    }

    @Test
    void makesANewKeyForEachDayAndSecret() {
        assertSignedLikeTheSdk("/a", "2026-01-01T23:59:59Z", SECRET_KEY);
        assertSignedLikeTheSdk("/a", "2026-01-02T00:00:00Z", SECRET_KEY);
        assertSignedLikeTheSdk("/a", "2026-01-02T00:00:00Z", "another/secret");
        assertSignedLikeTheSdk("/a", "2026-01-01T23:59:59Z", SECRET_KEY);
    }

    @Test
    void writesTheTimeAsAmazonReadsIt() {
        Instant before = Instant.now();
        assertThat(signer.timestamp()).matches("\\d{8}T\\d{6}Z");
        assertThat(Instant.parse(signer.timestamp().replaceFirst("(....)(..)(..)T(..)(..)(..)Z", "$1-$2-$3T$4:$5:$6Z")))
                .isBetween(before.minusSeconds(1), before.plusSeconds(60));
    }

    private void assertSignedLikeTheSdk(String path, String time, String secret) {
        SdkHttpRequest signed = AwsV4HttpSigner.create()
                .sign(request -> request.identity(AwsCredentialsIdentity.create(ACCESS_KEY, secret))
                        .request(request(path))
                        .payload(() -> null)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                        .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(Instant.parse(time), ZoneOffset.UTC)))
                .request();
        SortedMap<String, String> headers = new TreeMap<>();
        signed.forEachHeader((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        String expected = headers.remove("authorization");
        assertThat(signer.authorize("PUT", path, headers, ACCESS_KEY, secret)).isEqualTo(expected);
    }

    private static SdkHttpRequest request(String path) {
        return SdkHttpRequest.builder()
                .method(SdkHttpMethod.PUT)
                .uri(URI.create("https://s3.example.com:9000" + path))
                .putHeader("content-type", "image/jpeg")
                .putHeader("x-amz-meta-sha256", EMPTY)
                .build();
    }

    private static SortedMap<String, String> headers(String... namesAndValues) {
        SortedMap<String, String> headers =
                new TreeMap<>(Map.of("host", "examplebucket.s3.amazonaws.com", "x-amz-date", "20130524T000000Z"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }
}
