package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.fixture.Gate;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a run when the bucket goes away in the middle of it. */
@Tag("slow")
class OutageTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();
    private static final Gate STORE =
            new Gate(URI.create(SANDBOX.settings().text("storage.endpoint")).getPort());

    private static Engine engine;

    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    private static Engine engine() {
        if (engine == null) {
            engine = SANDBOX.keep(
                    SANDBOX.engine(Sandbox.REGISTRY, "storage.endpoint", "http://127.0.0.1:" + STORE.port()));
        }
        return engine;
    }

    @AfterEach
    void openTheGates() {
        STORE.open();
        thread.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({"503 Slow Down, 8", "500 Internal Server Error, 2"})
    void triesAgainWhileTheStoreIsBusy(String answer, int times) {
        SANDBOX.photo("1", CDN.link((exchange, request) -> {
            if (request == 1) {
                STORE.answer(answer, times);
            }
            UnrulyCdn.send(exchange, 200, Pictures.jpeg(1));
        }));
        RunReport report = engine().migrate(RunOptions.ALL);
        assertThat(report.migrated()).isEqualTo(1);
        assertThat(SANDBOX.keys()).containsExactly(SANDBOX.key(SANDBOX.url("1")));
    }

    @Test
    void storesOneObjectWhenTheConnectionIsResetOnTheWay() throws Exception {
        Future<RunReport> run = run(stalling(1));
        Awaitility.await().until(STORE::isHolding);
        STORE.reset();
        assertMovedWithOneDownload(run);
    }

    @Test
    void storesOneObjectWhenTheAnswerToItIsLost() throws Exception {
        assertMovedWithOneDownload(run(CDN.link((exchange, request) -> {
            STORE.loseAnswers(1);
            UnrulyCdn.send(exchange, 200, Pictures.jpeg(2));
        })));
    }

    @Test
    void takesOverWhatWasStoredAlthoughNoAnswerCame() throws Exception {
        Future<RunReport> run = run(CDN.link((exchange, request) -> {
            STORE.loseAnswers(1000);
            UnrulyCdn.send(exchange, 200, Pictures.jpeg(3));
        }));
        Awaitility.await().until(() -> SANDBOX.sql()
                .sql("select count(*) from mediaferry.attempt where failure = 'storage-unavailable'")
                .query(Integer.class)
                .single()
                .equals(1));
        STORE.open();
        assertMovedWithOneDownload(run);
    }

    @Test
    void takesOverWhatWasStoredAlthoughTheStoreLetsNothingInAfterTheLostAnswer() {
        SANDBOX.photo("1", CDN.link((exchange, request) -> {
            STORE.loseAnswerThen("403 Forbidden");
            UnrulyCdn.send(exchange, request == 1 ? 200 : 404, Pictures.jpeg(5));
        }));
        assertThat(engine().migrate(RunOptions.ALL).waiting()).isEqualTo(1);
        assertThat(SANDBOX.outcome("1")).isEqualTo("waiting storage-denied");
        assertThat(SANDBOX.transfer("1")).containsEntry("object_state", "unknown");
        STORE.open();
        SANDBOX.execute("update mediaferry.transfer set due = now()");
        assertThat(engine().migrate(RunOptions.ALL).migrated()).isEqualTo(1);
        assertThat(CDN.requests()).isEqualTo(1);
    }

    @Test
    void writesTheKeyOfASharedObjectDownBeforeTheFirstByteIsStored() throws Exception {
        Engine shared = SANDBOX.engine(
                Sandbox.REGISTRY,
                "storage.key",
                "{folder}/{sha256}.{ext}",
                "storage.endpoint",
                "http://127.0.0.1:" + STORE.port());
        SANDBOX.photo("1", stalling(4));
        Future<RunReport> run = thread.submit(() -> shared.migrate(RunOptions.ALL));
        Awaitility.await().until(STORE::isHolding);
        assertThat(SANDBOX.keys()).isEmpty();
        assertThat(SANDBOX.transfer("1")).containsEntry("object_state", "unknown");
        String key = (String) SANDBOX.transfer("1").get("object_key");
        assertThat(key).matches("photos/[0-9a-f]{64}\\.jpg");
        STORE.open();
        assertThat(run.get(30, TimeUnit.SECONDS).migrated()).isEqualTo(1);
        assertThat(SANDBOX.keys()).containsExactly(key);
    }

    @Test
    void saysWhatIsWrongWhenTheBucketIsRemovedInTheMiddleOfARun() {
        String link = CDN.link((exchange, request) -> {
            SANDBOX.bucket().deleteBucket(bucket -> bucket.bucket(SANDBOX.bucketName()));
            UnrulyCdn.send(exchange, 200, Pictures.jpeg(1));
        });
        SANDBOX.photo("1", link);
        try {
            assertThat(engine().migrate(RunOptions.ALL).waiting()).isEqualTo(1);
        } finally {
            SANDBOX.bucket().createBucket(bucket -> bucket.bucket(SANDBOX.bucketName()));
        }
        assertThat(SANDBOX.outcome("1")).isEqualTo("waiting storage-denied");
        assertThat(SANDBOX.url("1")).isEqualTo(link);
    }

    @Test
    void leavesRowsWaitingWhenTheStoreStaysAway() {
        String link = CDN.link((exchange, request) -> {
            STORE.shut();
            UnrulyCdn.send(exchange, 200, Pictures.jpeg(1));
        });
        SANDBOX.photo("1", link);
        engine().migrate(RunOptions.ALL);
        assertThat(SANDBOX.outcome("1")).isEqualTo("waiting storage-unavailable");
        assertThat(SANDBOX.url("1")).isEqualTo(link);
    }

    @Test
    void saysWhatIsWrongWhenTheStoreLetsNothingIn() {
        SANDBOX.photo("1", CDN.link((exchange, request) -> {
            STORE.answer("403 Forbidden");
            UnrulyCdn.send(exchange, 200, Pictures.jpeg(1));
        }));
        assertThat(engine().migrate(RunOptions.ALL).waiting()).isEqualTo(1);
        assertThat(SANDBOX.outcome("1")).isEqualTo("waiting storage-denied");
    }

    @Test
    void refusesToStartWithoutTheBucket() {
        SANDBOX.photo("1", CDN.picture());
        assertThatThrownBy(() -> SANDBOX.engine(Sandbox.REGISTRY, "storage.bucket", "nowhere"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("mediaferry.storage.bucket")
                .hasMessageContaining("has no bucket 'nowhere'");
        assertThatThrownBy(() -> SANDBOX.engine(Sandbox.REGISTRY, "storage.secret-key", "wrong"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("mediaferry.storage.access-key");
        assertThatThrownBy(() -> SANDBOX.engine(Sandbox.REGISTRY, "storage.endpoint", "http://127.0.0.1:1"))
                .isInstanceOf(ServiceUnreachableException.class)
                .hasMessageContaining("cannot reach the object store");
        assertThat(CDN.requests()).isZero();
    }

    /** @return a link whose medium finds the store at a standstill */
    private static String stalling(int seed) {
        return CDN.link((exchange, request) -> {
            STORE.stall();
            UnrulyCdn.send(exchange, 200, Pictures.jpeg(seed));
        });
    }

    private Future<RunReport> run(String link) {
        SANDBOX.photo("1", link);
        Engine through = engine();
        return thread.submit(() -> through.migrate(RunOptions.ALL));
    }

    private static void assertMovedWithOneDownload(Future<RunReport> run) throws Exception {
        assertThat(run.get(60, TimeUnit.SECONDS).migrated()).isEqualTo(1);
        assertThat(SANDBOX.keys()).containsExactly(SANDBOX.key(SANDBOX.url("1")));
        assertThat(CDN.requests()).isEqualTo(1);
        assertThat(SANDBOX.head(SANDBOX.key(SANDBOX.url("1"))).metadata())
                .containsEntry("mediaferry-ledger", SANDBOX.ledgerId());
    }
}
