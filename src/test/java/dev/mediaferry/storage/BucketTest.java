package dev.mediaferry.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.storage.Bucket.Listed;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;

@Tag("slow")
class BucketTest {

    /** Keys that a store lists at once. */
    private static final int PAGE = 1000;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    /** Memory that grew with the bucket would show in a bucket of millions only. */
    @Test
    void asksForAPageOnlyWhenItIsNeeded() {
        IntStream.range(0, PAGE).parallel().forEach(i -> put("photos/%04d.jpg".formatted(i)));
        put("photos/later.jpg");
        try (Bucket bucket = Bucket.open(StorageSettings.of(SANDBOX.settings()), 2)) {
            Iterator<Listed> listing = bucket.list(List.of("photos/", "videos/"), "");
            assertThat(listing.next().key()).isEqualTo("photos/0000.jpg");
            SANDBOX.bucket().deleteObject(request -> request.bucket(SANDBOX.bucketName())
                    .key("photos/later.jpg"));
            put("photos/latest.jpg");
            put("videos/1.mp4");
            assertThat(listing)
                    .toIterable()
                    .extracting(Listed::key)
                    .hasSize(PAGE + 1)
                    .endsWith("photos/0999.jpg", "photos/latest.jpg", "videos/1.mp4");
        }
    }

    private static void put(String key) {
        SANDBOX.bucket()
                .putObject(request -> request.bucket(SANDBOX.bucketName()).key(key), RequestBody.fromBytes(new byte[] {1
                }));
    }
}
