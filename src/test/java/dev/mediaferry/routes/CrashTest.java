package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a killed process leaves behind, and what the next run makes of it. */
@Tag("slow")
class CrashTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();
    private static final Duration LONG = Duration.ofMinutes(2);

    private static List<String> options;

    @BeforeAll
    static void writeOptions() throws Exception {
        options = SANDBOX.options(
                Path.of("target", "test-home", SANDBOX.bucketName(), "killed"),
                Sandbox.REGISTRY,
                "home",
                "target/test-home/" + SANDBOX.bucketName() + "/killed");
    }

    @Test
    void takesOverTheObjectOfAProcessKilledBetweenStoreAndRelink() throws Exception {
        String link = CDN.picture();
        SANDBOX.photo("1", link);
        String stored;
        try (Connection user = SANDBOX.connect();
                Statement statement = user.createStatement()) {
            user.setAutoCommit(false);
            statement.execute("select 1 from \"Photo\" for update");
            try (Program program = Program.start(options, "migrate")) {
                Awaitility.await().atMost(LONG).until(() -> !SANDBOX.keys().isEmpty());
                program.kill();
            }
            stored = SANDBOX.keys().get(0);
            user.rollback();
        }
        assertThat(SANDBOX.url("1")).isEqualTo(link);
        assertThat(SANDBOX.transfer("1")).containsEntry("state", "claimed");
        awaitTheEndOfItsSessions();

        RunReport report = SANDBOX.migrate();

        assertThat(report.migrated()).isEqualTo(1);
        assertThat(SANDBOX.key(SANDBOX.url("1"))).isEqualTo(stored);
        assertThat(SANDBOX.keys()).containsExactly(stored);
        assertThat(CDN.requests(link)).isEqualTo(1);
        assertThat(SANDBOX.transfer("1").get("sha256"))
                .isEqualTo(SANDBOX.head(stored).metadata().get("sha256"));
    }

    @Test
    void startsAgainWhatWasKilledDuringTheDownload() throws Exception {
        CountDownLatch asked = new CountDownLatch(3);
        for (int i = 0; i < 3; i++) {
            int seed = i;
            SANDBOX.photo("row" + i, CDN.link((exchange, request) -> {
                asked.countDown();
                if (request == 1) {
                    exchange.sendResponseHeaders(200, 10_000);
                    exchange.getResponseBody().write(Pictures.jpeg(seed));
                    exchange.getResponseBody().flush();
                    new CountDownLatch(1).await(30, TimeUnit.SECONDS);
                } else {
                    UnrulyCdn.send(exchange, 200, Pictures.jpeg(seed));
                }
            }));
        }
        try (Program program = Program.start(options, "migrate")) {
            assertThat(asked.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            program.kill();
        }
        awaitTheEndOfItsSessions();
        RunReport report = SANDBOX.migrate();
        assertThat(report.migrated()).isEqualTo(3);
        assertThat(SANDBOX.keys()).hasSize(3);
        assertThat(SANDBOX.sql()
                        .sql("select count(*) from mediaferry.run where interrupted")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void leavesAloneWhatALivingProcessHasInHand() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        String link = CDN.link((exchange, request) -> {
            release.await(30, TimeUnit.SECONDS);
            UnrulyCdn.send(exchange, 200, Pictures.jpeg(1));
        });
        SANDBOX.photo("1", link);
        Engine other = SANDBOX.engine(Sandbox.REGISTRY);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<RunReport> run = thread.submit(() -> SANDBOX.migrate());
            Awaitility.await().until(() -> CDN.requests() == 1);
            assertThat(other.migrate(RunOptions.ALL).found()).isZero();
            release.countDown();
            assertThat(run.get(30, TimeUnit.SECONDS).migrated()).isEqualTo(1);
        } finally {
            release.countDown();
            thread.shutdownNow();
        }
        assertThat(CDN.requests(link)).isEqualTo(1);
    }

    /** Behind a pooler the lock may outlive the process that took it. */
    @Test
    void takesOverFromAWorkerWhoseLeaseHasRunOutAlthoughSomebodyHasItsLock() throws Exception {
        String link = CDN.picture();
        SANDBOX.photo("1", link);
        SANDBOX.engine();
        SANDBOX.execute("insert into mediaferry.worker (id, host, pid, lease_until) overriding system value"
                + " values (888888, 'h', 1, now() + interval '1 minute')");
        SANDBOX.sql()
                .sql("insert into mediaferry.transfer (entry, row_key, source, host, object_key, state, worker)"
                        + " values ('Photo.url', '1', ?, '127.0.0.1', 'photos/1/x.{ext}', 'claimed', 888888)")
                .param(link)
                .update();
        try (Connection pooler = SANDBOX.connect();
                Statement statement = pooler.createStatement()) {
            statement.execute("select pg_advisory_lock(28006, 888888)");
            assertThat(SANDBOX.migrate().migrated()).isZero();
            SANDBOX.execute("update mediaferry.worker set lease_until = now() - interval '1 second' where id = 888888");
            assertThat(SANDBOX.migrate().migrated()).isEqualTo(1);
        }
    }

    /** On a busy machine PostgreSQL takes its time to see that a connection is gone. */
    private static void awaitTheEndOfItsSessions() {
        Awaitility.await().until(() -> SANDBOX.sql()
                .sql("select not exists (select from mediaferry.worker w join pg_locks l on l.locktype = 'advisory'"
                        + " and l.objid = w.id and l.classid = 28006 where w.pid <> ?)")
                .param(ProcessHandle.current().pid())
                .query(Boolean.class)
                .single());
    }

    @Test
    void givesBackWhatItHoldsWhenItIsTerminated() throws Exception {
        CountDownLatch release = addHangingRows(50);
        try (Program program = Program.start(options, "migrate", "--json", "--set", "mediaferry.fetch.concurrency=2")) {
            terminate(program, release);
            assertThat(program.out()).contains("\"interrupted\" : true", "\"migrated\" : 2");
        }
        assertNothingIsHeld();
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(48);
    }

    @Test
    void givesBackWhatItHoldsWhenTheServiceIsTerminated() throws Exception {
        CountDownLatch release = addHangingRows(50);
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (Program program = Program.start(
                options,
                "run",
                "--set",
                "mediaferry.fetch.concurrency=2",
                "--set",
                "mediaferry.schedule=* * * * * ?",
                "--set",
                "mediaferry.server.port=" + port)) {
            terminate(program, release);
        }
        assertThat(SANDBOX.sql()
                        .sql("select report ->> 'migrated' from mediaferry.run where interrupted")
                        .query(String.class)
                        .list())
                .containsExactly("2");
        assertNothingIsHeld();
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(48);
    }

    private static void terminate(Program program, CountDownLatch release) throws Exception {
        Awaitility.await().atMost(LONG).until(() -> CDN.requests() == 2);
        program.terminate();
        Awaitility.await().during(Duration.ofMillis(300)).until(() -> CDN.requests() == 2 && program.isAlive());
        release.countDown();
        program.await();
    }

    private static CountDownLatch addHangingRows(int rows) {
        CountDownLatch release = new CountDownLatch(1);
        for (int i = 0; i < rows; i++) {
            int seed = i;
            SANDBOX.photo("row" + i, CDN.link((exchange, request) -> {
                release.await(30, TimeUnit.SECONDS);
                UnrulyCdn.send(exchange, 200, Pictures.jpeg(seed));
            }));
        }
        return release;
    }

    /** Nobody sees to the end of what such a run has begun. */
    @Test
    void givesBackWhatItHoldsWhenItsRunFails() throws Exception {
        SANDBOX.engine();
        SANDBOX.execute(
                "create function refuse() returns trigger language plpgsql as"
                        + " $$ begin raise exception 'not this one'; end $$",
                "create trigger refuse before update on mediaferry.transfer for each row"
                        + " when (new.state = 'claimed' and new.row_key = 'row7') execute function refuse()");
        CountDownLatch release = addHangingRows(8);
        try (Program program = Program.start(
                options,
                "migrate",
                "--batch-size",
                "4",
                "--set",
                "mediaferry.fetch.concurrency=2",
                "--set",
                "camel.main.shutdownTimeout=1")) {
            assertThat(program.await()).isNotZero();
            assertThat(program.err()).contains("not this one");
        } finally {
            release.countDown();
            SANDBOX.execute("drop trigger refuse on mediaferry.transfer", "drop function refuse");
        }
        assertNothingIsHeld();
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(8);
    }

    private static void assertNothingIsHeld() {
        assertThat(SANDBOX.sql()
                        .sql("select count(*) from mediaferry.transfer where state = 'claimed'")
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(SANDBOX.sql()
                        .sql("select count(*) from mediaferry.worker where pid <> ?")
                        .param(ProcessHandle.current().pid())
                        .query(Integer.class)
                        .single())
                .isZero();
    }
}
