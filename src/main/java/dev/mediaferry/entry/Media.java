package dev.mediaferry.entry;

import dev.mediaferry.content.MediaKind;
import dev.mediaferry.format.Compression;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What the media of an entry may be, and what is done with them before they are stored.
 *
 * @param folder where its files lie; empty for the folder of the run
 * @param maxBytes most bytes of one medium; empty for {@code mediaferry.fetch.max-bytes}
 * @param compression how its pictures are compressed; empty when they are stored as they come
 */
public record Media(
        Optional<Path> folder, Set<MediaKind> types, OptionalLong maxBytes, Optional<Compression> compression) {}
