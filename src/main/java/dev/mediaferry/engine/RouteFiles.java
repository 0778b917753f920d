package dev.mediaferry.engine;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.imports.ImportSettings;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.run.ScheduleSettings;
import dev.mediaferry.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which route files Camel reads. It makes every route that it reads, which is most of what a short command takes. */
final class RouteFiles {

    private static final String SUFFIX = ".camel.yaml";

    /** By the name of the file; one that is not named is always needed. */
    private final Map<String, Boolean> needed;

    RouteFiles(Set<Task> tasks, Settings settings, ScheduleSettings schedule, Registry registry) {
        boolean serves = tasks.contains(Task.SERVE);
        this.needed = Map.of(
                "archive", tasks.contains(Task.ARCHIVE),
                "import", tasks.contains(Task.IMPORT),
                "import-directory",
                        serves && ImportSettings.of(settings).directory().isPresent(),
                "observe", serves,
                "resolve", registry.resolves(),
                "rollback", tasks.contains(Task.ROLLBACK),
                // Quartz would start with it.
                "schedule", serves && schedule.cron().isPresent());
    }

    /** @return the files that are needed, as Camel expects them: separated by commas */
    String in(Path routes) throws IOException {
        if (!Files.isDirectory(routes)) {
            throw new ConfigurationException("no routes in " + routes + ": start Mediaferry by its launcher");
        }
        try (Stream<Path> files = Files.list(routes)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .filter(file -> needed.getOrDefault(name(file), true))
                    .sorted()
                    .map(file -> "file:" + file)
                    .collect(Collectors.joining(","));
        }
    }

    private static String name(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - SUFFIX.length());
    }
}
