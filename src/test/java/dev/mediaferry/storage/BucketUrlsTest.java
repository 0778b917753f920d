package dev.mediaferry.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.settings.Settings;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketUrlsTest {

    private final BucketUrls aws = ours("region", "eu-central-1");
    private final BucketUrls minio =
            ours("endpoint", "http://minio.internal:9000/s3", "public-url", "https://cdn.example.com/m");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://my.media/a/b.jpg",
                "https://my.media.s3.eu-central-1.amazonaws.com/a.jpg",
                "http://my.media.s3.eu-central-1.amazonaws.com/a.jpg",
                "https://MY.MEDIA.S3.EU-CENTRAL-1.AMAZONAWS.COM/a.jpg",
                "https://my.media.s3-eu-central-1.amazonaws.com/a.jpg",
                "https://my.media.s3.us-west-2.amazonaws.com/a.jpg",
                "https://my.media.s3.amazonaws.com/a.jpg?X-Amz-Signature=x",
                "https://my.media.s3.dualstack.eu-central-1.amazonaws.com/a.jpg",
                "https://my.media.s3-accelerate.amazonaws.com/a.jpg",
                "https://my.media.s3-accelerate.dualstack.amazonaws.com/a.jpg",
                "https://my.media.s3-fips.us-east-1.amazonaws.com/a.jpg",
                "https://my.media.s3-fips.dualstack.us-east-1.amazonaws.com/a.jpg",
                "https://my.media.s3-website-us-east-1.amazonaws.com/a.jpg",
                "https://my.media.s3-website.eu-central-1.amazonaws.com/a.jpg",
                "https://my.media.s3.cn-north-1.amazonaws.com.cn/a.jpg",
                "https://s3.eu-central-1.amazonaws.com/my.media/a.jpg",
                "https://s3-eu-central-1.amazonaws.com/my.media/a.jpg",
                "https://s3.amazonaws.com/my.media/a.jpg",
                "https://s3.dualstack.eu-central-1.amazonaws.com/my.media/a.jpg",
                "https://s3-fips.dualstack.us-east-1.amazonaws.com/my.media/a.jpg",
            })
    void recogniseEveryAddressThatAwsHasHad(String link) {
        assertThat(aws.contain(link)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://my.media",
                "s3://my.media2/a.jpg",
                "s3://xmy.media/a.jpg",
                "https://my.media2.s3.eu-central-1.amazonaws.com/a.jpg",
                "https://xmy.media.s3.eu-central-1.amazonaws.com/a.jpg",
                "https://x.my.media.s3.eu-central-1.amazonaws.com/a.jpg",
                "https://myxmedia.s3.eu-central-1.amazonaws.com/a.jpg",
                "https://my.media.s3.eu-central-1.amazonaws.com.evil.example/a.jpg",
                "https://my.media.s3.eu-central-1.amazonaws.comevil.example/a.jpg",
                "https://my.media.s3xeu-central-1.amazonaws.com/a.jpg",
                "https://my.media.s3.evil.example/a.jpg",
                "https://my.media.ec2.eu-central-1.amazonaws.com/a.jpg",
                "https://s3.eu-central-1.amazonaws.com/my.media2/a.jpg",
                "https://s3.eu-central-1.amazonaws.com/myxmedia/a.jpg",
                "https://s3.eu-central-1.amazonaws.com/other/my.media/a.jpg",
                "https://s3.eu-central-1.amazonaws.com/my.media",
                "https://evil.example/?https://my.media.s3.amazonaws.com/a.jpg",
                "https://evil.example/my.media/a.jpg",
                "",
                "n/a",
            })
    void refuseLookAlikesOnAws(String link) {
        assertThat(aws.contain(link)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://my.media/a.jpg",
                "https://cdn.example.com/m/a.jpg",
                "http://CDN.example.com/m/a.jpg?x",
                "http://minio.internal:9000/s3/my.media/a.jpg",
                "http://my.media.minio.internal:9000/s3/a.jpg",
            })
    void recogniseThePublicUrlAndTheEndpointInBothStyles(String link) {
        assertThat(minio.contain(link)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://cdn.example.com/a.jpg",
                "https://cdn.example.com/media/a.jpg",
                "https://cdn.example.com/m",
                "https://cdn.example.com.evil.example/m/a.jpg",
                "https://cdnxexample.com/m/a.jpg",
                "https://x.cdn.example.com/m/a.jpg",
                "http://minio.internal:9000/my.media/a.jpg",
                "http://minio.internal:9000/s3/other/a.jpg",
                "http://minio.internal:9000/s3/my.media2/a.jpg",
                "http://other.minio.internal:9000/s3/a.jpg",
                "https://my.media.s3.amazonaws.com/a.jpg",
            })
    void refuseLookAlikesOnAnotherStore(String link) {
        assertThat(minio.contain(link)).isFalse();
    }

    @Test
    void recogniseVirtualHostsAsTheOwnAddress() {
        BucketUrls virtual = ours("endpoint", "https://fra1.digitaloceanspaces.com", "path-style", "false");
        assertThat(virtual.contain("https://my.media.fra1.digitaloceanspaces.com/a.jpg"))
                .isTrue();
        assertThat(virtual.contain("https://fra1.digitaloceanspaces.com/my.media/a.jpg"))
                .isTrue();
        assertThat(virtual.contain("https://other.fra1.digitaloceanspaces.com/a.jpg"))
                .isFalse();
    }

    @Test
    void askTheDatabaseOnlyForWhatIsOurs() {
        assertThat(ours(
                                "endpoint",
                                "http://localhost:9000",
                                "bucket",
                                "my_media",
                                "public-url",
                                "https://c.example/100%25")
                        .likePatterns())
                .containsExactly(
                        "s3://my\\_media/%", "https://c.example/100\\%25/%", "http://localhost:9000/my\\_media/%");
    }

    private static BucketUrls ours(String... keyValues) {
        Map<String, String> settings = new HashMap<>(Map.of("mediaferry.storage.bucket", "my.media"));
        for (int i = 0; i < keyValues.length; i += 2) {
            settings.put("mediaferry.storage." + keyValues[i], keyValues[i + 1]);
        }
        return new BucketUrls(StorageSettings.of(Settings.load(null, Map.of(), settings)));
    }
}
