package dev.mediaferry.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.mediaferry.failure.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @TempDir
    private Path directory;

    @Test
    void readTheStrongestSource() throws Exception {
        Path file = file("mediaferry.fetch.timeout=1s\nmediaferry.fetch.concurrency=1\nmediaferry.server.port=1");
        Settings settings = Settings.load(
                file,
                Map.of("MEDIAFERRY_FETCH_CONCURRENCY", "2", "MEDIAFERRY_SERVER_PORT", "2"),
                Map.of("mediaferry.server.port", "3"));
        assertThat(settings.text("fetch.timeout")).isEqualTo("1s");
        assertThat(settings.text("fetch.concurrency")).isEqualTo("2");
        assertThat(settings.text("server.port")).isEqualTo("3");
        assertThat(settings.text("server.host")).isEqualTo("127.0.0.1");
    }

    @Test
    void findKeysWithDashesInTheEnvironment() {
        Settings settings = Settings.load(
                null,
                Map.of("MEDIAFERRY_STORAGE_SECRET_KEY", "s3cr3t", "MEDIAFERRY_FETCH_DELAY_PER_HOST", "1s"),
                Map.of());
        assertThat(settings.text("storage.secret-key")).isEqualTo("s3cr3t");
        assertThat(settings.text("fetch.delay-per-host")).isEqualTo("1s");
    }

    @Test
    void ignoreTheRestOfTheEnvironment() {
        Map<String, String> environment = Map.of(
                "PATH", "/bin", "MEDIAFERRY_JAVA_OPTS", "-Xmx1g", "MEDIAFERRY_APP", "/opt", "mediaferry_home", "x");
        assertThat(Settings.load(null, environment, Map.of()).all())
                .isEqualTo(Settings.load(null, Map.of(), Map.of()).all());
    }

    @Test
    void stripBlanksButKeepUmlauts() throws Exception {
        Settings settings = Settings.load(file("mediaferry.database.password = pässword \t"), Map.of(), Map.of());
        assertThat(settings.text("database.password")).isEqualTo("pässword");
    }

    @Test
    void handCamelsOwnKeysOn() throws Exception {
        Settings settings = Settings.load(file("camel.main.name=x"), Map.of(), Map.of("camel.main.tracing", "true"));
        assertThat(settings.all()).containsEntry("camel.main.name", "x").containsEntry("camel.main.tracing", "true");
    }

    @Test
    void nameEveryUnknownKeyAtOnce() throws Exception {
        Path file = file("mediaferry.database.ulr=x\nserver.port=1");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Settings.load(
                        file,
                        Map.of("MEDIAFERRY_FETCH_TIMEOUTS", "1s"),
                        Map.of("mediaferry.completely.different.thing", "x")))
                .withMessage(String.join(
                        System.lineSeparator(),
                        file + ": unknown setting mediaferry.database.ulr; did you mean mediaferry.database.url?",
                        file + ": unknown setting server.port",
                        "environment: unknown variable MEDIAFERRY_FETCH_TIMEOUTS; did you mean mediaferry.fetch.timeout?",
                        "--set: unknown setting mediaferry.completely.different.thing"));
    }

    @Test
    void sayWhenTheFileCannotBeRead() throws Exception {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Settings.load(directory.resolve("none"), Map.of(), Map.of()))
                .withMessageStartingWith("cannot read the settings from " + directory.resolve("none") + ": ");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Settings.load(file("a=\\u00zz"), Map.of(), Map.of()))
                .withMessageStartingWith("cannot read the settings from ");
    }

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "500ms, PT0.5S",
        "30s, PT30S",
        "5m, PT5M",
        "1h, PT1H",
        "2d, PT48H",
        "' 10 s ', PT10S",
        "0s, PT0S",
    })
    void readDurations(String text, Duration duration) {
        assertThat(Settings.duration(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "-5s", "1.5s", "5S", "5 sec", "PT5S", "1h30m", "1234567890123s", "٥s"})
    void refuseDurationsWithoutUnit(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Settings.duration(text));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1B, 1", "500kB, 500000", "25MB, 25000000", "25 MB, 25000000", "1GB, 1000000000"})
    void readSizesInDecimalUnits(String text, long bytes) {
        assertThat(with("fetch.max-bytes", text).bytes("fetch.max-bytes")).isEqualTo(bytes);
    }

    @Test
    void nameTheKeyAndTheValueThatIsWrong() {
        assertWrong(
                "fetch.max-bytes",
                "25KB",
                "a size with its unit, like 500kB, 25MB or 1GB",
                s -> s.bytes("fetch.max-bytes"));
        assertWrong("server.port", "65536", "a whole number from 0 to 65535", s -> s.integer("server.port", 0, 65535));
        assertWrong("server.port", "http", "a whole number from 0 to 65535", s -> s.integer("server.port", 0, 65535));
        assertWrong("server.jolokia", "yes", "true or false", s -> s.flag("server.jolokia"));
        assertWrong("storage.path-style", "1", "true or false", s -> s.optionalFlag("storage.path-style"));
        assertWrong(
                "fetch.timeout",
                "soon",
                "a duration with its unit, like 500ms, 30s or 5m",
                s -> s.duration("fetch.timeout", Duration.ZERO, Duration.ofHours(1)));
        assertWrong(
                "fetch.timeout",
                "2h",
                "from PT0S to PT1H",
                s -> s.duration("fetch.timeout", Duration.ZERO, Duration.ofHours(1)));
    }

    @Test
    void takeTheirBoundsForAllowed() {
        assertThat(with("server.port", "65535").integer("server.port", 0, 65535))
                .isEqualTo(65535);
        assertThat(with("server.port", "0").integer("server.port", 0, 65535)).isZero();
        assertThat(with("fetch.timeout", "1h").duration("fetch.timeout", Duration.ZERO, Duration.ofHours(1)))
                .isEqualTo(Duration.ofHours(1));
    }

    @ParameterizedTest
    @CsvSource({"true, true", "TRUE, true", "false, false", "False, false"})
    void readFlags(String text, boolean flag) {
        assertThat(with("server.jolokia", text).flag("server.jolokia")).isEqualTo(flag);
        assertThat(with("storage.path-style", text).optionalFlag("storage.path-style"))
                .contains(flag);
    }

    @Test
    void takeAnEmptyValueForNone() {
        assertThat(with("storage.acl", " ").optional("storage.acl")).isEmpty();
        assertThat(with("storage.path-style", "").optionalFlag("storage.path-style"))
                .isEmpty();
        assertThat(with("storage.cache-control", "").text("storage.cache-control"))
                .isEmpty();
    }

    @Test
    void countRelativePathsFromTheWorkingDirectory() {
        assertThat(with("home", "x/../data").path("home"))
                .isEqualTo(Path.of("data").toAbsolutePath());
        assertThat(with("home", "/srv/data").path("home")).isEqualTo(Path.of("/srv/data"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\u0000b"})
    void refuseAPathThatIsNone(String value) {
        assertWrong("home", value.strip(), "a path", settings -> settings.path("home"));
    }

    @Test
    void areReplacedInACopy() {
        Settings settings = with("server.port", "1");
        assertThat(settings.with(Map.of("mediaferry.server.port", "2")).text("server.port"))
                .isEqualTo("2");
        assertThat(settings.without("mediaferry.server.").all())
                .doesNotContainKey("mediaferry.server.port")
                .containsKey("mediaferry.home");
        assertThat(settings.text("server.port")).isEqualTo("1");
    }

    private static void assertWrong(String key, String value, String right, Function<Settings, Object> read) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read.apply(with(key, value)))
                .withMessage("mediaferry.%s is '%s', but must be %s", key, value, right);
    }

    private static Settings with(String key, String value) {
        return Settings.load(null, Map.of(), Map.of("mediaferry." + key, value));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("application.properties"), text);
    }
}
