package dev.mediaferry.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SeedTables;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that changes a reference is killed at each step, and another one finishes what it began. */
@Tag("slow")
class KilledReferencesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.public-url", SeedTables.PUBLIC);

    @TempDir
    private Path directory;

    private List<String> options;

    @BeforeEach
    void begin() throws Exception {
        SANDBOX.engine();
        SeedTables.create(SANDBOX, 4_000, 1_000);
        options = SANDBOX.options(directory, SeedTables.POST_IMAGE);
    }

    /** A trigger of events has the step wait where it is: before its commit for those in a transaction. */
    @ParameterizedTest
    @ValueSource(strings = {"CREATE INDEX", "ALTER TABLE", "CREATE TRIGGER"})
    void goesOnWithTheStepAtWhichAProcessWasKilled(String command) throws Exception {
        SANDBOX.execute(
                "create function linger() returns event_trigger language plpgsql as $$ begin perform pg_sleep(4); end $$",
                "create event trigger linger on ddl_command_end when tag in ('" + command
                        + "') execute function linger()");
        try (Program program = Program.start(options, "references", "expand", "post-image")) {
            Awaitility.await()
                    .until(() -> number(
                                    "select count(*) from pg_stat_activity where state = 'active' and pid <> pg_backend_pid()"
                                            + " and query ~* '^(create|alter|drop)' and wait_event = 'PgSleep'")
                            > 0);
            program.kill();
        } finally {
            SANDBOX.execute("drop event trigger linger");
            SANDBOX.execute("drop function linger");
        }

        finish();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 1_500})
    void goesOnWithThePageAtWhichAProcessWasKilled(int filled) throws Exception {
        run("expand");
        SANDBOX.execute(
                "create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.001); return new; end $$",
                "create trigger a_slow before update on posts for each row execute function slow()");
        try (Program program = Program.start(options, "references", "backfill", "post-image")) {
            Awaitility.await()
                    .until(() -> number("select coalesce(max(filled), 0) from mediaferry.reference") >= filled);
            program.kill();
        } finally {
            SANDBOX.execute("drop trigger a_slow on posts", "drop function slow");
        }

        finish();
    }

    private void finish() throws Exception {
        run("expand");
        run("backfill");

        assertThat(number("select count(*) from posts where image_id is not null"))
                .isEqualTo(2_900);
        assertThat(number("select filled from mediaferry.reference")).isEqualTo(2_900);
        assertThat(number("select count(*) from pg_index where not indisvalid")).isZero();
        // Each step was done once, however often it was begun.
        assertThat(SANDBOX.sql()
                        .sql(
                                "select step from mediaferry.reference_step where finished is not null and step not like '%leftover' group by step having count(*) > 1")
                        .query(String.class)
                        .list())
                .isEmpty();
    }

    private void run(String command) throws Exception {
        try (Program program = Program.start(options, "references", command, "post-image")) {
            assertThat(program.await()).as(() -> program.err()).isZero();
        }
    }

    private static long number(String query) {
        return SANDBOX.sql().sql(query).query(Long.class).single();
    }
}
