package dev.mediaferry.video;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What children that read films may use.
 *
 * @param ffmpeg empty for the one on the search path
 * @param searchPath directories with programs, as PATH has them
 * @param timeout of one child, from its start to its end
 * @param memory that one may address, in bytes
 * @param scratch most bytes of one job on disk, its source included
 */
public record VideoSettings(Optional<Path> ffmpeg, String searchPath, Duration timeout, long memory, long scratch) {

    private static final String USUAL = "/usr/local/bin:/usr/bin:/bin";

    /** @throws ConfigurationException when a setting names a program that is none */
    public static VideoSettings of(Settings settings) {
        return new VideoSettings(
                settings.program("video.ffmpeg"),
                settings.variable("PATH").orElse(USUAL),
                settings.duration("video.timeout", Duration.ofSeconds(1), Duration.ofDays(2)),
                settings.bytes("video.memory"),
                settings.bytes("video.scratch"));
    }
}
