package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of the claims of a process that others have taken for dead. */
@Tag("slow")
class LostWorkersTest {

    private static final int ROWS = 12;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();
    private static final Duration LONG = Duration.ofSeconds(40);

    private static List<String> options;

    @BeforeAll
    static void writeOptions() throws Exception {
        String home = "target/test-home/" + SANDBOX.bucketName() + "/lost";
        options = SANDBOX.options(Path.of(home), Sandbox.REGISTRY, "home", home, "fetch.concurrency", "2");
    }

    @Test
    void takesBackWhatIsClaimedByAWorkerThatNobodyKnows() {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.engine();
        SANDBOX.sql()
                .sql("insert into mediaferry.transfer (entry, row_key, source, host, object_key, state, worker)"
                        + " values ('Photo.url', '1', ?, '127.0.0.1', 'photos/1/x.{ext}', 'claimed', 777777)")
                .param(SANDBOX.url("1"))
                .update();
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(1);
    }

    @Test
    void goesOnWhenAClaimWasTakenBackWhileItsMediumWasFetched() {
        SANDBOX.photo("1", CDN.link((exchange, request) -> {
            SANDBOX.execute("update mediaferry.transfer set state = 'waiting', worker = null, run = null,"
                    + " due = now() + interval '1 hour' where state = 'claimed' and row_key = '1'");
            UnrulyCdn.send(exchange, 200, Pictures.jpeg(1));
        }));
        SANDBOX.photo("2", CDN.picture());
        RunReport report = SANDBOX.migrate();
        assertThat(report.failures()).isEmpty();
        assertThat(report.found()).isEqualTo(1);
        assertThat(report.migrated()).isEqualTo(1);
        assertThat(report.adds()).isTrue();
        assertThat(SANDBOX.url("1")).contains(CDN.authority());
    }

    @Test
    void countsARowOnceThatIsCarriedTwiceAndFailsTheFirstTime() {
        AtomicInteger asked = new AtomicInteger();
        SANDBOX.photo("1", CDN.link((exchange, request) -> {
            if (asked.getAndIncrement() == 0) {
                SANDBOX.execute("update mediaferry.transfer set state = 'waiting', worker = null,"
                        + " due = now() + interval '1 second' where state = 'claimed'");
            }
            UnrulyCdn.send(exchange, 200, Pictures.jpeg(1));
        }));
        RunReport report = SANDBOX.migrate();
        assertThat(report.found()).isEqualTo(1);
        assertThat(report.migrated()).isEqualTo(1);
        assertThat(report.adds()).isTrue();
        assertThat(asked).hasValue(2);
    }

    @Test
    void leavesNothingClaimedWhenAProcessLosesItsRowAndClaimsOnAndIsKilled() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        hangingRows(first, second);
        try (Program program = Program.start(options, "migrate", "--batch-size", "2")) {
            Awaitility.await().atMost(LONG).until(() -> CDN.requests() == 2);
            SANDBOX.execute("delete from mediaferry.worker where pid = " + program.pid());
            first.countDown();
            Awaitility.await().atMost(LONG).until(() -> claimedBy(program.pid()) > 0);
            program.kill();
        } finally {
            first.countDown();
            second.countDown();
        }
        awaitTheEndOfItsSessions();
        RunReport report = SANDBOX.migrate();
        assertThat(report.adds()).isTrue();
        assertAllAreMovedOnce();
        assertThat(SANDBOX.sql()
                        .sql("select count(*) from mediaferry.run where finished is null")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    /** Longer than its lease: others move what it had claimed, and it finds out when it wakes up. */
    @Test
    void addsUpWhenAFrozenProcessWakesUpAfterOthersHaveMovedItsRows() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        hangingRows(release, new CountDownLatch(0));
        try (Program program = Program.start(options, "migrate", "--json", "--batch-size", "4")) {
            Awaitility.await().atMost(LONG).until(() -> CDN.requests() == 2);
            program.freeze();
            SANDBOX.execute("update mediaferry.worker set lease_until = now() - interval '1 second' where pid = "
                    + program.pid());
            RunReport report = SANDBOX.migrate();
            assertThat(report.migrated()).isEqualTo(ROWS);
            assertThat(report.adds()).isTrue();
            program.thaw();
            release.countDown();
            assertThat(program.await()).as(program.out() + program.err()).isZero();
            assertThat(program.out()).contains("\"found\" : 0", "\"interrupted\" : false");
        } finally {
            release.countDown();
        }
        assertAllAreMovedOnce();
    }

    /** @param first what the first two requests wait for; all later ones but repeated ones wait for the second */
    private static void hangingRows(CountDownLatch first, CountDownLatch second) {
        CountDownLatch started = new CountDownLatch(2);
        for (int i = 0; i < ROWS; i++) {
            int seed = i;
            SANDBOX.photo("row" + i, CDN.link((exchange, request) -> {
                if (request == 1) {
                    CountDownLatch gate = started.getCount() > 0 ? first : second;
                    started.countDown();
                    gate.await(60, TimeUnit.SECONDS);
                }
                UnrulyCdn.send(exchange, 200, Pictures.jpeg(seed));
            }));
        }
    }

    private static int claimedBy(long pid) {
        return SANDBOX.sql()
                .sql("select count(*) from mediaferry.transfer t join mediaferry.worker w on w.id = t.worker"
                        + " where t.state = 'claimed' and w.pid = ?")
                .param(pid)
                .query(Integer.class)
                .single();
    }

    private static void assertAllAreMovedOnce() {
        assertThat(SANDBOX.sql()
                        .sql("select state, count(*) as rows from mediaferry.transfer group by 1")
                        .query((rs, row) -> rs.getString("state") + " " + rs.getInt("rows"))
                        .list())
                .containsExactly("linked " + ROWS);
        assertThat(SANDBOX.keys()).hasSize(ROWS);
        for (int i = 0; i < ROWS; i++) {
            assertThat(SANDBOX.keys()).contains(SANDBOX.key(SANDBOX.url("row" + i)));
        }
    }

    private static void awaitTheEndOfItsSessions() {
        Awaitility.await().until(() -> SANDBOX.sql()
                .sql("select not exists (select from mediaferry.worker w join pg_locks l on l.locktype = 'advisory'"
                        + " and l.objid = w.id and l.classid = 28006 where w.pid <> ?)")
                .param(ProcessHandle.current().pid())
                .query(Boolean.class)
                .single());
    }
}
