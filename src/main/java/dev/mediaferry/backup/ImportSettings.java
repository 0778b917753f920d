package dev.mediaferry.backup;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Settings;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The import directory, and what imports may use.
 *
 * @param directory that folders and archives are dropped into; empty for none
 * @param stable how long nothing of a folder or archive may change until it counts as complete
 * @param maxUnpacked most bytes of an archive, unpacked
 * @param archiveCharset of names in archives that do not say theirs; empty to tell it by the archive
 * @param maxStored most bytes that imports have in the store together; empty for any number
 * @param compressionMemory most bytes that pictures take while they are compressed
 */
public record ImportSettings(
        Optional<Path> directory,
        Duration stable,
        long maxUnpacked,
        Optional<Charset> archiveCharset,
        OptionalLong maxStored,
        long compressionMemory) {

    /** Of memory outside the heap, while it is decoded, turned and encoded. */
    private static final int BYTES_OF_A_PIXEL = 16;

    /** @throws ConfigurationException naming the setting */
    public static ImportSettings of(Settings settings) {
        return new ImportSettings(
                settings.optional("import.dir").map(value -> settings.path("import.dir")),
                settings.duration("import.stable", Duration.ofMillis(100), Duration.ofDays(1)),
                settings.bytes("import.max-unpacked"),
                settings.optional("import.archive-charset")
                        .map(value -> settings.parse(
                                "import.archive-charset", value, "an encoding, like Shift_JIS", Charset::forName)),
                settings.optional("import.max-stored")
                        .map(value -> OptionalLong.of(settings.bytes("import.max-stored")))
                        .orElse(OptionalLong.empty()),
                settings.bytes("import.compression-memory"));
    }

    /** How many pixels may be worked on together. */
    public int pixelsAtOnce() {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, compressionMemory / BYTES_OF_A_PIXEL));
    }
}
