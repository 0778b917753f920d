package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.SalonBackup;
import dev.mediaferry.fixture.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;

/** Files of a backup go only when they are proven to be in the bucket and in the records. */
@Tag("slow")
class ImportCleanTest {

    private static final String FIRST = "Profile-Pics/buyer/1";
    private static final String SECOND = "Profile-Pics/stylist/2";
    private static final String SERVICE = "Service-Images/7/a";
    private static final String CHAT = "Chat-Images/1/message";

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX, SalonBackup.registry());

    private SmallBackup backup;

    @BeforeAll
    static void createTables() {
        SalonBackup.createTables(SANDBOX);
    }

    @BeforeEach
    void imported() throws IOException {
        backup = new SmallBackup(SANDBOX, commands.directory())
                .with(FIRST, Pictures.jpeg(1))
                .with(SECOND, Pictures.jpeg(2))
                .with(SERVICE, Pictures.fine(3))
                .with(CHAT, Pictures.jpeg(4));
        assertThat(commands.run("import", "run", backup.folder()))
                .as(commands::err)
                .isZero();
    }

    @Test
    void changesNothingUntilItIsToldHow() throws Exception {
        assertThat(commands.run("import", "clean", backup.folder())).isZero();
        assertThat(commands.out()).startsWith("3 files of").contains("would be taken away", "not-imported 1");
        assertThat(files()).containsExactly(CHAT, FIRST, SECOND, SERVICE);
    }

    @Test
    void deletesWhatIsProvenAndFoldersThatAreEmptyThen() throws Exception {
        JsonNode report = clean(0, "--delete");
        assertThat(report.path("cleaned").asInt()).isEqualTo(3);
        assertThat(report.path("bytes").asLong())
                .isEqualTo(Pictures.jpeg(1).length + Pictures.jpeg(2).length + Pictures.fine(3).length);
        assertThat(files()).containsExactly(CHAT);
        assertThat(backup.file("Profile-Pics")).doesNotExist();
        assertThat(commands.run("import", "run", backup.folder())).isZero();
        assertThat(SANDBOX.sql()
                        .sql("select count(*) from media")
                        .query(Long.class)
                        .single())
                .isEqualTo(3);
    }

    @Test
    void movesFilesUnderTheirPathsAndReplacesNothing() throws Exception {
        Path elsewhere = commands.directory().resolve("elsewhere");
        Files.createDirectories(elsewhere.resolve(FIRST).getParent());
        Files.writeString(elsewhere.resolve(FIRST), "precious");
        JsonNode report = clean(0, "--move", elsewhere.toString());
        assertThat(report.path("cleaned").asInt()).isEqualTo(2);
        assertThat(report.path("kept").path("target-exists").asInt()).isEqualTo(1);
        assertThat(elsewhere.resolve(SECOND)).hasBinaryContent(Pictures.jpeg(2));
        assertThat(elsewhere.resolve(FIRST)).hasContent("precious");
        assertThat(files()).containsExactly(CHAT, FIRST);
        assertThat(commands.run("import", "clean", backup.folder(), "--move", backup.folder() + "/inside"))
                .isEqualTo(2);
    }

    @Test
    void keepsAFileWhoseObjectIsGoneOrAnother() throws Exception {
        String key = key(FIRST);
        SANDBOX.bucket()
                .deleteObject(request -> request.bucket(SANDBOX.bucketName()).key(key));
        byte[] other = Pictures.jpeg(9);
        SANDBOX.bucket()
                .putObject(
                        request -> request.bucket(SANDBOX.bucketName()).key(key(SECOND)), RequestBody.fromBytes(other));
        JsonNode report = clean(1, "--delete");
        assertThat(report.path("kept").path("object-missing").asInt()).isEqualTo(1);
        assertThat(report.path("kept").path("object-differs").asInt()).isEqualTo(1);
        assertThat(report.path("findings")).hasSize(2);
        assertThat(files()).containsExactly(CHAT, FIRST, SECOND);
    }

    @Test
    void keepsAFileThatHasChangedOrWhoseRecordLeadsElsewhere() throws Exception {
        Files.write(backup.file(FIRST), Pictures.jpeg(8));
        SANDBOX.sql()
                .sql("update media set url = 'https://elsewhere.example/1' where object_key = ?")
                .param(key(SECOND))
                .update();
        SANDBOX.execute("delete from media where service_id is not null");
        JsonNode report = clean(1, "--delete");
        assertThat(report.path("cleaned").asInt()).isZero();
        assertThat(report.path("kept").path("file-differs").asInt()).isEqualTo(1);
        assertThat(report.path("kept").path("record-changed").asInt()).isEqualTo(2);
        assertThat(files()).hasSize(4);
    }

    @Test
    void keepsAFileWhoseRecordSomebodyHasLocked() throws Exception {
        try (Connection other = SANDBOX.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("update media set kind = kind where object_key = '" + key(FIRST) + "'");
            JsonNode report = clean(0, "--delete");
            assertThat(report.path("kept").path("row-changed").asInt()).isEqualTo(1);
            other.rollback();
        }
        assertThat(files()).containsExactly(CHAT, FIRST);
    }

    @Test
    void keepsWhatIsStillToBeImportedOrWasJustNow() throws Exception {
        backup.with("Profile-Pics/buyer/2", Pictures.jpeg(6));
        JsonNode report = clean(0, "--delete", "--older-than", "1h");
        assertThat(report.path("cleaned").asInt()).isZero();
        assertThat(report.path("kept").path("recent").asInt()).isEqualTo(3);
        assertThat(report.path("kept").path("not-imported").asInt()).isEqualTo(2);
        report = clean(0, "--delete", "--category", "services");
        assertThat(report.path("cleaned").asInt()).isEqualTo(1);
        assertThat(files()).hasSize(4).doesNotContain(SERVICE);
    }

    private JsonNode clean(int code, String... options) throws IOException {
        List<String> line = new java.util.ArrayList<>(List.of("import", "clean", backup.folder(), "--json"));
        line.addAll(List.of(options));
        return commands.json(code, line.toArray(String[]::new));
    }

    private List<String> files() throws IOException {
        Path folder = Path.of(backup.folder());
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static String key(String path) {
        return (String) SANDBOX.transfer(path).get("object_key");
    }
}
