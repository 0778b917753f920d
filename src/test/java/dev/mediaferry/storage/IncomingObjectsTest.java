package dev.mediaferry.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.settings.Settings;
import dev.mediaferry.storage.IncomingObjects.Arrived;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/** A store that says one thing to HEAD and another to GET. */
class IncomingObjectsTest {

    private static final int THERE = 1_000_000;

    private final UnrulyCdn store = new UnrulyCdn();
    private final StorageSettings bucket = StorageSettings.of(Settings.load(
            null,
            Map.of(),
            Map.of(
                    "mediaferry.storage.endpoint", "http://" + store.authority(),
                    "mediaferry.storage.bucket", "bucket",
                    "mediaferry.storage.access-key", "key",
                    "mediaferry.storage.secret-key", "secret")));
    private final S3Client client = ObjectStore.client(bucket, 1);
    private final IncomingObjects objects = new IncomingObjects(() -> client, new Buckets(bucket, List.of()), null);

    @AfterEach
    void close() {
        client.close();
        store.close();
    }

    @Test
    void believesNoLengthThatTheBytesDoNotHave() {
        store.otherwise((exchange, request) -> answer(exchange, 10, true));
        Arrived arrived = look();
        assertThat(arrived.length()).isEqualTo(10);

        assertThat(objects.head(bucket, "a", arrived, 100)).isEmpty();
    }

    @Test
    void readsNoMoreThanItAskedForOfAStoreWithoutRanges() {
        store.otherwise((exchange, request) -> answer(exchange, THERE, true));

        Optional<byte[]> head = objects.head(bucket, "a", look(), 100);

        assertThat(head.orElseThrow()).hasSize(100);
    }

    @Test
    void believesNoLengthThatARangeDoesNotHave() {
        store.otherwise((exchange, request) -> answer(exchange, 500, false));

        assertThat(objects.head(bucket, "a", look(), 100)).isEmpty();
    }

    private Arrived look() {
        return objects.look(bucket, "a").orElseThrow();
    }

    /** @param said bytes, by HEAD */
    private static void answer(HttpExchange exchange, int said, boolean whole) throws Exception {
        exchange.getResponseHeaders().set("ETag", "\"e\"");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(said));
            exchange.sendResponseHeaders(200, -1);
        } else if (whole) {
            exchange.sendResponseHeaders(200, THERE);
            exchange.getResponseBody().write(new byte[THERE]);
        } else {
            exchange.getResponseHeaders().set("Content-Range", "bytes 0-99/" + THERE);
            exchange.sendResponseHeaders(206, 100);
            exchange.getResponseBody().write(new byte[100]);
        }
        exchange.close();
    }
}
