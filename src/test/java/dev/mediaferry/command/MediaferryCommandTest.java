package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaferryCommandTest {

    @RegisterExtension
    final CapturedOutput output = new CapturedOutput();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help"})
    void listsItsCommands(String option) {
        assertThat(MediaferryCommand.execute(option)).isZero();
        assertThat(output.out())
                .containsPattern("  demo +The main job on sample data, with nothing to configure[.]")
                .containsPattern("  migrate +One run now[.]")
                .containsPattern("  run +The service[.]")
                .containsPattern("  dead-letters +What was given up")
                .containsPattern("  quarantine +Bytes that are held")
                .containsPattern("  rollback +")
                .containsPattern("  verify +")
                .containsPattern("  orphans +")
                .containsPattern("  status +How everything stands[.]")
                .contains("Exit codes:  0 done   1 some media failed   2 usage or configuration error");
        assertThat(output.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"demo", "migrate", "status", "dead-letters", "quarantine", "rollback", "verify", "orphans", "run"
            })
    void explainsEachCommand(String command) {
        assertThat(MediaferryCommand.execute(command, "--help")).isZero();
        assertThat(output.out())
                .contains("Usage: mediaferry " + command + " [-h")
                .contains("--set", "--registry", "--properties");
    }

    @Test
    void tellsItsVersion() {
        assertThat(MediaferryCommand.execute("--version")).isZero();
        assertThat(output.out()).isEqualTo("Mediaferry (development), Java %s%n", System.getProperty("java.version"));
    }

    @Test
    void knowsACommandByTheNameItHad() {
        assertThat(MediaferryCommand.execute("placeholders", "--help")).isZero();
        assertThat(output.out()).contains("Usage: mediaferry quarantine [-h");
    }

    @Test
    void wantsACommand() {
        assertUsageError("name a command");
    }

    @Test
    void suggestsTheCommandThatWasMeant() {
        assertUsageError("migrat", "migrat");
        assertThat(output.err()).contains("mediaferry migrate");
    }

    @ParameterizedTest
    @CsvSource({
        "--limit, 0, --limit must be at least 1",
        "--limit, -1, --limit must be at least 1",
        "--limit, many, Invalid value for option '--limit'",
        "--batch-size, 0, --batch-size must be from 1 to 10000",
        "--batch-size, 10001, --batch-size must be from 1 to 10000",
        "--set, mediaferry.home, mediaferry.home",
        "--unknown, x, Unknown option"
    })
    void refusesAnOptionThatMakesNoSense(String option, String value, String message) {
        assertThat(MediaferryCommand.execute("migrate", option, value)).isEqualTo(2);
        assertThat(output.err()).contains(message);
        assertThat(output.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 'say what is to be undone'",
        "'--row nowhere:1', '--row must be Table.column:ID'",
        "'--row Photo.url:1 --field Photo.other', '--row is of Photo.url'",
        "'--since yesterday', '--since must be a date'",
        "'--run 1 --undo --dry-run', '--undo goes with neither'"
    })
    void refusesARollbackThatIsNotClear(String options, String message) throws Exception {
        String line = "rollback --registry " + registry() + " " + options;
        assertUsageError(message, line.strip().split(" "));
    }

    @Test
    void suggestsTheFieldThatWasMeant() throws Exception {
        assertConfigurationError(
                "mediaferry: no field Photo.ulr; did you mean Photo.url?\n",
                "migrate",
                "Photo.ulr",
                "--registry",
                registry());
        assertConfigurationError(
                "mediaferry: no field No.such; the registry has Photo.url\n",
                "migrate",
                "No.such",
                "--registry",
                registry());
    }

    @ParameterizedTest
    @ValueSource(strings = {"migrate", "status", "run"})
    void suggestsTheSettingThatWasMeant(String command) throws Exception {
        assertConfigurationError(
                "mediaferry: --set: unknown setting mediaferry.database.ulr; did you mean mediaferry.database.url?\n",
                command,
                "--registry",
                registry(),
                "--set",
                "mediaferry.database.ulr=x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"migrate", "status", "run"})
    void refusesAFileThatIsNotThere(String command) throws Exception {
        assertConfigurationError("mediaferry: cannot read none.yaml\n", command, "--registry", "none.yaml");
        assertConfigurationError(
                "mediaferry: cannot read none.properties\n",
                command,
                "--registry",
                registry(),
                "--properties",
                "none.properties");
    }

    @Test
    void namesEveryProblemOfTheRegistryOnALineOfItsOwn() throws Exception {
        Path registry = Files.writeString(directory.resolve("bad.yaml"), "fields:\n  - { table: Photo }\n");
        assertThat(MediaferryCommand.execute("migrate", "--registry", registry.toString()))
                .isEqualTo(2);
        assertThat(output.err().lines())
                .containsExactlyInAnyOrder(
                        "mediaferry: " + registry + ":2: required property 'column' not found",
                        "mediaferry: " + registry + ":2: required property 'folder' not found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"migrate", "status", "run"})
    void saysThatTheDatabaseCannotBeReached(String command) throws Exception {
        String address = "127.0.0.1:" + closedPort() + "/app";
        int code = MediaferryCommand.execute(
                command,
                "--registry",
                registry(),
                "--properties",
                properties(
                        "mediaferry.database.url=postgresql://ferry:s3cr3t@" + address,
                        "mediaferry.storage.endpoint=http://127.0.0.1:" + closedPort(),
                        "mediaferry.storage.bucket=media"));
        assertThat(code).isEqualTo(3);
        assertThat(output.err())
                .startsWith("mediaferry: cannot open the database at jdbc:postgresql://" + address + ": ")
                .doesNotContain("s3cr3t")
                .doesNotContain("\tat ");
        assertThat(output.out()).isEmpty();
    }

    @Test
    void showsWhereAnErrorCameFromWhenAskedTo() throws Exception {
        int code = MediaferryCommand.execute(
                "status",
                "-v",
                "--registry",
                registry(),
                "--properties",
                properties("mediaferry.database.url=postgresql://ferry@127.0.0.1:" + closedPort() + "/app"));
        assertThat(code).isEqualTo(3);
        assertThat(output.err())
                .contains("mediaferry: cannot open the database at")
                .contains("\tat dev.mediaferry.");
        assertThat(output.out()).isEmpty();
    }

    private void assertUsageError(String message, String... args) {
        assertThat(MediaferryCommand.execute(args)).isEqualTo(2);
        assertThat(output.err()).contains(message);
        assertThat(output.out()).isEmpty();
    }

    private void assertConfigurationError(String message, String... args) {
        output.reset();
        assertThat(MediaferryCommand.execute(args)).isEqualTo(2);
        assertThat(output.err()).isEqualToNormalizingNewlines(message);
        assertThat(output.out()).isEmpty();
    }

    private String registry() throws IOException {
        return Files.writeString(
                        directory.resolve("registry.yaml"), "fields: [{ table: Photo, column: url, folder: photos }]")
                .toString();
    }

    private String properties(String... lines) throws IOException {
        return Files.writeString(directory.resolve("application.properties"), String.join("\n", lines))
                .toString();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
