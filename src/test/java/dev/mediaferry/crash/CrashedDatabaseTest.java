package dev.mediaferry.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mediaferry.fixture.CrashingPostgres;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The database crashes in the middle of an import of several pages, and comes back. {@code mvn -Pcrash} imports 24,000 files instead
 * of a few more than a page has.
 */
@Tag("slow")
class CrashedDatabaseTest {

    private static final int FILES = Integer.getInteger("crash.files", 5_050);

    private static final String REGISTRY =
            """
            imports:
              - name: shots
                categories:
                  - name: all
                    path: "{folder}/{name}"
                    folder: shots
                    key: "{folder}/{name}.{ext}"
                    record: { table: picture, columns: { key: "{key}", url: "{url}" } }
            """;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @TempDir
    private Path directory;

    @Test
    void importsTheRestAfterTheDatabaseHasCrashed() throws Exception {
        Path folder = directory.resolve("backup");
        for (int i = 0; i < FILES; i++) {
            Path file = folder.resolve(i % 100 + "/" + i);
            Files.createDirectories(file.getParent());
            Files.write(file, Pictures.jpeg(i));
        }
        try (CrashingPostgres postgres = new CrashingPostgres(directory.resolve("postgres"))) {
            JdbcClient sql = postgres.sql();
            sql.sql("create table picture (id int generated always as identity primary key, key text unique, url text)")
                    .update();
            List<String> options =
                    SANDBOX.options(directory, REGISTRY, postgres.settings().toArray(String[]::new));
            try (Program program = Program.start(options, "status")) {
                assertThat(program.await()).as(program.err()).isZero();
            }
            hangsAtTheSecondPage(sql);
            try (Program program = Program.start(options, "import", "run", folder.toString())) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> sql.sql("select count(*) from pg_stat_activity where wait_event = 'PgSleep'")
                                        .query(Long.class)
                                        .single()
                                == 1);
                postgres.crash();
                postgres.start();
                assertThat(program.await(120)).as(program.out() + program.err()).isEqualTo(3);
                assertThat(program.out()).doesNotContain("valid");
                assertThat(program.err())
                        .contains("the run was given up")
                        .contains("of the list of the folder's files")
                        .contains("Run it again: the folder is listed anew");
            }
            try (Program program = Program.start(options, "import", "run", folder.toString())) {
                assertThat(program.await(60 + FILES / 100)).as(program.err()).isZero();
                assertThat(program.out()).contains("Validation: valid");
            }
            assertThat(sql.sql("select count(*) from picture").query(Long.class).single())
                    .isEqualTo(FILES);
            assertThat(SANDBOX.keys()).hasSize(FILES);
        }
    }

    /** Sequences are not rolled back, so the statement that is repeated after the crash passes. */
    private static void hangsAtTheSecondPage(JdbcClient sql) {
        sql.sql("create sequence pages").update();
        sql.sql(
                        """
                        create function hang() returns trigger language plpgsql as $$ begin
                          if nextval('pages') = 2 then perform pg_sleep(120); end if; return null; end $$""")
                .update();
        sql.sql("create trigger hang after insert on mediaferry.transfer execute function hang()")
                .update();
    }
}
