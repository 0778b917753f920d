package dev.mediaferry.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.registry.RegistryFile;
import dev.mediaferry.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteFilesTest {

    private static final Path ROUTES = Path.of("routes");
    private static final String FIELD = "{ table: Photo, column: url, folder: photos%s }";
    private static final String PLAIN = FIELD.formatted("");
    private static final String UPLOADED =
            """
            derivatives: [{ name: pictures, thumbnails: [150] }]
            uploads: [{ type: AVATAR, folder: avatars, content: [image/png], max-bytes: 1MB, derivatives: pictures }]
            fields: [%s]""";
    private static final String REFERRED =
            "references: [{ name: preview, table: Preview, rename: { s3Key: imageKey } }]";
    private static final String RESOLVED = FIELD.formatted(", resolve: 'http://127.0.0.1/link'");

    @Test
    void readsWhatMovingFieldsTakes() throws IOException {
        assertThat(read(PLAIN, Set.of(Capability.MIGRATE)))
                .containsExactly(
                        "archive",
                        "derivatives-sweep",
                        "errors",
                        "ferry",
                        "migrate",
                        "orders",
                        "pace",
                        "plan",
                        "progress",
                        "relink",
                        "removal",
                        "store",
                        "sweep");
    }

    @Test
    void readsWhatEachCapabilityTakesBesides() throws IOException {
        assertThat(read(PLAIN, Set.of(Capability.IMPORT))).hasSize(14).contains("import");
        assertThat(read(PLAIN, Set.of(Capability.ROLLBACK)))
                .containsExactly("derivatives-sweep", "errors", "removal", "rollback");
        assertThat(read(PLAIN, Set.of(Capability.SWEEP)))
                .containsExactly("derivatives-sweep", "errors", "removal", "sweep");
        assertThat(read(PLAIN, Set.of(Capability.DEAD_LETTERS))).containsExactly("dead-letters", "errors");
        assertThat(read(PLAIN, Set.of(Capability.VERIFY))).containsExactly("errors", "verify");
        assertThat(read(PLAIN, Set.of(Capability.SERVE)))
                .contains("observe", "schedule", "migrate", "import", "verify");
        assertThat(read(RESOLVED, Set.of(Capability.MIGRATE))).hasSize(14).contains("resolve");
    }

    @Test
    void watchesADirectoryOnlyAsAService() throws IOException {
        assertThat(read(PLAIN, Set.of(Capability.IMPORT), "mediaferry.import.dir", "drops"))
                .doesNotContain("import-directory");
        assertThat(read(PLAIN, Set.of(Capability.SERVE), "mediaferry.import.dir", "drops"))
                .contains("import-directory");
    }

    @Test
    void servesWithoutAScheduleWhenItIsOff() throws IOException {
        assertThat(read(PLAIN, Set.of(Capability.SERVE), "mediaferry.schedule", "off"))
                .contains("observe")
                .doesNotContain("schedule");
    }

    @Test
    void leavesNoFileUnread() throws IOException {
        try (Stream<Path> files = Files.list(ROUTES)) {
            assertThat(read(
                            UPLOADED.formatted(RESOLVED) + "\n" + REFERRED,
                            EnumSet.allOf(Capability.class),
                            "mediaferry.import.dir",
                            "drops"))
                    .hasSameSizeAs(files.toList());
        }
    }

    @Test
    void readsEveryRouteThatAnotherOneLeadsTo() throws IOException {
        for (Capability capability : Capability.values()) {
            StringBuilder text = new StringBuilder();
            for (String name : read(PLAIN, Set.of(capability))) {
                // Of the policies those are used that a route names.
                text.append(name.equals("errors") ? "" : Files.readString(ROUTES.resolve(name + ".camel.yaml")));
            }
            assertThat(found("from:\\s+uri: (direct:[a-z-]+)", text))
                    .as("%s", capability)
                    .containsAll(found("uri: (direct:[a-z-]+)", text));
        }
    }

    @Test
    void declaresEachFileOnce() throws IOException {
        try (Stream<Path> files = Files.list(ROUTES)) {
            assertThat(Stream.concat(
                            Stream.of(Capability.POLICIES),
                            Stream.of(Capability.values()).flatMap(capability -> capability.routeFiles().stream())))
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(file -> file.getFileName().toString().replace(RouteFiles.SUFFIX, ""))
                                    .toList());
        }
    }

    @Test
    void saysHowItIsStartedWhenThereAreNone(@TempDir Path directory) {
        assertThatThrownBy(() -> files(PLAIN, Set.of(), Map.of()).in(directory.resolve("routes")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageEndingWith("routes: start Mediaferry by its launcher");
    }

    private static Set<String> found(String pattern, CharSequence text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
    }

    private static List<String> read(String field, Set<Capability> capabilities) throws IOException {
        return read(field, capabilities, Map.of());
    }

    private static List<String> read(String field, Set<Capability> capabilities, String setting, String value)
            throws IOException {
        return read(field, capabilities, Map.of(setting, value));
    }

    private static List<String> read(String field, Set<Capability> capabilities, Map<String, String> settings)
            throws IOException {
        return Stream.of(files(field, capabilities, settings).in(ROUTES).split(","))
                .map(file -> file.replaceFirst("file:.*/(.*)[.]camel[.]yaml", "$1"))
                .toList();
    }

    private static RouteFiles files(String field, Set<Capability> capabilities, Map<String, String> given) {
        return new RouteFiles(Capability.all(
                capabilities,
                RegistryFile.parse("registry.yaml", field.contains("fields:") ? field : "fields: [" + field + "]"),
                Settings.load(null, Map.of(), given)));
    }
}
