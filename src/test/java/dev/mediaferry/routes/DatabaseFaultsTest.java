package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Gate;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.net.URI;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a database does to those who work with it: it goes away, breaks connections, refuses to go on. However often: each row
 * is moved once. For how long it is away: system property {@code crash.outage}, in seconds.
 */
@Tag("slow")
class DatabaseFaultsTest {

    private static final int ROWS = 40;
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("crash.outage", 1));
    private static final long PATIENCE_SECONDS = 60 + OUTAGE.toSeconds();

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("fetch.concurrency", "4");

    private static final UnrulyCdn CDN = SANDBOX.cdn();
    private static final Gate DATABASE =
            new Gate(URI.create(SANDBOX.settings().text("database.url").substring("jdbc:".length()))
                    .getPort());
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();

    private static Engine engine;

    private static Engine engine() {
        if (engine == null) {
            engine = SANDBOX.keep(SANDBOX.engine(Sandbox.REGISTRY, "database.url", throughTheGate()));
        }
        return engine;
    }

    private static String throughTheGate() {
        return SANDBOX.settings().text("database.url").replaceFirst(":\\d+/", ":" + DATABASE.port() + "/");
    }

    @AfterEach
    void mend() throws Exception {
        DATABASE.open();
        resetDatabase();
        SANDBOX.execute("drop trigger if exists hindrance on \"Photo\"", "drop table if exists \"Counter\"");
    }

    @AfterAll
    static void close() throws Exception {
        THREADS.shutdownNow();
    }

    @Test
    void waitsForADatabaseThatGoesAwayInTheMiddleOfARun() throws Exception {
        Future<RunReport> run = run(row -> {
            if (row == ROWS / 2) {
                DATABASE.shut();
            }
        });
        Awaitility.await().until(() -> CDN.requests() > ROWS / 2);
        Awaitility.await().pollDelay(OUTAGE).timeout(OUTAGE.plusSeconds(10)).until(() -> !run.isDone());
        DATABASE.open();
        assertAllMoved(run);
        assertThat(CDN.requests()).isEqualTo(ROWS);
    }

    @Test
    void waitsForADatabaseThatDoesNotAnswerForAWhile() throws Exception {
        Future<RunReport> run = run(row -> {
            if (row == ROWS / 2) {
                DATABASE.stall();
            }
        });
        Awaitility.await().until(DATABASE::isHolding);
        Awaitility.await().pollDelay(OUTAGE).timeout(OUTAGE.plusSeconds(10)).until(() -> !run.isDone());
        DATABASE.open();
        assertAllMoved(run);
    }

    @Test
    void goesOnAfterConnectionsAreReset() throws Exception {
        assertAllMoved(run(row -> {
            if (row % 4 == 0) {
                DATABASE.reset();
            }
        }));
    }

    @Test
    void doublesNothingWhenTheAnswerToAStatementIsLost() throws Exception {
        assertAllMoved(run(row -> {
            if (row % 8 == 0) {
                DATABASE.loseAnswers(1);
            }
        }));
    }

    @Test
    void goesOnAfterItsSessionsAreTerminated() throws Exception {
        assertAllMoved(run(row -> {
            if (row % 8 == 0) {
                breakSessions();
            }
        }));
    }

    @Test
    void waitsForADatabaseThatHasBecomeReadOnly() throws Exception {
        Future<RunReport> run = run(row -> {
            if (row == ROWS / 2) {
                set("default_transaction_read_only", "on");
            }
        });
        Awaitility.await().until(() -> CDN.requests() > ROWS / 2);
        Awaitility.await().pollDelay(Duration.ofSeconds(1)).until(() -> !run.isDone());
        resetDatabase();
        assertAllMoved(run);
    }

    @ParameterizedTest
    @ValueSource(strings = {"repeatable read", "serializable"})
    void goesOnAfterSerializationFailures(String isolation) throws Exception {
        set("default_transaction_isolation", isolation);
        AtomicBoolean over = new AtomicBoolean();
        Future<?> writer = THREADS.submit(() -> {
            while (!over.get()) {
                SANDBOX.execute("begin isolation level read committed; update \"Photo\" set url = url; commit");
            }
        });
        try {
            assertAllMoved(run(row -> {}));
        } finally {
            over.set(true);
            writer.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void goesOnAfterADeadlockThatATriggerHasLedItInto() throws Exception {
        hinder("update \"Counter\" set rows = rows + 1;", "");
        try (Connection user = SANDBOX.connect();
                Statement statement = user.createStatement()) {
            // So it is never the user's transaction that is broken off.
            statement.execute("set deadlock_timeout = '20s'");
            user.setAutoCommit(false);
            statement.execute("update \"Counter\" set rows = 0");
            Future<RunReport> run = run(row -> {});
            awaitAWaitingSession();
            statement.execute("update \"Photo\" set url = url where url like '%/photos/%' or true");
            user.commit();
            assertAllMoved(run);
        }
        assertThat(SANDBOX.sql()
                        .sql("select deadlocks from pg_stat_database where datname = current_database()")
                        .query(Long.class)
                        .single())
                .isPositive();
    }

    @Test
    void goesOnAfterTheStatementTimeoutOfTheDatabase() throws Exception {
        set("statement_timeout", "500ms");
        hinder("if nextval('hindrances') <= 2 then perform pg_sleep(3); end if;", "");
        assertAllMoved(run(row -> {}));
        assertThat(SANDBOX.sql()
                        .sql("select nextval('hindrances')")
                        .query(Long.class)
                        .single())
                .isGreaterThan(ROWS);
    }

    @Test
    void namesTheStatementTimeoutThatEndsARun() throws Exception {
        set("statement_timeout", "300ms");
        addRows(row -> {});
        String home = "target/test-home/" + SANDBOX.bucketName() + "/timeout";
        List<String> options = new ArrayList<>(SANDBOX.options(Path.of(home), Sandbox.REGISTRY, "home", home));
        options.addAll(List.of("--set", "mediaferry.database.retries=1"));
        try (Connection user = SANDBOX.connect();
                Statement statement = user.createStatement()) {
            statement.execute("set statement_timeout = 0");
            user.setAutoCommit(false);
            statement.execute("lock table \"Photo\" in access exclusive mode");
            for (String command : List.of("migrate", "status")) {
                try (Program program = Program.start(options, command)) {
                    assertThat(program.await()).as(program.err()).isEqualTo(3);
                    assertThat(program.err())
                            .contains(
                                    "the database broke a statement off: ERROR: canceling statement due to statement timeout")
                            .contains("alter role ... set statement_timeout = '1h'")
                            .doesNotContain("went away", "unforeseen");
                    if (command.equals("migrate")) {
                        assertThat(program.err()).contains("breaks statements of its user off after 0.3 s");
                    }
                }
            }
        }
        resetDatabase();
        goOn();
    }

    @Test
    void goesOnAfterALockTimeout() throws Exception {
        hinder("update \"Counter\" set rows = rows + 1;", "set lock_timeout = '100ms'");
        try (Connection user = SANDBOX.connect();
                Statement statement = user.createStatement()) {
            user.setAutoCommit(false);
            statement.execute("update \"Counter\" set rows = 0");
            Future<RunReport> run = run(row -> {});
            Awaitility.await().until(() -> SANDBOX.keys().size() == ROWS);
            Awaitility.await().pollDelay(Duration.ofSeconds(1)).until(() -> !run.isDone());
            user.commit();
            assertAllMoved(run);
        }
    }

    @Test
    void endsWithAClearWordWhenTheDatabaseStaysReadOnlyAndTheNextRunGoesOn() throws Exception {
        endWithAClearWord("2", row -> {
            if (row == ROWS / 2) {
                set("default_transaction_read_only", "on");
            }
        });
        resetDatabase();
        goOn();
    }

    @Test
    void endsWithAClearWordWhenTheDatabaseStaysAwayAndTheNextRunGoesOn() throws Exception {
        assumeThat(OUTAGE).as("a test for mvn -Pcrash").isGreaterThan(Duration.ofSeconds(10));
        endWithAClearWord("1", row -> {
            if (row == ROWS / 2) {
                DATABASE.shut();
            }
        });
        DATABASE.open();
        goOn();
    }

    private static void endWithAClearWord(String retries, Mischief mischief) throws Exception {
        addRows(mischief);
        String home = "target/test-home/" + SANDBOX.bucketName() + "/outage";
        List<String> options = new ArrayList<>(
                SANDBOX.options(Path.of(home), Sandbox.REGISTRY, "home", home, "database.url", throughTheGate()));
        options.addAll(List.of("--set", "mediaferry.database.retries=" + retries));
        try (Program program = Program.start(options, "migrate")) {
            assertThat(program.await()).as(program.err()).isEqualTo(3);
            assertThat(program.err()).contains("mediaferry: the run was given up, the next one goes on from here: ");
        }
    }

    private static void goOn() throws Exception {
        RunReport report = SANDBOX.migrate();
        assertThat(report.adds()).isTrue();
        assertEveryRowHasAnObjectOfItsOwn();
    }

    private interface Mischief {
        void at(int row);
    }

    private static Future<RunReport> run(Mischief mischief) {
        engine();
        addRows(mischief);
        return THREADS.submit(() -> engine().migrate(RunOptions.ALL));
    }

    /** @param mischief done while the medium of a row is asked for */
    private static void addRows(Mischief mischief) {
        for (int i = 0; i < ROWS; i++) {
            int row = i;
            SANDBOX.photo("row" + i, CDN.link((exchange, request) -> {
                if (request == 1) {
                    mischief.at(row);
                }
                UnrulyCdn.send(exchange, 200, Pictures.jpeg(row));
            }));
        }
    }

    private static void assertAllMoved(Future<RunReport> run) throws Exception {
        RunReport report = run.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(report.migrated()).as(report.toString()).isEqualTo(ROWS);
        assertThat(report.adds()).isTrue();
        assertEveryRowHasAnObjectOfItsOwn();
    }

    private static void assertEveryRowHasAnObjectOfItsOwn() throws Exception {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            String url = SANDBOX.url("row" + i);
            assertThat(url).contains("/photos/row" + i + "/");
            String key = SANDBOX.key(url);
            assertThat(sha256(SANDBOX.object(key)))
                    .isEqualTo(SANDBOX.transfer("row" + i).get("sha256"));
            keys.add(key);
        }
        assertThat(SANDBOX.keys()).containsExactlyInAnyOrderElementsOf(keys);
        assertThat(SANDBOX.sql()
                        .sql("select count(*) from mediaferry.transfer where state = 'linked'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(ROWS);
        assertThat(SANDBOX.sql()
                        .sql("select count(*) from mediaferry.transfer")
                        .query(Integer.class)
                        .single())
                .isEqualTo(ROWS);
    }

    /** For sessions from now on; those that are there are broken off. */
    private static void set(String parameter, String value) {
        SANDBOX.execute("alter database " + SANDBOX.bucketName() + " set " + parameter + " = '" + value + "'");
        breakSessions();
    }

    private static void resetDatabase() throws Exception {
        try (Connection own = SANDBOX.connect();
                Statement statement = own.createStatement()) {
            statement.execute("set default_transaction_read_only = off");
            statement.execute("alter database " + SANDBOX.bucketName() + " reset all");
        }
        breakSessions();
    }

    private static void breakSessions() {
        SANDBOX.sql()
                .sql("select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where datname = current_database() and application_name = 'mediaferry'")
                .query(Boolean.class)
                .list();
    }

    /** Has a trigger do something for every row that is relinked. */
    private static void hinder(String action, String settings) {
        SANDBOX.execute(
                "create table \"Counter\" (rows int)",
                "insert into \"Counter\" values (0)",
                "drop sequence if exists hindrances",
                "create sequence hindrances",
                "create or replace function hindrance() returns trigger language plpgsql " + settings
                        + " as $$ begin if new.url is distinct from old.url then " + action
                        + " end if; return new; end $$",
                "create trigger hindrance before update on \"Photo\" for each row execute function hindrance()");
    }

    private static void awaitAWaitingSession() {
        Awaitility.await().until(() -> SANDBOX.sql()
                .sql("select exists (select from pg_locks where not granted)")
                .query(Boolean.class)
                .single());
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
