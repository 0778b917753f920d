package dev.mediaferry.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.SmallStore;
import dev.mediaferry.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** A bucket with default Object Lock takes nothing without a checksum. */
class ObjectLockTest {

    private static final byte[] BYTES = "bytes".getBytes(StandardCharsets.UTF_8);

    private SmallStore store;
    private S3Client client;

    @BeforeEach
    void open() throws Exception {
        store = new SmallStore();
        store.requireDigests();
        Map<String, String> settings = new TreeMap<>();
        List<String> given = store.settings("media");
        for (int i = 0; i < given.size(); i += 2) {
            settings.put("mediaferry." + given.get(i), given.get(i + 1));
        }
        client = ObjectStore.client(StorageSettings.of(Settings.load(null, Map.of(), settings)), 2);
    }

    @AfterEach
    void close() {
        client.close();
        store.close();
    }

    @Test
    void asksOnceAndSendsTheMd5FromThenOn() {
        put("a", null);
        int first = store.requests().size();
        put("b", null);
        assertThat(store.resources()).contains("/media/a", "/media/b");
        assertThat(store.requests()).hasSize(first + 1);
    }

    @Test
    void sendsItWithWhatTheSdkPuts() {
        put("a", "kind=test");
        put("b", "kind=test");
        assertThat(store.resources()).contains("/media/a", "/media/b");
    }

    /** @param tags which only the SDK knows how to send; or null */
    private void put(String key, String tags) {
        client.putObject(
                request -> request.bucket("media")
                        .key(key)
                        .tagging(tags)
                        .metadata(Map.of("sha256", "277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9")),
                RequestBody.fromBytes(BYTES));
    }
}
