package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mediaferry.fixture.Gate;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.fixture.UnsortedStore;
import dev.mediaferry.rollback.RollbackOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/** What verify reports of a database, a ledger and a bucket that do not agree. */
@Tag("slow")
class VerifyCommandTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @RegisterExtension
    final CapturedOutput output = new CapturedOutput();

    @TempDir
    private Path directory;

    @BeforeEach
    void moveTwo() {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.photo("2", CDN.picture());
        SANDBOX.migrate();
    }

    @Test
    void findsNothingWhereEverythingAgrees() throws Exception {
        SANDBOX.photo("waiting", CDN.answering(500));
        SANDBOX.photo("dead", CDN.answering(404));
        SANDBOX.migrate();
        JsonNode report = verify(0, "--deep");
        assertThat(report.path("objects").asInt()).isEqualTo(2);
        assertThat(report.path("read").asInt()).isEqualTo(2);
        assertThat(report.path("findings")).isEmpty();
    }

    @Test
    void findsAnObjectThatIsMissing() throws Exception {
        SANDBOX.bucket()
                .deleteObject(request -> request.bucket(SANDBOX.bucketName()).key(key("1")));
        assertThat(found(verify(1))).containsExactly("missing-object Photo.url:1");
    }

    @Test
    void findsAnObjectOfAnotherSize() throws Exception {
        put(key("1"), new byte[] {1, 2, 3});
        assertThat(found(verify(1))).containsExactly("wrong-size Photo.url:1");
    }

    @Test
    void findsOtherBytesOfTheSameSizeByTheirTagAlone() throws Exception {
        byte[] bytes = SANDBOX.object(key("1"));
        bytes[bytes.length / 2] ^= 1;
        put(key("1"), bytes);
        assertThat(found(verify(1))).containsExactly("wrong-bytes Photo.url:1");
    }

    @Test
    void findsOtherBytesUnderTheSameTagWhenItReadsThem() throws Exception {
        byte[] bytes = SANDBOX.object(key("1"));
        bytes[bytes.length / 2] ^= 1;
        put(key("1"), bytes);
        String etag = SANDBOX.head(key("1")).eTag();
        SANDBOX.sql()
                .sql("update mediaferry.transfer set etag = ? where row_key = '1'")
                .param(etag)
                .update();
        assertThat(found(verify(0))).isEmpty();
        assertThat(found(verify(1, "--deep"))).containsExactly("wrong-bytes Photo.url:1");
        assertThat(found(verify(0, "--sample", "0"))).isEmpty();
    }

    @Test
    void findsAnObjectOfAnotherType() throws Exception {
        byte[] bytes = SANDBOX.object(key("1"));
        SANDBOX.bucket()
                .putObject(
                        request -> request.bucket(SANDBOX.bucketName())
                                .key(key("1"))
                                .contentType("text/html"),
                        RequestBody.fromBytes(bytes));
        assertThat(found(verify(1, "--deep"))).containsExactly("wrong-type Photo.url:1");
    }

    @Test
    void findsAPointerThatTheLedgerDoesNotKnow() throws Exception {
        SANDBOX.photo("copy", SANDBOX.url("1"));
        assertThat(found(verify(1))).containsExactly("pointer-without-ledger Photo.url:copy");
    }

    @Test
    void findsATransferWhosePointerIsGone() throws Exception {
        SANDBOX.execute("update \"Photo\" set url = 'mine' where id = '2'");
        assertThat(found(verify(1))).containsExactly("ledger-without-pointer Photo.url:2");
    }

    @Test
    void findsObjectsWithoutAnOwnerOnceTheyAreOldEnough() throws Exception {
        put("photos/0/nobody.jpg", Pictures.jpeg(7));
        put(key("1").replace(".jpg", ".png"), Pictures.png(7));
        put("elsewhere/nobody.jpg", Pictures.jpeg(7));
        assertThat(found(verify(0))).isEmpty();
        SANDBOX.ageObjects();
        assertThat(found(verify(1))).containsExactlyInAnyOrder("object-without-owner -", "duplicate -");
    }

    @Test
    void takesAnObjectUnderTheOpenKeyOfAWaitingRowForOwned() throws Exception {
        String key = "photos/3/1-abc.jpg";
        put(key, Pictures.jpeg(7));
        SANDBOX.execute(
                "insert into mediaferry.transfer (entry, row_key, source, host, object_key, state, object_state)"
                        + " values ('Photo.url', '3', 's', 'h', 'photos/3/1-abc.{ext}', 'waiting', 'unknown')");
        SANDBOX.ageObjects();
        assertThat(found(verify(0))).isEmpty();
    }

    @Test
    void looksAtOneRunOnly() throws Exception {
        String run = SANDBOX.transfer("1").get("run").toString();
        SANDBOX.photo("3", CDN.picture());
        SANDBOX.migrate();
        put(key("3"), new byte[] {1});
        put(key("2"), new byte[] {1});
        JsonNode report = verify(1, "--run", run);
        assertThat(report.path("objects").asInt()).isEqualTo(2);
        assertThat(found(report)).containsExactly("wrong-size Photo.url:2");
    }

    @Test
    void goesOnWhereItWasInterrupted() throws Exception {
        put(key("1"), new byte[] {1});
        put(key("2"), new byte[] {1});
        Path home = SANDBOX.settings().path("home");
        Files.createDirectories(home);
        Files.writeString(
                home.resolve("verify.json"),
                "{\"scope\":\"field=* run=* sample=0.0\",\"key\":\"" + key("1")
                        + "\",\"objects\":1,\"read\":0,\"counts\":{\"wrong-size\":1}}");

        assertThat(MediaferryCommand.execute(line("verify", "--deep", "--resume")))
                .isEqualTo(2);
        assertThat(output.err()).contains("had other options");
        output.reset();
        JsonNode report = verify(1, "--resume");
        assertThat(found(report)).containsExactly("wrong-size Photo.url:2");
        assertThat(report.path("objects").asInt()).isEqualTo(2);
        assertThat(report.path("counts").path("wrong-size").asInt()).isEqualTo(2);
        output.reset();
        assertThat(MediaferryCommand.execute(line("verify", "--resume"))).isEqualTo(2);
        assertThat(output.err()).contains("no verification was interrupted");
    }

    @Test
    void printsALinePerFinding() throws Exception {
        put(key("1"), new byte[] {1});
        assertThat(MediaferryCommand.execute(line("verify"))).isEqualTo(1);
        assertThat(output.out().lines())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("wrong-size").contains("Photo.url:1"),
                        last -> assertThat(last).isEqualTo("2 objects compared, 0 of them read: wrong-size 1"));
    }

    @Test
    void comparesNothingWithABucketThatListsInNoOrder() throws Exception {
        try (UnsortedStore store = new UnsortedStore("photos/2/b.jpg", "photos/1/a.jpg")) {
            List<String> line = new ArrayList<>(List.of("verify"));
            line.addAll(SANDBOX.options(directory, Sandbox.REGISTRY, "storage.endpoint", store.endpoint()));
            assertThat(MediaferryCommand.execute(line.toArray(String[]::new))).isEqualTo(2);
        }
        assertThat(output.err()).contains("lists keys in no order (photos/1/a.jpg after photos/2/b.jpg)");
    }

    @Test
    void reportsNothingThatTheLedgerNoLongerSaysWhenItIsAboutToSaySo() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Gate store = new Gate(
                        URI.create(SANDBOX.settings().text("storage.endpoint")).getPort());
                Connection user = SANDBOX.connect();
                Statement statement = user.createStatement()) {
            List<String> line = new ArrayList<>(List.of("verify"));
            line.addAll(SANDBOX.options(
                    directory, Sandbox.REGISTRY, "storage.endpoint", "http://127.0.0.1:" + store.port()));
            user.setAutoCommit(false);
            statement.execute("lock table \"Photo\" in access exclusive mode");
            Future<Integer> verify = thread.submit(() -> MediaferryCommand.execute(line.toArray(String[]::new)));
            Awaitility.await().until(() -> SANDBOX.sql()
                    .sql("select exists (select from pg_locks where not granted)")
                    .query(Boolean.class)
                    .single());
            store.stall();
            user.rollback();
            // Now the verification knows the ledger, and has asked for the bucket's listing.
            Awaitility.await().until(store::isHolding);
            assertThat(SANDBOX.engine()
                            .rollback(new RollbackOptions(
                                    OptionalLong.empty(),
                                    Optional.of("Photo.url"),
                                    Optional.empty(),
                                    Optional.empty(),
                                    false,
                                    true))
                            .objectsRemoved())
                    .isEqualTo(2);
            store.open();
            assertThat(verify.get(30, TimeUnit.SECONDS)).as(output.out()).isZero();
        } finally {
            thread.shutdownNow();
        }
    }

    private JsonNode verify(int exitCode, String... more) throws Exception {
        output.reset();
        List<String> options = new ArrayList<>(List.of(more));
        options.add("--json");
        options.add(0, "verify");
        assertThat(MediaferryCommand.execute(line(options.toArray(String[]::new))))
                .as(output.err() + output.out())
                .isEqualTo(exitCode);
        return new ObjectMapper().readTree(output.out());
    }

    private String[] line(String... options) throws Exception {
        List<String> line = new ArrayList<>(List.of(options));
        line.addAll(SANDBOX.options(directory, Sandbox.REGISTRY));
        return line.toArray(String[]::new);
    }

    private static List<String> found(JsonNode report) {
        List<String> found = new ArrayList<>();
        report.path("findings").forEach(finding -> {
            String field = finding.path("field").asText();
            found.add(finding.path("kind").asText() + " "
                    + (field.isEmpty() ? "-" : field + ":" + finding.path("id").asText()));
        });
        return found;
    }

    private static String key(String id) {
        return (String) SANDBOX.transfer(id).get("object_key");
    }

    private static void put(String key, byte[] bytes) {
        SANDBOX.bucket()
                .putObject(
                        request -> request.bucket(SANDBOX.bucketName()).key(key).contentType("image/jpeg"),
                        RequestBody.fromBytes(bytes));
    }
}
