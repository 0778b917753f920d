package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.rollback.RollbackOptions;
import dev.mediaferry.run.RunOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two applications in one database: tables of the same name in a schema of each. */
@Tag("slow")
class TwoApplicationsTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final String ONE = "one";
    private static final String TWO = "two";

    @BeforeAll
    static void createApplications() {
        for (String application : List.of(ONE, TWO)) {
            SANDBOX.execute(
                    "create schema " + application,
                    "create table " + application + ".\"Photo\" (id text primary key, url text)",
                    "create table " + application + ".\"Own_" + application + "\" (id text primary key, url text)");
        }
    }

    @BeforeEach
    void addARowToEach() {
        for (String application : List.of(ONE, TWO)) {
            SANDBOX.sql()
                    .sql("insert into " + application + ".\"Photo\" values ('1', ?)")
                    .param(SANDBOX.cdn().picture())
                    .update();
        }
    }

    @Test
    void moveAndUndoTheirOwnRowsInLedgersOfTheirOwn() {
        String second = url(TWO);
        Engine one = engine(ONE);
        // Its worker has the same number as that of the first: each ledger counts from 1.
        Engine two = engine(TWO);

        assertThat(one.migrate(RunOptions.ALL).migrated()).isEqualTo(1);
        assertThat(url(TWO)).isEqualTo(second);
        assertThat(two.migrate(RunOptions.ALL).migrated()).isEqualTo(1);
        String moved = url(TWO);
        assertThat(one.rollback(new RollbackOptions(
                                OptionalLong.empty(),
                                Optional.empty(),
                                Optional.of(Instant.EPOCH),
                                Optional.empty(),
                                false,
                                true))
                        .restored())
                .isEqualTo(1);

        assertThat(url(ONE)).doesNotContain("/photos/");
        assertThat(url(TWO)).isEqualTo(moved).contains("/photos/1/");
        assertThat(SANDBOX.key(moved)).isIn(SANDBOX.keys());
        assertThat(states(ONE)).containsExactly("Photo.url rolled_back");
        assertThat(states(TWO)).containsExactly("Photo.url linked");
        assertThat(SANDBOX.sql()
                        .sql("select to_regclass('mediaferry.transfer') is null")
                        .query(Boolean.class)
                        .single())
                .as("nothing was made in the usual schema")
                .isTrue();
    }

    @Test
    void runBySchedulesOfTheirOwnAndVerifyTheirOwn() throws Exception {
        List<String> ones = options(ONE, Sandbox.REGISTRY, "ledger.schema", "ferry_one");
        List<String> twos = options(TWO, Sandbox.REGISTRY, "ledger.schema", "ferry_two");
        try (Program one = Program.start(ones, "run");
                Program two = Program.start(twos, "run")) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> url(ONE).contains("/photos/") && url(TWO).contains("/photos/"));
            assertThat(one.isAlive() && two.isAlive()).isTrue();
        }
        try (Program verify = Program.start(ones, "verify")) {
            assertThat(verify.await()).as(verify.out() + verify.err()).isZero();
        }
        assertThat(states(ONE)).containsExactly("Photo.url linked");
        assertThat(states(TWO)).containsExactly("Photo.url linked");

        String moved = url(ONE);
        SANDBOX.execute("delete from one.\"Photo\"", "delete from ferry_one.transfer");
        SANDBOX.ageObjects();
        try (Program orphans = Program.start(ones, "orphans", "--delete", "--older-than", "1h")) {
            assertThat(orphans.await()).as(orphans.err()).isZero();
        }
        assertThat(SANDBOX.keys()).doesNotContain(SANDBOX.key(moved)).contains(SANDBOX.key(url(TWO)));
    }

    @Test
    void tellTheSecondThatTheLedgerIsTheFirstOnes() throws Exception {
        String[] shared = {"ledger.schema", "shared"};
        try (Program one = Program.start(options(ONE, Sandbox.REGISTRY, shared), "migrate")) {
            assertThat(one.await()).as(one.err()).isZero();
        }
        String old = url(TWO);
        try (Program two = Program.start(options(TWO, Sandbox.REGISTRY, shared), "migrate")) {
            assertThat(two.await()).as(two.err()).isEqualTo(2);
            assertThat(two.err())
                    .contains("registry line 3: Photo.url is in schema one for the ledger \"shared\", and in two here")
                    .contains("mediaferry.ledger.schema");
        }
        assertThat(url(TWO)).isEqualTo(old);
        String others = Sandbox.REGISTRY.replace("Photo", "Own_two");
        try (Program two = Program.start(options(TWO, others, shared), "migrate")) {
            assertThat(two.await()).as(two.err()).isZero();
            assertThat(two.err()).contains("the ledger \"shared\" is that of another registry, too", "Photo.url");
        }
    }

    /** The table itself has moved: nobody else has one of its name where it was. */
    @Test
    void keepTheirLedgerWhenATableMovesToAnotherSchema() {
        String[] moving = {"ledger.schema", "moving"};
        SANDBOX.execute("create schema if not exists attic");
        SANDBOX.engine(Sandbox.REGISTRY, with(ONE, moving)).migrate(RunOptions.ALL);
        SANDBOX.execute("alter table two.\"Photo\" set schema attic", "alter table one.\"Photo\" set schema two");
        try {
            assertThat(SANDBOX.engine(Sandbox.REGISTRY, with(TWO, moving))
                            .migrate(RunOptions.ALL)
                            .found())
                    .isZero();
            assertThat(SANDBOX.sql()
                            .sql("select table_schema from moving.entry")
                            .query(String.class)
                            .single())
                    .isEqualTo("two");
        } finally {
            SANDBOX.execute("alter table two.\"Photo\" set schema one", "alter table attic.\"Photo\" set schema two");
        }
    }

    @Test
    void mayNotHaveALedgerInASchemaThatIsNoLedgers() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> SANDBOX.engine(Sandbox.REGISTRY, "ledger.schema", "public"))
                .withMessageStartingWith("mediaferry.ledger.schema is 'public'");
    }

    private static Engine engine(String application) {
        return SANDBOX.engine(Sandbox.REGISTRY, with(application, "ledger.schema", "ferry_" + application));
    }

    private static List<String> options(String application, String registry, String... settings) throws Exception {
        String home = "target/test-home/" + SANDBOX.bucketName() + "/" + application;
        List<String> all = new ArrayList<>(List.of(settings));
        all.addAll(List.of("home", home, "schedule", "0/2 * * * * ?", "server.port", Integer.toString(freePort())));
        return SANDBOX.options(Path.of(home), registry, with(application, all.toArray(String[]::new)));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String[] with(String application, String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("database.url");
        all.add(SANDBOX.settings().text("database.url") + "?currentSchema=" + application);
        return all.toArray(String[]::new);
    }

    private static String url(String application) {
        return SANDBOX.sql()
                .sql("select url from " + application + ".\"Photo\"")
                .query(String.class)
                .single();
    }

    private static List<String> states(String application) {
        return SANDBOX.sql()
                .sql("select entry || ' ' || state from ferry_" + application + ".transfer")
                .query(String.class)
                .list();
    }
}
