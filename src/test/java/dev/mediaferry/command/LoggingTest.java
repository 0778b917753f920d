package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the program writes about itself. */
@Tag("slow")
class LoggingTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @TempDir
    Path directory;

    @Test
    void writesOneJsonObjectALineAndSaysThatDownloadsUseNoProxy() throws Exception {
        SANDBOX.photo("1", SANDBOX.cdn().picture());
        Path log = directory.resolve("log");
        List<String> options =
                SANDBOX.options(directory, Sandbox.REGISTRY, "log.format", "json", "log.file", log.toString());
        try (Program program = Program.start(options, List.of("-Dhttp.proxyHost=proxy.example"), "migrate")) {
            assertThat(program.await()).as(program.err()).isZero();
        }
        List<String> lines = Files.readAllLines(log);
        assertThat(lines).isNotEmpty();
        ObjectMapper json = new ObjectMapper();
        for (String line : lines) {
            JsonNode entry = json.readTree(line);
            assertThat(entry.path("level").asText()).isNotEmpty();
            assertThat(entry.path("timestamp").asLong()).isPositive();
        }
        assertThat(json.readTree(lines.get(0)).path("formattedMessage").asText())
                .startsWith(
                        "a proxy is set (http.proxyHost): requests to the store use it, but downloads go to their hosts"
                                + " directly");
    }

    @Test
    void saysWhenARunStartsAndEndsWithTheCountsOfEachField() throws Exception {
        SANDBOX.photo("1", SANDBOX.cdn().picture());
        SANDBOX.photo("2", SANDBOX.cdn().picture());
        SANDBOX.photo("3", SANDBOX.cdn().answering(404));
        SANDBOX.photo("4", null);
        Path log = directory.resolve("log");
        List<String> options = SANDBOX.options(directory, Sandbox.REGISTRY, "log.file", log.toString());
        try (Program program = Program.start(options, "migrate")) {
            assertThat(program.await()).as(program.err()).isEqualTo(1);
        }
        List<String> lines = Files.readAllLines(log).stream()
                .filter(line -> line.contains("Runs run "))
                .toList();
        assertThat(lines).hasSize(3).allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:.* INFO .*"));
        assertThat(lines.get(0)).endsWith(" (migrate) starts: Photo.url");
        assertThat(lines.get(1))
                .endsWith("Photo.url: 3 processed, 2 succeeded, 1 failed {gone=1}, 0 superseded, 1 skipped");
        assertThat(lines.get(2)).contains(" ends: 2 of 3 rows moved");
    }

    @Test
    void endsWithASentenceWhenTheAddressOfTheDatabaseIsMalformed() throws Exception {
        List<String> options =
                SANDBOX.options(directory, Sandbox.REGISTRY, "database.url", "jdbc:postgresql://db.example:port/app");
        try (Program program = Program.start(options, "status")) {
            assertThat(program.await()).isEqualTo(2);
            assertThat(program.err())
                    .contains("mediaferry.database.url must be jdbc:postgresql://host:port/database")
                    .doesNotContain("unforeseen");
        }
    }

    @Test
    void showsNoKeysThatStandInAnAddress() throws Exception {
        List<String> options =
                SANDBOX.options(directory, Sandbox.REGISTRY, "storage.endpoint", "http://key:s3cret@127.0.0.1:1");
        try (Program program = Program.start(options, "bucket", "check")) {
            assertThat(program.await()).isNotZero();
            assertThat(program.out() + program.err()).contains("@127.0.0.1:1").doesNotContain("s3cret");
        }
    }
}
