package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunReport;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the user's application notices of a run that works on its rows. How many rows: system property {@code crash.rows}. The
 * figures are printed.
 */
@Tag("slow")
class UserTrafficTest {

    private static final int ROWS = Integer.getInteger("crash.rows", 200);

    /** Generous: a machine that builds has other things to do. */
    private static final double LONGEST_P99_MILLIS = 500;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();

    @BeforeAll
    static void addAColumn() {
        SANDBOX.execute("alter table \"Photo\" add column views int not null default 0");
    }

    @AfterAll
    static void stop() {
        THREADS.shutdownNow();
    }

    @Test
    void hardlyNoticesARunThatWorksOnTheSameRows() throws Exception {
        for (int i = 0; i < ROWS; i++) {
            int seed = i;
            addPhoto(i, CDN.link((exchange, request) -> {
                TimeUnit.MILLISECONDS.sleep(20);
                UnrulyCdn.send(exchange, 200, Pictures.jpeg(seed));
            }));
        }
        SANDBOX.engine();
        Application before = new Application(THREADS, 1);
        Awaitility.await().until(() -> before.updates.get() >= 500);
        before.stop();

        Application application = new Application(THREADS, 2);
        RunReport report = SANDBOX.migrate();
        Awaitility.await().until(() -> application.updates.get() >= 500);
        application.stop();

        System.out.printf(
                "updates without a run: %s%nupdates during a run over %d rows in %.1f s: %s%n",
                before.describe(), ROWS, report.seconds(), application.describe());
        assertThat(application.percentile(99)).isLessThan(LONGEST_P99_MILLIS);
        assertThat(report.adds()).isTrue();
        Map<String, String> edits = new TreeMap<>(before.edits);
        edits.putAll(application.edits);
        edits.forEach((id, edit) -> assertThat(SANDBOX.url(id)).isEqualTo(edit));
        assertThat(SANDBOX.sql()
                        .sql("select sum(views) from \"Photo\"")
                        .query(Integer.class)
                        .single())
                .isEqualTo(before.views + application.views);
        List<String> pointers = SANDBOX.sql()
                .sql("select url from \"Photo\" where url like '%/photos/%'")
                .query(String.class)
                .list();
        assertThat(SANDBOX.keys())
                .containsAll(pointers.stream().map(SANDBOX::key).toList())
                .hasSize((int) report.migrated());
    }

    @Test
    void keepsNoTransactionOpenWhileDownloadsHang() throws Exception {
        AtomicBoolean release = new AtomicBoolean();
        for (int i = 0; i < 20; i++) {
            int seed = i;
            addPhoto(i, CDN.link((exchange, request) -> {
                Awaitility.await().untilTrue(release);
                UnrulyCdn.send(exchange, 200, Pictures.jpeg(seed));
            }));
        }
        SANDBOX.engine();
        Future<RunReport> run = THREADS.submit(() -> SANDBOX.migrate());
        try {
            Awaitility.await().until(() -> CDN.requests() == 20);
            Awaitility.await().during(1500, TimeUnit.MILLISECONDS).until(() -> SANDBOX.sql()
                    .sql("select count(*) from pg_stat_activity where datname = current_database()"
                            + " and application_name = 'mediaferry' and xact_start < now() - interval '1 second'")
                    .query(Integer.class)
                    .single()
                    .equals(0));
            assertThat(SANDBOX.sql()
                            .sql(
                                    "select count(*) from pg_locks l join pg_class c on c.oid = l.relation"
                                            + " where c.relname in ('Photo', 'transfer') and l.pid <> pg_backend_pid()"
                                            + " and l.database = (select oid from pg_database where datname = current_database())")
                            .query(Integer.class)
                            .single())
                    .isZero();
        } finally {
            release.set(true);
        }
        assertThat(run.get(30, TimeUnit.SECONDS).migrated()).isEqualTo(20);
    }

    private static void addPhoto(int number, String url) {
        SANDBOX.sql()
                .sql("insert into \"Photo\" (id, url) values (?, ?)")
                .params("row" + number, url)
                .update();
    }

    /** Counts views of random rows, and now and then replaces a link. */
    private static final class Application {
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicInteger updates = new AtomicInteger();
        private final Map<String, String> edits = new TreeMap<>();
        private final List<Long> nanos = new ArrayList<>();
        private final Random random;
        private final Future<?> thread;
        private int views;

        Application(ExecutorService threads, int seed) {
            random = new Random(seed);
            thread = threads.submit(() -> {
                work();
                return null;
            });
        }

        private void work() throws SQLException {
            try (Connection connection = SANDBOX.connect();
                    PreparedStatement view =
                            connection.prepareStatement("update \"Photo\" set views = views + 1 where id = ?");
                    PreparedStatement edit = connection.prepareStatement("update \"Photo\" set url = ? where id = ?")) {
                while (!over.get()) {
                    String id = "row" + random.nextInt(ROWS);
                    boolean edits = random.nextInt(50) == 0;
                    long start = System.nanoTime();
                    if (edits) {
                        String link = "https://example.com/" + updates.get();
                        edit.setString(1, link);
                        edit.setString(2, id);
                        edit.executeUpdate();
                        this.edits.put(id, link);
                    } else {
                        view.setString(1, id);
                        view.executeUpdate();
                        views++;
                    }
                    nanos.add(System.nanoTime() - start);
                    updates.incrementAndGet();
                }
            }
        }

        void stop() throws Exception {
            over.set(true);
            thread.get(20, TimeUnit.SECONDS);
            Collections.sort(nanos);
        }

        double percentile(double percent) {
            int at = (int) Math.min(nanos.size() - 1L, Math.round(nanos.size() * percent / 100));
            return nanos.get(at) / 1e6;
        }

        String describe() {
            return "%d, p50 %.2f ms, p99 %.2f ms, longest %.1f ms, %d links replaced"
                    .formatted(nanos.size(), percentile(50), percentile(99), percentile(100), edits.size());
        }
    }
}
