package dev.mediaferry.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.registry.RegistryFile;
import dev.mediaferry.run.ScheduleSettings;
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
    private static final String RESOLVED = FIELD.formatted(", resolve: 'http://127.0.0.1/link'");

    @Test
    void readsWhatMovingFieldsTakes() throws IOException {
        assertThat(read(PLAIN, Set.of()))
                .containsExactly("errors", "ferry", "migrate", "pace", "plan", "relink", "removal", "store", "sweep");
    }

    @Test
    void readsWhatEachTaskTakesBesides() throws IOException {
        assertThat(read(PLAIN, Set.of(Task.ARCHIVE))).hasSize(10).contains("archive");
        assertThat(read(PLAIN, Set.of(Task.IMPORT))).hasSize(10).contains("import");
        assertThat(read(PLAIN, Set.of(Task.ROLLBACK))).hasSize(10).contains("rollback");
        assertThat(read(PLAIN, Set.of(Task.SERVE))).hasSize(11).contains("observe", "schedule");
        assertThat(read(RESOLVED, Set.of())).hasSize(10).contains("resolve");
    }

    @Test
    void watchesADirectoryOnlyAsAService() throws IOException {
        assertThat(read(PLAIN, Set.of(Task.IMPORT), "mediaferry.import.dir", "drops"))
                .doesNotContain("import-directory");
        assertThat(read(PLAIN, Set.of(Task.SERVE), "mediaferry.import.dir", "drops"))
                .contains("import-directory");
    }

    @Test
    void servesWithoutAScheduleWhenItIsOff() throws IOException {
        assertThat(read(PLAIN, Set.of(Task.SERVE), "mediaferry.schedule", "off"))
                .contains("observe")
                .doesNotContain("schedule");
    }

    @Test
    void leavesNoFileUnread() throws IOException {
        try (Stream<Path> files = Files.list(ROUTES)) {
            assertThat(read(RESOLVED, EnumSet.allOf(Task.class), "mediaferry.import.dir", "drops"))
                    .hasSameSizeAs(files.toList());
        }
    }

    @Test
    void readsEveryRouteThatAnotherOneLeadsTo() throws IOException {
        for (Set<Task> tasks :
                List.of(Set.<Task>of(), Set.of(Task.ARCHIVE), Set.of(Task.IMPORT), Set.of(Task.ROLLBACK))) {
            StringBuilder text = new StringBuilder();
            for (String name : read(PLAIN, tasks)) {
                text.append(Files.readString(ROUTES.resolve(name + ".camel.yaml")));
            }
            assertThat(found("uri: (direct:[a-z-]+)", text))
                    .as("%s", tasks)
                    .hasSizeGreaterThan(20)
                    .isEqualTo(found("from:\\s+uri: (direct:[a-z-]+)", text));
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

    private static List<String> read(String field, Set<Task> tasks) throws IOException {
        return read(field, tasks, Map.of());
    }

    private static List<String> read(String field, Set<Task> tasks, String setting, String value) throws IOException {
        return read(field, tasks, Map.of(setting, value));
    }

    private static List<String> read(String field, Set<Task> tasks, Map<String, String> settings) throws IOException {
        return Stream.of(files(field, tasks, settings).in(ROUTES).split(","))
                .map(file -> file.replaceFirst("file:.*/(.*)[.]camel[.]yaml", "$1"))
                .toList();
    }

    private static RouteFiles files(String field, Set<Task> tasks, Map<String, String> given) {
        Settings settings = Settings.load(null, Map.of(), given);
        return new RouteFiles(
                tasks,
                settings,
                ScheduleSettings.of(settings),
                RegistryFile.parse("registry.yaml", "fields: [" + field + "]"));
    }
}
