package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.mediaferry.engine.Services;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.Pooler;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real PgBouncer stands between the program and the database. */
@Tag("slow")
class PoolerTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @BeforeAll
    static void needsPgBouncer() {
        assumeThat(Pooler.isInstalled())
                .as("pgbouncer is not installed: apt-get install pgbouncer")
                .isTrue();
    }

    @Test
    void refusesToStartBehindATransactionPoolAndNamesWhatToUse() throws Exception {
        SANDBOX.photo("1", SANDBOX.cdn().picture());
        try (Pooler pooler = new Pooler(SANDBOX, "transaction");
                Program program = program(pooler, "migrate")) {
            assertThat(program.await()).as(program.err()).isEqualTo(2);
            assertThat(program.err())
                    .contains("mediaferry.database.url: at " + pooler.url(SANDBOX)
                            + " a pooler in transaction mode answers")
                    .contains("Supabase: port 5432 instead of 6543; Neon: the host without -pooler");
        }
        assertThat(SANDBOX.url("1")).doesNotContain("/photos/");
    }

    /** The order in which it lends its sessions, and how many it has, must not hide it. */
    @ParameterizedTest
    @ValueSource(
            strings = {"server_round_robin = 1", "default_pool_size = 1", "default_pool_size = 2", "min_pool_size = 7"})
    void seesATransactionPoolHoweverItSharesItsSessions(String option) throws Exception {
        try (Pooler pooler = new Pooler(SANDBOX, "transaction", option, "server_round_robin = 1")) {
            warm(pooler, option.equals("default_pool_size = 1") ? 1 : 2);
            assertRefused(pooler);
        }
    }

    @Test
    void seesATransactionPoolThatOthersKeepBusy() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (Pooler pooler = new Pooler(SANDBOX, "transaction")) {
            List<CompletableFuture<Void>> others = Stream.generate(
                            () -> CompletableFuture.runAsync(() -> keepBusy(pooler, over)))
                    .limit(4)
                    .toList();
            try {
                for (int i = 0; i < 10; i++) {
                    assertRefused(pooler);
                }
            } finally {
                over.set(true);
                others.forEach(CompletableFuture::join);
            }
        }
    }

    @Test
    void seesAPoolThatAllowsNoTransactions() throws Exception {
        try (Pooler pooler = new Pooler(SANDBOX, "statement")) {
            assertRefused(pooler);
        }
    }

    @Test
    void worksBehindASessionPoolAndLeavesNoTimeLimitInItsSessions() throws Exception {
        for (int i = 0; i < 40; i++) {
            SANDBOX.photo("row" + i, SANDBOX.cdn().picture());
        }
        // Sessions are handed on with their settings.
        try (Pooler pooler =
                new Pooler(SANDBOX, "session", "server_reset_query = deallocate all", "default_pool_size = 30")) {
            try (Program program = program(pooler, "migrate")) {
                assertThat(program.await()).as(program.err()).isZero();
            }
            for (Connection connection : connections(pooler, 20)) {
                try (connection;
                        Statement statement = connection.createStatement()) {
                    for (String limit :
                            List.of("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")) {
                        try (ResultSet result = statement.executeQuery("show " + limit)) {
                            result.next();
                            assertThat(result.getString(1)).as(limit).isEqualTo("0");
                        }
                    }
                }
            }
        }
        assertThat(SANDBOX.sql()
                        .sql("select count(*) from mediaferry.transfer where state = 'linked'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(40);
        assertThat(SANDBOX.cdn().requests()).isEqualTo(40);
    }

    private static Program program(Pooler pooler, String command) throws Exception {
        String home = "target/test-home/" + SANDBOX.bucketName() + "/pooler";
        return Program.start(
                SANDBOX.options(Path.of(home), Sandbox.REGISTRY, "home", home, "database.url", pooler.url(SANDBOX)),
                command);
    }

    private static void assertRefused(Pooler pooler) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Services.open(SANDBOX.settings("database.url", pooler.url(SANDBOX)))
                        .close())
                .withMessageContaining("a pooler in transaction mode answers");
    }

    /** Has the pooler open sessions before we come. */
    private static void warm(Pooler pooler, int sessions) throws Exception {
        List<Connection> connections = connections(pooler, sessions);
        for (Connection connection : connections) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("select 1");
            }
        }
        for (Connection connection : connections) {
            connection.rollback();
            connection.close();
        }
    }

    private static void keepBusy(Pooler pooler, AtomicBoolean over) {
        try (Connection connection = connections(pooler, 1).get(0);
                Statement statement = connection.createStatement()) {
            while (!over.get()) {
                statement.execute("select pg_sleep(0.001)");
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static List<Connection> connections(Pooler pooler, int count) throws Exception {
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connections.add(DriverManager.getConnection(
                    pooler.url(SANDBOX), "postgres", SANDBOX.settings().text("database.password")));
        }
        return connections;
    }
}
