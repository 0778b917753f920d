package dev.mediaferry.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SeedTables;
import dev.mediaferry.reference.ReferenceReport;
import dev.mediaferry.reference.ReferenceWork;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A process that changes a reference is killed at each step, and another one, which is the test's own, finishes what it began. */
@Tag("slow")
class KilledReferencesTest {

    private static final String POST = "post-image";
    private static final Map<String, String> ACCEPTED = Map.of("soak", "test", "readers-unseen", "test");

    /** How long a process may take until it is where it is to be killed. */
    private static final Duration START = Duration.ofMinutes(3);

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.public-url", SeedTables.PUBLIC);

    private static ReferenceWork other;

    @TempDir
    private Path directory;

    private List<String> options;
    private String before;

    @BeforeEach
    void begin() throws Exception {
        SANDBOX.engine();
        SeedTables.create(SANDBOX, 4_000, 1_000);
        other = other == null
                ? SANDBOX.keep(SANDBOX.engine(SeedTables.POST_IMAGE)).references()
                : other;
        options = SANDBOX.options(directory, SeedTables.POST_IMAGE);
        before = values();
    }

    /** By default one step that runs beside traffic, and one that is a transaction. */
    static Stream<Arguments> points() {
        return Stream.of(
                        arguments("expand", "create index"),
                        arguments("contract", "rename column"),
                        arguments("expand", "add column"),
                        arguments("expand", "foreign key"),
                        arguments("expand", "create trigger"),
                        arguments("backfill", "validate constraint"),
                        arguments("revert", "drop trigger"),
                        arguments("revert", "drop column"))
                .limit(Integer.getInteger("crash.kills", 8) / 4);
    }

    /** A trigger of events has the step wait where it is: before its commit for those in a transaction. */
    @ParameterizedTest
    @MethodSource("points")
    void goesOnWithTheStepAtWhichAProcessWasKilled(String command, String statement) throws Exception {
        lead(command);
        List<String> line = new ArrayList<>(List.of("references", command, POST));
        if (command.equals("contract")) {
            ACCEPTED.forEach((reason, why) -> line.addAll(List.of("--accept", reason + "=" + why)));
        }
        SANDBOX.execute(
                "create function linger() returns event_trigger language plpgsql as $$ begin if current_query() ~* '"
                        + statement + "' then perform pg_sleep(3); end if; end $$",
                "create event trigger linger on ddl_command_end execute function linger()");
        try (Program program = Program.start(options, line.toArray(String[]::new))) {
            awaitSleep();
            program.kill();
        } finally {
            SANDBOX.execute("drop event trigger linger", "drop function linger");
        }

        finish(command);
    }

    @Test
    void goesOnWithThePageAtWhichAProcessWasKilled() throws Exception {
        other.expand(POST);
        SANDBOX.execute(
                "create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.001); return new; end $$",
                "create trigger a_slow before update on posts for each row execute function slow()");
        try (Program program = Program.start(options, "references", "backfill", POST)) {
            Awaitility.await()
                    .atMost(START)
                    .until(() -> number("select coalesce(max(filled), 0) from mediaferry.reference") >= 600);
            program.kill();
        } finally {
            SANDBOX.execute("drop trigger a_slow on posts", "drop function slow");
        }

        finish("backfill");
    }

    /** It holds its lock as long as the server lets it, which keeps users waiting behind it. */
    @Test
    void freesTheTableOfAProcessThatStandsStill() throws Exception {
        SANDBOX.execute(
                "create function linger() returns event_trigger language plpgsql as $$ begin perform pg_sleep(1); end $$",
                "create event trigger linger on ddl_command_end when tag in ('ALTER TABLE') execute function linger()");
        try (Program program = Program.start(options, "references", "expand", POST)) {
            awaitSleep();
            program.freeze();
            SANDBOX.execute("set statement_timeout = '6s'; update posts set like_count = 1 where id = 'p000001'");
            program.thaw();
            program.await();
        } finally {
            SANDBOX.execute("drop event trigger linger", "drop function linger");
        }

        finish("expand");
    }

    private static void awaitSleep() {
        Awaitility.await()
                .atMost(START)
                .until(() -> number("select count(*) from pg_stat_activity where wait_event = 'PgSleep'") > 0);
    }

    /** To where the command has something to do. */
    private void lead(String command) {
        if (command.equals("expand")) {
            return;
        }
        other.expand(POST);
        if (command.equals("contract")) {
            fill();
            assertThat(other.verify(POST, false).findings()).isEmpty();
        }
    }

    private ReferenceReport fill() {
        return other.backfill(POST, OptionalLong.empty(), OptionalInt.of(100));
    }

    private void finish(String command) {
        switch (command) {
            case "contract" ->
                assertThat(other.contract(POST, ACCEPTED).state()).isEqualTo("retired");
            case "revert" -> assertThat(other.revert(POST, false).state()).isEqualTo("planned");
            default -> {
                other.expand(POST);
                assertThat(fill().state()).isEqualTo("filled");
            }
        }
        if (!command.equals("revert")) {
            assertThat(number("select count(*) from posts where image_id is not null"))
                    .isEqualTo(2_900);
            assertThat(number("select filled from mediaferry.reference")).isEqualTo(2_900);
        }
        assertThat(number("select count(*) from pg_index where not indisvalid")).isZero();
        // Each step was done once, however often it was begun.
        assertThat(SANDBOX.sql()
                        .sql(
                                "select step from mediaferry.reference_step where finished is not null and step not like '%leftover' and step not like 'accept%' group by step having count(*) > 1")
                        .query(String.class)
                        .list())
                .isEmpty();
        assertThat(other.revert(POST, true).state()).isEqualTo("planned");
        assertThat(values()).isEqualTo(before);
        assertThat(
                        number(
                                "select (select count(*) from pg_trigger where tgname like '~mediaferry%')"
                                        + " + (select count(*) from pg_class where relname like 'mf\\_%')"
                                        + " + (select count(*) from pg_attribute where attname in ('image_id', 'image_key~retired') and not attisdropped)"))
                .isZero();
    }

    private static String values() {
        return SANDBOX.sql()
                .sql("select md5(string_agg(id || coalesce(image_key, '-'), ',' order by id)) from posts")
                .query(String.class)
                .single();
    }

    private static long number(String query) {
        return SANDBOX.sql().sql(query).query(Long.class).single();
    }
}
