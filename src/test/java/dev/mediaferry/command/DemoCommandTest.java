package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class DemoCommandTest {

    @RegisterExtension
    final CapturedOutput output = new CapturedOutput();

    @TempDir
    private Path home;

    @Test
    void movesRowsInEveryStateAndPrintsOneDocument() throws Exception {
        int code = MediaferryCommand.execute("demo", "--once", "--json", "--set", "mediaferry.home=" + home);

        JsonNode report = new ObjectMapper().readTree(output.out());
        assertThat(code).isZero();
        assertThat(report.path("found").asInt()).isEqualTo(34);
        assertThat(report.path("migrated").asInt()).isEqualTo(30);
        assertThat(report.path("dead").toString())
                .isEqualTo("{\"expired\":1,\"forbidden\":1,\"gone\":1,\"not-media\":1}");
        assertThat(report.path("skipped").toString())
                .isEqualTo("{\"empty\":44,\"foreign\":2,\"invalid\":1,\"ours\":1}");
        assertThat(report.path("fields")).hasSize(6);
        assertThat(output.err()).isEmpty();
    }

    @Test
    void showsBeforeAndAfter() {
        assertThat(MediaferryCommand.execute("demo", "--once", "--rows", "20", "--set", "mediaferry.home=" + home))
                .isZero();
        assertThat(output.out())
                .contains("LinkedInProfile.profilePic of row c00000000000")
                .containsPattern("before  http://127.0.0.1:\\d+/dms/image/ada.jpg")
                .containsPattern("after   http://127.0.0.1:\\d+/media/profile-avatars/c00000000000/\\d+-\\w+\\.jpg")
                .contains("Dead letters: expired 1, forbidden 1, gone 1, not-media 1");
    }

    @Test
    void takesNoNumbersThatAreDispatchedToOthers() throws Exception {
        Path waiting =
                Files.writeString(Files.createDirectory(home.resolve("queue")).resolve("one"), "1");
        assertThat(MediaferryCommand.execute(
                        "demo",
                        "--once",
                        "--set",
                        "mediaferry.home=" + home,
                        "--set",
                        "mediaferry.dispatch.endpoint=file:" + waiting.getParent()
                                + "?delete=true&initialDelay=0&delay=10"))
                .isZero();
        assertThat(waiting).exists();
    }

    @Test
    void refusesTooFewRows() {
        assertThat(MediaferryCommand.execute("demo", "--rows", "3", "--set", "mediaferry.home=" + home))
                .isEqualTo(2);
        assertThat(output.err()).contains("--rows must be at least 20");
    }
}
