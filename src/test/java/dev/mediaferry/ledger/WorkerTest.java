package dev.mediaferry.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Gate;
import dev.mediaferry.fixture.Sandbox;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a process shows that it is alive, whatever happens to its connection and its row. */
@Tag("slow")
class WorkerTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final Worker.Pulse FAST =
            new Worker.Pulse(Duration.ofSeconds(60), Duration.ofMillis(100), Duration.ofSeconds(1));

    private final Gate gate =
            new Gate(URI.create(SANDBOX.settings().text("database.url").substring("jdbc:".length()))
                    .getPort());
    private final Database database = Database.open(throughTheGate(), new LedgerSchema(LedgerSchema.USUAL), 2)
            .migrate();

    private DatabaseSettings throughTheGate() {
        DatabaseSettings direct = DatabaseSettings.of(SANDBOX.settings()).orElseThrow();
        return new DatabaseSettings(
                direct.url().replaceFirst(":\\d+/", ":" + gate.port() + "/"), direct.user(), direct.password());
    }

    @AfterEach
    void close() throws Exception {
        database.close();
        gate.close();
    }

    @Test
    void renewsItsLeaseWhenTheNetworkSwallowsARenewal() throws Exception {
        try (Worker worker = Worker.register(database, FAST);
                Connection user = SANDBOX.connect();
                Statement statement = user.createStatement()) {
            user.setAutoCommit(false);
            statement.execute("select from mediaferry.worker where id = " + worker.id() + " for update");
            awaitARenewalOnItsWay();
            gate.strand();
            user.rollback();
            awaitRenewal(worker);
        }
    }

    @Test
    void renewsItsLeaseWhileAConnectionThatIsGoneStillHasItsLock() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Worker worker = Worker.register(database, FAST);
                Connection zombie = SANDBOX.connect();
                Statement statement = zombie.createStatement()) {
            Future<Boolean> takesTheLock = thread.submit(() ->
                    statement.execute("select pg_advisory_lock(" + worker.lockSpace() + ", " + worker.id() + ")"));
            Awaitility.await().until(() -> waiting("select pg_advisory_lock(%"));
            SANDBOX.sql()
                    .sql(
                            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted"
                                    + " and objid = ? and database = (select oid from pg_database where datname = current_database())")
                    .param(worker.id())
                    .query()
                    .listOfRows();
            takesTheLock.get();
            awaitRenewal(worker);
            awaitRenewal(worker);
            statement.execute("select pg_advisory_unlock_all()");
            Awaitility.await().untilAsserted(() -> assertThat(SANDBOX.sql()
                            .sql("select pg_try_advisory_lock(" + worker.lockSpace() + ", ?)")
                            .param(worker.id())
                            .query(Boolean.class)
                            .single())
                    .isFalse());
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void goesOnUnderANewIdWhenItsRowIsGone() throws Exception {
        try (Worker worker = Worker.register(database, FAST)) {
            int first = worker.id();
            SANDBOX.execute(
                    "insert into mediaferry.transfer (entry, row_key, source, host, object_key, state, worker, run)"
                            + " values ('Photo.url', '1', 'https://a.example/1', 'a.example', 'k', 'claimed', " + first
                            + ", 7)",
                    "delete from mediaferry.worker where id = " + first);
            Awaitility.await().until(() -> worker.id() != first);
            awaitRenewal(worker);
            Awaitility.await().until(() -> SANDBOX.outcome("1").equals("waiting"));
            assertThat(SANDBOX.transfer("1")).containsEntry("run", null).containsEntry("object_state", "unknown");
        }
    }

    @Test
    void keepsItsLockWhereTheDatabaseEndsIdleSessions() throws Exception {
        String name = SANDBOX.sql()
                .sql("select current_database()")
                .query(String.class)
                .single();
        SANDBOX.execute("alter database \"" + name + "\" set idle_session_timeout = '200ms'");
        Worker.Pulse slow = new Worker.Pulse(Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(1));
        try (Worker worker = Worker.register(database, slow)) {
            Awaitility.await()
                    .during(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> !SANDBOX.sql()
                            .sql("select pg_try_advisory_xact_lock(" + worker.lockSpace() + ", ?)")
                            .param(worker.id())
                            .query(Boolean.class)
                            .single());
        } finally {
            SANDBOX.execute("alter database \"" + name + "\" reset idle_session_timeout");
        }
    }

    private static void awaitARenewalOnItsWay() {
        Awaitility.await().until(() -> waiting("update mediaferry.worker%"));
    }

    private static boolean waiting(String statement) {
        return SANDBOX.sql()
                .sql("select exists (select from pg_stat_activity where datname = current_database()"
                        + " and wait_event_type = 'Lock' and query like ?)")
                .param(statement)
                .query(Boolean.class)
                .single();
    }

    private static void awaitRenewal(Worker worker) throws SQLException {
        String now = SANDBOX.sql().sql("select now()::text").query(String.class).single();
        Awaitility.await().until(() -> SANDBOX.sql()
                .sql("select lease_until > ?::timestamptz + interval '60 s' from mediaferry.worker where id = ?")
                .params(now, worker.id())
                .query(Boolean.class)
                .optional()
                .orElse(false));
    }
}
