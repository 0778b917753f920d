package dev.mediaferry.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.content.Digests;
import dev.mediaferry.fixture.Gate;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SmallStore;
import dev.mediaferry.fixture.SmallStore.Conditions;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
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

    @Test
    void createsNoObjectWhereAnotherOneIs() {
        put("theirs", new byte[10]);
        assertThatExceptionOfType(KeyTakenException.class).isThrownBy(() -> create(CLIENT, "theirs", 1, new byte[11]));
        assertThat(SANDBOX.object("theirs")).hasSize(10);
        create(CLIENT, "ours", 1, new byte[12]);
        assertThatExceptionOfType(KeyTakenException.class).isThrownBy(() -> create(CLIENT, "theirs", 2, new byte[11]));
        assertThatExceptionOfType(KeyTakenException.class).isThrownBy(() -> create(CLIENT, "ours", 3, new byte[12]));
        assertThat(SANDBOX.object("theirs")).hasSize(10);
    }

    @Test
    void knowsItsOwnObjectWhenTheAnswerToItsCreationWasLost() {
        create(CLIENT, "first", 1, new byte[1]);
        GATE.loseAnswers(1);
        String etag = create(CLIENT, "second", 2, new byte[10]);
        assertThat(SANDBOX.head("second").eTag()).isEqualTo(etag);
    }

    @Test
    void replacesWhatTheSameTransferHasStoredOfOtherBytes() {
        create(CLIENT, "again", 1, new byte[10]);
        create(CLIENT, "again", 1, new byte[11]);
        assertThat(SANDBOX.object("again")).hasSize(11);
    }

    @Test
    void createsNoLargeObjectWhereAnotherOneIs() {
        put("large", new byte[10]);
        byte[] large = new byte[(int) ObjectStore.LARGEST_PUT + 1];
        assertThatExceptionOfType(KeyTakenException.class).isThrownBy(() -> create(CLIENT, "large", 1, large));
        assertThat(SANDBOX.object("large")).hasSize(10);
        create(CLIENT, "larger", 1, large);
        assertThat(SANDBOX.head("larger").contentLength()).isEqualTo(large.length);
    }

    @ParameterizedTest
    @EnumSource(names = {"IGNORED", "NOT_IMPLEMENTED"})
    void asksBeforeEachPutWhereTheStoreDoesNotKnowTheCondition(Conditions conditions) throws Exception {
        try (SmallStore store = new SmallStore();
                S3Client client = ObjectStore.client(
                        StorageSettings.of(
                                SANDBOX.settings(store.settings("bucket").toArray(String[]::new))),
                        2)) {
            store.conditions(conditions);
            store.put("/bucket/theirs", "theirs");
            create(client, "bucket", "one", 1, new byte[1]);
            create(client, "bucket", "two", 2, new byte[2]);
            assertThatExceptionOfType(KeyTakenException.class)
                    .isThrownBy(() -> create(client, "bucket", "theirs", 3, new byte[3]));
            assertThat(store.body("/bucket/theirs")).isEqualTo("theirs");
            assertThat(store.body("/bucket/one")).hasSize(1);
            assertThat(store.requests().stream().filter(request -> request.endsWith("two")))
                    .containsExactly("HEAD /bucket/two", "PUT /bucket/two");
        }
    }

    @Test
    void sparesTheQuestionOnceTheStoreHasKeptToTheCondition() throws Exception {
        try (SmallStore store = new SmallStore();
                S3Client client = ObjectStore.client(
                        StorageSettings.of(
                                SANDBOX.settings(store.settings("bucket").toArray(String[]::new))),
                        2)) {
            create(client, "bucket", "one", 1, new byte[1]);
            create(client, "bucket", "two", 2, new byte[2]);
            assertThat(store.requests())
                    .containsExactly("HEAD /bucket/one", "PUT /bucket/one", "PUT /bucket/one", "PUT /bucket/two");
        }
    }

    private static String create(S3Client client, String key, long transfer, byte[] bytes) {
        return create(client, SANDBOX.bucketName(), key, transfer, bytes);
    }

    private static String create(S3Client client, String bucket, String key, long transfer, byte[] bytes) {
        Map<String, String> metadata = Map.of(
                FastPutS3Client.SHA256,
                Digests.sha256(bytes),
                Provenance.LEDGER,
                "3f8c5a52-0d5c-4c1c-9b1e-0c5c7f2f3b11",
                Provenance.TRANSFER,
                Long.toString(transfer));
        return client.putObject(
                        request -> request.bucket(bucket)
                                .key(key)
                                .ifNoneMatch("*")
                                .contentLength((long) bytes.length)
                                .metadata(metadata),
                        RequestBody.fromBytes(bytes))
                .eTag();
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
