package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What docs/uploads.md shows a new user does what it says. */
class UploadWalkthroughTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final Pattern SHELL = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path directory;

    @Test
    void uploadsAPictureWithCurl() throws Exception {
        List<String> missing = Stream.of("bash", "curl", "openssl")
                .filter(program -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .noneMatch(place -> Files.isExecutable(Path.of(place, program))))
                .toList();
        assumeThat(missing).as("programs that this machine lacks").isEmpty();
        String port = FreePort.text();
        SANDBOX.api(UploadDoorTest.REGISTRY, Tokens.settings(port));
        byte[] picture = Pictures.jpeg(1);
        Files.write(directory.resolve("picture.jpg"), picture);
        String script = SHELL.matcher(Files.readString(Path.of("docs", "uploads.md")))
                .results()
                .map(block -> block.group(1))
                .collect(Collectors.joining("\n"));

        ProcessBuilder bash = new ProcessBuilder("bash", "-eu", "-o", "pipefail", "-c", script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        bash.environment().put("SECRET", Tokens.SECRET);
        bash.environment().put("API", "http://127.0.0.1:" + port + "/api/v1/media");
        Process process = bash.start();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String output = Files.readString(directory.resolve("output"));
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output).contains("\"status\":\"READY\"", "\"cdnUrl\":\"http");
        assertThat(SANDBOX.object(SANDBOX.keys().get(0))).isEqualTo(picture);
    }
}
