package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.engine.ImpatientEngine;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.FieldReport;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A run that lasts reads its columns again, so that what is added is not left until it ends. */
@Tag("slow")
class LongRunTest {

    /** At 20 rows a second. */
    private static final int ROWS = 160;

    private static final Duration SHORT = Duration.ofMillis(500);

    /** So that most rows wait in the queue to the end. */
    private static final RunOptions SMALL_STEPS =
            new RunOptions(List.of(), false, OptionalLong.empty(), OptionalInt.of(10), false);

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("fetch.delay-per-host", "50ms");

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void movesAnUrgentLinkThatIsInsertedMeanwhileBeforeTheOthers() throws Exception {
        rows();
        SANDBOX.photo("gone", UnrulyCdn.until(CDN.answering(404), Instant.now().plusSeconds(900)));
        try (Engine engine = engine()) {
            Future<RunReport> run = threads.submit(() -> engine.migrate(SMALL_STEPS));
            Awaitility.await().until(() -> linked() > 5);
            SANDBOX.photo("urgent", UnrulyCdn.until(CDN.picture(), Instant.now().plusSeconds(600)));
            Awaitility.await().until(() -> SANDBOX.url("urgent").contains(SANDBOX.bucketName()));
            long before = linked();
            RunReport report = run.get(60, TimeUnit.SECONDS);

            // Besides those that were claimed already.
            assertThat(before).isLessThan(ROWS - 40);
            assertReport(report, ROWS + 2);
            assertThat(report.migrated()).isEqualTo(ROWS + 1);
            assertThat(report.dead()).hasToString("{gone=1}");
            assertThat(report.skipped()).containsEntry("ours", 0L);
            assertThat(report.left()).isEmpty();
            assertThat(SANDBOX.transfers()).isEqualTo(ROWS + 2);
            assertThat(CDN.requests()).isEqualTo(ROWS + 2);
        }
    }

    @Test
    void ends() {
        SANDBOX.photo("1", CDN.picture());
        try (Engine engine = ImpatientEngine.start(SANDBOX.settings(), Sandbox.REGISTRY, Duration.ZERO)) {
            assertReport(engine.migrate(SMALL_STEPS), 1);
            assertReport(engine.migrate(SMALL_STEPS), 0);
        }
    }

    @Test
    void sharesWhatIsInsertedMeanwhileWithAnotherProcess() throws Exception {
        rows();
        try (Engine one = engine();
                Engine other = engine()) {
            Future<RunReport> run = threads.submit(() -> one.migrate(SMALL_STEPS));
            Awaitility.await().until(() -> linked() > 5);
            Future<RunReport> second = threads.submit(() -> other.migrate(SMALL_STEPS));
            for (int i = 0; i < 10; i++) {
                SANDBOX.photo(
                        "urgent" + i,
                        UnrulyCdn.until(CDN.picture(), Instant.now().plusSeconds(600)));
            }
            RunReport first = run.get(60, TimeUnit.SECONDS);
            RunReport last = second.get(60, TimeUnit.SECONDS);

            assertThat(first.adds()).isTrue();
            assertThat(last.adds()).isTrue();
            // What the first moves after the other has read it, for the first time, is planned once more and
            // superseded.
            assertThat(first.found() + last.found() - first.superseded() - last.superseded())
                    .isEqualTo(ROWS + 10);
            assertThat(first.migrated() + last.migrated()).isEqualTo(ROWS + 10);
            assertThat(CDN.requests()).isEqualTo(ROWS + 10);
        }
    }

    @Test
    void takesNoMoreThanALimitAllows() throws Exception {
        rows();
        try (Engine engine = engine()) {
            Future<RunReport> run = threads.submit(() ->
                    engine.migrate(new RunOptions(List.of(), false, OptionalLong.of(40), OptionalInt.empty(), false)));
            Awaitility.await().until(() -> linked() > 5);
            SANDBOX.photo("urgent", UnrulyCdn.until(CDN.picture(), Instant.now().plusSeconds(600)));
            assertReport(run.get(60, TimeUnit.SECONDS), 40);
            assertThat(SANDBOX.url("urgent")).contains(CDN.authority());
        }
    }

    private static void assertReport(RunReport report, long found) {
        assertThat(report.found()).isEqualTo(found);
        assertThat(report.adds()).isTrue();
        FieldReport field = report.fields().get(0);
        assertThat(field.found())
                .isEqualTo(field.migrated()
                        + field.superseded()
                        + field.waiting()
                        + report.dead().values().stream()
                                .mapToLong(Long::longValue)
                                .sum());
    }

    private static Engine engine() {
        return ImpatientEngine.start(SANDBOX.settings(), Sandbox.REGISTRY, SHORT);
    }

    private static void rows() {
        for (int i = 0; i < ROWS; i++) {
            SANDBOX.photo(
                    "row" + i, UnrulyCdn.until(CDN.picture(), Instant.now().plusSeconds(100_000 + i)));
        }
    }

    private static long linked() {
        return SANDBOX.sql()
                .sql("select count(*) from mediaferry.transfer where state = 'linked'")
                .query(Long.class)
                .single();
    }
}
