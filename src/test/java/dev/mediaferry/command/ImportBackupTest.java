package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.SalonBackup;
import dev.mediaferry.fixture.Sandbox;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.PGConnection;

/** A dump of the tables of records, from before a run. */
@Tag("slow")
class ImportBackupTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX, SalonBackup.registry());

    private SmallBackup backup;
    private Path dump;

    @BeforeAll
    static void createTables() {
        SalonBackup.createTables(SANDBOX);
        SANDBOX.execute(
                "alter table media add column label text generated always as (kind || ' of ' || content_type) stored");
    }

    @BeforeEach
    void write() throws IOException {
        dump = commands.directory().resolve("media.sql");
        backup = new SmallBackup(SANDBOX, commands.directory()).with("Profile-Pics/buyer/1", Pictures.jpeg(1));
        SANDBOX.sql()
                .sql(
                        "insert into media (user_id, kind, object_key, url, content_type) values (?::uuid, ?, 'old\\1', ?, ?)")
                .params(SalonBackup.user(2), "tab\tand\nline \u00e4", "https://old.example/1", null)
                .update();
    }

    @Test
    void holdsTheRecordsAsTheyWereAndCanBeRestored() throws Exception {
        List<String> before = rows();
        assertThat(commands.run("import", "run", backup.folder(), "--backup", dump.toString()))
                .as(commands::err)
                .isZero();
        assertThat(commands.out()).contains("Records as they were before: " + dump);
        assertThat(rows()).hasSize(2);
        assertThat(Files.readString(dump))
                .contains(
                        "copy public.media (id, user_id, service_id, kind, object_key, url, content_type, bytes, is_preview,"
                                + " created_at) from stdin;");

        SANDBOX.execute("truncate media restart identity");
        restore();
        assertThat(rows()).isEqualTo(before);
        SANDBOX.execute("insert into media (user_id, kind, object_key, url) values ('" + SalonBackup.user(1)
                + "', 'new', 'new', 'new')");
        assertThat(rows()).as("the sequence goes on").hasSize(2);
    }

    @Test
    void replacesNoEarlierDump() throws Exception {
        Files.writeString(dump, "precious");
        assertThat(commands.run("import", "run", backup.folder(), "--backup", dump.toString()))
                .isEqualTo(2);
        assertThat(commands.err()).contains("is there already");
        assertThat(dump).hasContent("precious");
        assertThat(rows()).hasSize(1);
    }

    @Test
    void isMadeBeforeAnythingChanges() throws Exception {
        Path nowhere = commands.directory().resolve("no/such/media.sql");
        assertThat(commands.run("import", "run", backup.folder(), "--backup", nowhere.toString()))
                .isNotZero();
        assertThat(rows()).hasSize(1);
        assertThat(SANDBOX.keys()).isEmpty();
    }

    private static List<String> rows() {
        return SANDBOX.sql()
                .sql("select to_jsonb(m)::text from media m order by id")
                .query(String.class)
                .list();
    }

    /** By psql where there is one, else by what it would do. */
    private void restore() throws Exception {
        String url = SANDBOX.settings().text("database.url").substring("jdbc:".length());
        Process psql;
        try {
            ProcessBuilder command = new ProcessBuilder(
                    "psql", "-q", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", url, "-f", dump.toString());
            command.environment().put("PGPASSWORD", SANDBOX.settings().text("database.password"));
            psql = command.redirectErrorStream(true).start();
        } catch (IOException e) {
            restoreByDriver();
            return;
        }
        String said = new String(psql.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(psql.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(psql.exitValue()).as(said).isZero();
    }

    private void restoreByDriver() throws Exception {
        try (Connection connection = SANDBOX.connect();
                Statement statement = connection.createStatement()) {
            StringBuilder rows = null;
            String copy = null;
            for (String line : Files.readAllLines(dump)) {
                if (line.startsWith("copy ")) {
                    copy = line;
                    rows = new StringBuilder();
                } else if (line.equals("\\.")) {
                    connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copy, new StringReader(rows.toString()));
                    rows = null;
                } else if (rows != null) {
                    rows.append(line).append('\n');
                } else if (!line.isBlank() && !line.startsWith("--")) {
                    statement.execute(line);
                }
            }
        }
    }
}
