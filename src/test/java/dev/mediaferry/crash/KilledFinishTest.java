package dev.mediaferry.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SeedTables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A process that drops retired columns, brings them back, or retires them for a while is killed. */
@Tag("slow")
class KilledFinishTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.public-url", SeedTables.PUBLIC);

    @TempDir
    private Path directory;

    private List<String> options;

    @BeforeEach
    void begin() throws Exception {
        SANDBOX.engine();
        SeedTables.create(SANDBOX, 2_000, 1_000);
        options = SANDBOX.options(directory, SeedTables.POST_IMAGE, "server.port", FreePort.text());
        run("expand", "post-image");
        run("backfill", "post-image", "--share", "100");
        run("verify", "post-image");
    }

    @Test
    void dropsAndRestoresAlthoughProcessesAreKilled() throws Exception {
        String before = values("image_key");
        run(contract());
        SANDBOX.execute(
                "create function linger() returns event_trigger language plpgsql as $$ begin perform pg_sleep(4); end $$",
                "create event trigger linger on ddl_command_end when tag in ('ALTER TABLE') execute function linger()");
        try (Program program = Program.start(options, "references", "finish", "post-image")) {
            Awaitility.await()
                    .until(() -> number("select count(*) from pg_stat_activity where wait_event = 'PgSleep'") > 0);
            program.kill();
        } finally {
            SANDBOX.execute("drop event trigger linger", "drop function linger");
        }
        run("finish", "post-image");
        assertThat(SANDBOX.keys()).hasSize(1);
        assertThat(number("select count(*) from pg_attribute where attname = 'image_key~retired' and not attisdropped"))
                .isZero();
        SANDBOX.execute(
                "create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.002); return new; end $$",
                "create trigger a_slow before update on posts for each row execute function slow()");
        try (Program program = Program.start(options, "references", "restore", "post-image")) {
            Awaitility.await()
                    .until(() -> number(
                                    "select count(*) from pg_attribute where attname = 'image_key~retired' and not attisdropped and attrelid = 'posts'::regclass")
                            == 1);
            Awaitility.await()
                    .until(() -> number("select count(*) from posts where \"image_key~retired\" is not null") >= 500);
            program.kill();
        } finally {
            SANDBOX.execute("drop trigger a_slow on posts", "drop function slow");
        }
        assertThat(number("select count(*) from posts where \"image_key~retired\" is not null"))
                .isLessThan(1_500);

        run("restore", "post-image");

        assertThat(values("\"image_key~retired\"")).isEqualTo(before);
        run("revert", "post-image", "--all");
        assertThat(values("image_key")).isEqualTo(before);
    }

    @Test
    void givesAColumnItsNameBackWhenTheProcessThatWasToDoSoIsKilled() throws Exception {
        List<String> line = new ArrayList<>(List.of(contract()));
        line.addAll(List.of("--until", "10s"));
        line.add(0, "references");
        try (Program program = Program.start(options, line.toArray(String[]::new))) {
            Awaitility.await()
                    .until(() -> number("select count(*) from mediaferry.reference where state = 'retired' and until is not null")
                            == 1);
            program.kill();
        }
        assertThat(number("select count(*) from pg_attribute where attname = 'image_key~retired' and not attisdropped"))
                .isEqualTo(1);
        try (Program service = Program.start(options, "run")) {
            Awaitility.await()
                    .until(() -> number("select count(*) from pg_attribute where attname = 'image_key~retired' and not attisdropped")
                            == 0);
            Awaitility.await().until(() -> number("select count(*) from mediaferry.reference where state = 'filled'") == 1);
        }
    }

    private static String[] contract() {
        return new String[] {
            "contract", "post-image", "--accept", "soak=a test", "--accept", "readers-unseen=a test"
        };
    }

    private void run(String... command) throws Exception {
        List<String> line = new ArrayList<>(List.of("references"));
        line.addAll(List.of(command));
        try (Program program = Program.start(options, line.toArray(String[]::new))) {
            assertThat(program.await()).as(() -> program.err()).isZero();
        }
    }

    private static String values(String column) {
        return SANDBOX.sql()
                .sql("select md5(string_agg(id || coalesce(" + column + ", '-'), ',' order by id)) from posts")
                .query(String.class)
                .single();
    }

    private static long number(String query) {
        return SANDBOX.sql().sql(query).query(Long.class).single();
    }
}
