package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mediaferry.fixture.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.util.FileSystemUtils;

/** Runs commands on a sandbox, as a user would in a shell, and keeps what the last one printed. */
final class Commands implements BeforeEachCallback, AfterEachCallback {

    private final Sandbox sandbox;
    private final CapturedOutput output = new CapturedOutput();
    private String registry;
    private Path directory;

    Commands(Sandbox sandbox) {
        this(sandbox, Sandbox.REGISTRY);
    }

    Commands(Sandbox sandbox, String registry) {
        this.sandbox = sandbox;
        this.registry = registry;
    }

    /** Commands run on another registry from now on. */
    void registry(String other) {
        registry = other;
    }

    /** @return where the registry lies, and files that it names; emptied after each test */
    Path directory() {
        return directory;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory("commands");
        output.beforeEach(context);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        output.afterEach(context);
        FileSystemUtils.deleteRecursively(directory);
    }

    /** @return the exit code */
    int run(String... line) throws IOException {
        output.reset();
        List<String> words = new ArrayList<>(List.of(line));
        words.addAll(sandbox.options(directory, registry));
        return MediaferryCommand.execute(words.toArray(String[]::new));
    }

    /** @return what a command prints that succeeds */
    JsonNode json(String... line) throws IOException {
        return json(0, line);
    }

    JsonNode json(int exitCode, String... line) throws IOException {
        assertThat(run(line)).as(() -> err() + out()).isEqualTo(exitCode);
        return new ObjectMapper().readTree(out());
    }

    String out() {
        return output.out();
    }

    String err() {
        return output.err();
    }
}
