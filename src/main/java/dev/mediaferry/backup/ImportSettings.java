package dev.mediaferry.backup;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The import directory.
 *
 * @param directory that folders and archives are dropped into; empty for none
 * @param stable how long nothing of a folder or archive may change until it counts as complete
 * @param maxUnpacked most bytes of an archive, unpacked
 */
public record ImportSettings(Optional<Path> directory, Duration stable, long maxUnpacked) {

    /** @throws ConfigurationException naming the setting */
    public static ImportSettings of(Settings settings) {
        return new ImportSettings(
                settings.optional("import.dir").map(value -> settings.path("import.dir")),
                settings.duration("import.stable", Duration.ofMillis(100), Duration.ofDays(1)),
                settings.bytes("import.max-unpacked"));
    }
}
