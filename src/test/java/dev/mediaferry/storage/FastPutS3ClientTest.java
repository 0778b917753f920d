package dev.mediaferry.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.content.Digests;
import dev.mediaferry.fixture.Gate;
import dev.mediaferry.fixture.Sandbox;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

class FastPutS3ClientTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final Gate GATE =
            new Gate(URI.create(SANDBOX.settings().text("storage.endpoint")).getPort());

    private static final S3Client CLIENT = ObjectStore.client(
            StorageSettings.of(SANDBOX.settings("storage.endpoint", "http://127.0.0.1:" + GATE.port())), 2);

    @AfterAll
    static void close() throws Exception {
        CLIENT.close();
        GATE.close();
    }

    /** A round trip more is half of what it takes to store a picture in a store that is far away. */
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "1048576, 0", "1048577, 1"})
    void asksFirstWhetherALargeBodyIsWanted(int length, int times) {
        int before = GATE.continues();
        put("object", new byte[length]);
        assertThat(SANDBOX.object("object")).hasSize(length);
        assertThat(GATE.continues() - before).isEqualTo(times);
    }

    @Test
    void sendsAgainWhoseAnswerWasLost() {
        GATE.loseAnswers(1);
        put("object", new byte[10]);
        assertThat(SANDBOX.object("object")).hasSize(10);
    }

    private static void put(String key, byte[] bytes) {
        CLIENT.putObject(
                request -> request.bucket(SANDBOX.bucketName())
                        .key(key)
                        .cacheControl("public")
                        .contentType("image/jpeg")
                        .contentLength((long) bytes.length)
                        .metadata(Map.of(FastPutS3Client.SHA256, Digests.sha256(bytes))),
                RequestBody.fromBytes(bytes));
    }
}
