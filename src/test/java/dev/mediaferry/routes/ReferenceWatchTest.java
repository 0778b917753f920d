package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SeedTables;
import dev.mediaferry.observe.ReferenceMetrics;
import dev.mediaferry.reference.Finding;
import dev.mediaferry.reference.ReferenceObserver;
import dev.mediaferry.reference.ReferenceReport;
import dev.mediaferry.reference.ReferenceStatus;
import dev.mediaferry.reference.ReferenceWork;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A contract for a while ends by itself, and who uses an old column is seen. */
@Tag("slow")
class ReferenceWatchTest {

    private static final String POST = "post-image";
    private static final Map<String, String> ACCEPTED =
            Map.of("soak", "a test", "readers-unseen", "a test", "old-writes", "a test");
    private static final Duration LONG = Duration.ofHours(1);

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.public-url", SeedTables.PUBLIC);

    private static Engine engine;

    private ReferenceWork work;

    @BeforeEach
    void begin() {
        SANDBOX.engine();
        SeedTables.create(SANDBOX, 600, 200);
        engine = engine == null ? SANDBOX.keep(SANDBOX.engine(SeedTables.POST_IMAGE)) : engine;
        work = engine.references();
        work.expand(POST);
        work.backfill(POST, OptionalLong.empty(), OptionalInt.of(100));
    }

    @Test
    void endsAContractForAWhileByItself() throws Exception {
        work.verify(POST, false);
        SANDBOX.execute("update mediaferry.reference set soak_from = now() - interval '8 days'");

        CompletableFuture<ReferenceReport> ending =
                CompletableFuture.supplyAsync(() -> work.brownOut(POST, ACCEPTED, Duration.ofSeconds(10)));

        Awaitility.await().until(() -> columns().contains("image_key~retired"));
        assertThat(status().until()).isNotNull();
        assertThat(status().state()).isEqualTo("retired");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> work.finish(POST))
                .withMessageContaining("retired for a while only (--until)");
        assertThat(ending.get().state()).isEqualTo("filled");
        assertThat(columns()).contains("image_key").doesNotContain("image_key~retired");
        assertThat(status().until()).isNull();
        // Trying it costs no soak.
        assertThat(work.verify(POST, false).findings()).isEmpty();
        assertThat(work.contract(POST, Map.of()).refused())
                .extracting(Finding::clause)
                .containsExactly("readers-unseen");
    }

    @Test
    void endsWhatAKilledProcessHasLeftBeforeAnythingElse() {
        work.verify(POST, false);
        CompletableFuture<ReferenceReport> abandoned =
                CompletableFuture.supplyAsync(() -> work.brownOut(POST, ACCEPTED, LONG));
        Awaitility.await().until(() -> status().state().equals("retired"));
        SANDBOX.execute("update mediaferry.reference set until = now() - interval '1 s'");

        assertThat(work.verify(POST, false).proved()).isTrue();

        assertThat(columns()).contains("image_key");
        assertThat(abandoned.join().state()).isIn("filled", "proved");
        // One that died after it said how long, and before it did anything.
        SANDBOX.execute("update mediaferry.reference set until = now() - interval '1 s'");
        work.endOverdue();
        assertThat(status().until()).isNull();
        assertThat(status().state()).isEqualTo("proved");
    }

    @Test
    void staysRetiredWhenItIsContractedForGoodMeanwhile() {
        work.verify(POST, false);
        CompletableFuture<ReferenceReport> waiting =
                CompletableFuture.supplyAsync(() -> work.brownOut(POST, ACCEPTED, LONG));
        Awaitility.await().until(() -> status().state().equals("retired"));

        assertThat(work.contract(POST, Map.of()).state()).isEqualTo("retired");

        assertThat(waiting.join().state()).isEqualTo("retired");
        assertThat(status().until()).isNull();
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> work.brownOut(POST, ACCEPTED, LONG))
                .withMessageContaining("post-image is retired for good");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> work.brownOut(POST, ACCEPTED, Duration.ofSeconds(9)))
                .withMessageContaining("--until must be from 10s to 24h");
    }

    @Test
    void seesWhoUsesTheOldSideAndHowFarItIs() throws Exception {
        ReferenceObserver observer = new ReferenceObserver(
                engine.services().database(), () -> engine.cases().references().tables());
        ReferenceMetrics metrics = new ReferenceMetrics(new SimpleMeterRegistry());
        work.verify(POST, false);
        observer.observe();
        try (Connection client = SANDBOX.connect();
                Statement statement = client.createStatement()) {
            statement.execute("set application_name = 'old shop'");
            statement.execute("update posts set image_key = 'k94.jpg' where id = 'p000014'");

            List<ReferenceObserver.Gauge> gauges = observer.observe();

            metrics.observed(gauges);
            assertThat(metrics.states()).containsEntry(POST, "proved");
            assertThat(gauges).singleElement().satisfies(gauge -> {
                assertThat(gauge.oldWrites()).isEqualTo(1);
                assertThat(gauge.filled()).isGreaterThan(400);
                assertThat(gauge.overdue()).isFalse();
            });
        }
        assertThat(status().uses())
                .extracting(ReferenceStatus.Use::side, ReferenceStatus.Use::application, ReferenceStatus.Use::calls)
                .contains(tuple("session", "old shop", 1L), tuple("writes", "", 1L));
        assertThat(work.contract(POST, Map.of()).refused())
                .filteredOn(finding -> finding.clause().equals("old-writes"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.samples().toString()).contains("postgres (old shop)"));
        SANDBOX.execute("update mediaferry.reference set until = now() - interval '1 h'");
        metrics.observed(observer.observe());
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(metrics::states)
                .withMessageContaining("the contract of post-image ought to have ended");
    }

    @Test
    void showsWhomAnIndexWaitsFor() throws Exception {
        work.revert(POST, false);
        try (Connection old = SANDBOX.connect();
                Statement statement = old.createStatement()) {
            old.setAutoCommit(false);
            statement.execute("set application_name = 'a report'");
            statement.execute("update storage set file_key = file_key where id = 's1'");
            CompletableFuture<ReferenceReport> expanding = CompletableFuture.supplyAsync(() -> work.expand(POST));
            try {
                Awaitility.await()
                        .until(() -> status().building() != null
                                && status().building().contains("waits for"));
                assertThat(status().building()).contains("(a report)").contains("update storage");
            } finally {
                old.rollback();
            }
            assertThat(expanding.get().state()).isEqualTo("expanded");
        }
    }

    private static ReferenceStatus status() {
        return engine.cases().references().status(List.of(POST)).get(0);
    }

    private static List<String> columns() {
        return SANDBOX.sql()
                .sql("select attname::text from pg_attribute where attrelid = 'posts'::regclass and not attisdropped")
                .query(String.class)
                .list();
    }
}
