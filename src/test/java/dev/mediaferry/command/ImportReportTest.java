package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What an import prints, and which exit code it ends with, when not everything went well. */
@Tag("slow")
class ImportReportTest {

    private static final String REGISTRY =
            """
            imports:
              - name: album
                categories:
                  - name: pictures
                    path: "album/{name}"
                    folder: album
                    key: "{name}.{ext}"
                    record: { table: picture, columns: { name: "{name}" } }
                  - name: films
                    path: "films/{name}"
                    folder: films
                    key: "{name}.{ext}"
                    record: { table: picture, columns: { name: "{name}" } }
            """;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @RegisterExtension
    final CapturedOutput output = new CapturedOutput();

    @TempDir
    private Path directory;

    private Path folder;
    private List<String> options;

    @BeforeAll
    static void createTable() {
        SANDBOX.execute("create table picture (id int generated always as identity primary key,"
                + " name text check (name <> 'refused' and name not like '%2J'))");
    }

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectories(directory.resolve("backup"));
        options = SANDBOX.options(directory, REGISTRY);
    }

    @Test
    void aPlanWritesNoFileUnasked() throws Exception {
        picture("album/a", 1);
        run(0, "plan");
        assertThat(Path.of("inventory.json")).doesNotExist();
        assertThat(folder.resolve("inventory.json")).doesNotExist();
        assertThat(output.out()).doesNotContain("All files");
    }

    @Test
    void whatCannotBeLookedAtIsNamedAndTheRestIsImported() throws Exception {
        picture("album/a", 1);
        shell("touch $'album/b\\xff'");
        run(1, "plan");
        assertThat(output.out()).contains("Could not be looked at: 1", "  album/b\\xff: its name is not in UTF-8");
        run(1, "run");
        assertThat(output.out()).contains("1 of 1 files imported", "Validation: incomplete", "album/b\\xff");
        run(1, "verify");
        assertThat(output.out()).contains("album/b\\xff").doesNotContain("everything agrees");
        shell("rm album/b*");
        run(0, "verify");
        assertThat(output.out()).contains("everything agrees");
    }

    @Test
    void aFolderThatCannotBeEnteredIsNamed() throws Exception {
        picture("album/a", 1);
        picture("films/secret", 2);
        Files.setPosixFilePermissions(folder.resolve("films"), PosixFilePermissions.fromString("rw-------"));
        List<String> all = new ArrayList<>(options);
        try (Program program = Program.startWithoutPrivileges(all, "import", "plan", folder.toString())) {
            assertThat(program.await()).as(program.err()).isEqualTo(1);
            assertThat(program.out())
                    .contains(
                            "1 can be imported", "films/secret: it may not be read, or the folder may not be entered");
        } finally {
            Files.setPosixFilePermissions(folder.resolve("films"), PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void nothingThatFitsIsNoSuccess() throws Exception {
        picture("elsewhere/a", 1);
        run(1, "plan");
        run(1, "run");
        assertThat(output.out())
                .contains("No file fits any pattern of the import album")
                .doesNotContain(": valid");
    }

    @Test
    void failedFilesAreNamedWithTheirDeadLetters() throws Exception {
        picture("album/good", 1);
        picture("album/\u001b[31mred", 2);
        picture("album/bad\u001b[2J", 3);
        picture("album/refused", 4);
        run(1, "run");
        assertThat(output.out())
                .contains(
                        "Failed album/pictures: album/bad\\x1b[2J: row-refused",
                        "Failed album/pictures: album/refused: row-refused, ")
                .contains("mediaferry dead-letters --field album/pictures", "dead-letters retry --field album/pictures")
                .doesNotContain("\u001b", "Validation: valid");
    }

    @Test
    void aSecondRunOverFilesThatWaitEndsOne() throws Exception {
        picture("album/a", 1);
        picture("album/b", 2);
        run(0, "run");
        SANDBOX.execute(
                "update mediaferry.transfer set state = 'waiting', object_state = 'none', due = now() + interval '1 hour'"
                        + " where row_key = 'album/b'",
                "delete from picture where name = 'b'");
        JsonNode report = json(1, "run");
        adds(report);
        assertThat(report.path("left").asInt() + report.path("waiting").asInt()).isEqualTo(1);
        assertThat(report.path("validation").asText()).isEqualTo("incomplete");
    }

    @Test
    void reportsAddUpWhateverIsAskedFor() throws Exception {
        picture("album/a", 1);
        picture("album/b", 2);
        picture("films/c", 3);
        picture("elsewhere/d", 4);
        JsonNode one = json(0, "run", "--category", "films");
        assertThat(one.path("processed").asInt()).isEqualTo(1);
        assertThat(one.path("migratable").asInt()).isEqualTo(1);
        adds(one);
        adds(json(0, "run", "--limit", "1"));
        JsonNode rest = json(0, "run");
        assertThat(rest.path("migrated").asInt()).isEqualTo(1);
        assertThat(rest.path("processed").asInt()).isEqualTo(4);
        adds(rest);
        adds(json(0, "run"));
    }

    private static void adds(JsonNode report) {
        long sum = 0;
        for (String part : List.of("migrated", "failed", "waiting", "left", "skipped")) {
            sum += report.path(part).asLong();
        }
        assertThat(report.path("processed").asLong()).as(report.toString()).isEqualTo(sum);
    }

    private void run(int code, String command, String... more) {
        output.reset();
        List<String> line = new ArrayList<>(List.of("import", command, folder.toString()));
        line.addAll(List.of(more));
        line.addAll(options);
        assertThat(MediaferryCommand.execute(line.toArray(String[]::new)))
                .as(() -> output.out() + output.err())
                .isEqualTo(code);
    }

    private JsonNode json(int code, String command, String... more) throws IOException {
        List<String> line = new ArrayList<>(List.of(more));
        line.add("--json");
        run(code, command, line.toArray(String[]::new));
        return new ObjectMapper().readTree(output.out());
    }

    private void picture(String path, int seed) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, Pictures.jpeg(seed));
    }

    private void shell(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("bash", "-c", script)
                .directory(folder.toFile())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
    }
}
