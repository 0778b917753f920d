package dev.mediaferry.compress;

import dev.mediaferry.content.MediaType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** What can be said of a picture that is to be compressed before anybody decodes it: that it stays as it is, and why. */
public final class Foresight {

    private static final Set<String> COMPRESSED = Set.of("jpg", "png", "webp", "tiff");

    private Foresight() {}

    /** @return why a picture of this type stays as it is, whatever the settings say; empty for those that are compressed */
    public static Optional<String> ofType(MediaType type) {
        boolean picture = type.name().startsWith("image/");
        return picture && !COMPRESSED.contains(type.extension())
                ? Optional.of(Kept.TYPE.label() + "-" + type.extension())
                : Optional.empty();
    }

    /**
     * @param file with that type
     * @return why it stays as it is, as far as its headers tell
     */
    public static Optional<String> of(MediaType type, Path file, Compression settings) throws IOException {
        if (!type.extension().equals("tiff") || settings.tiff() == 0) {
            return ofType(type);
        }
        try {
            Picture unused = TiffFile.read(Files.readAllBytes(file), settings.maxPixels());
            return Optional.empty();
        } catch (Unfit e) {
            return Optional.of(e.kept().label());
        }
    }
}
