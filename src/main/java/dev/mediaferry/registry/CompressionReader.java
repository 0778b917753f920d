package dev.mediaferry.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.content.MediaKind;
import dev.mediaferry.format.Compression;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads how pictures are compressed, from a registry that fits its schema. */
final class CompressionReader {

    private static final Compression DEFAULT = Compression.DEFAULT;

    private CompressionReader() {}

    /**
     * @param problem told what is wrong with it
     * @return empty when nothing is compressed
     */
    static Optional<Compression> read(JsonNode category, Consumer<String> problem) {
        Optional<Compression> compression = compression(category.path("compression"));
        if (compression.isPresent() && !RegistryFile.types(category).contains(MediaKind.IMAGE)) {
            problem.accept("only images are compressed, and types has none");
        }
        return compression;
    }

    private static Optional<Compression> compression(JsonNode node) {
        if (node.isObject()) {
            return Optional.of(new Compression(
                    quality(node.path("jpg"), DEFAULT.jpeg()),
                    node.path("png").asBoolean(DEFAULT.png()),
                    quality(node.path("webp"), DEFAULT.webp()),
                    quality(node.path("tiff"), DEFAULT.tiff()),
                    DEFAULT.maxPixels(),
                    node.path("min-saving").asInt(DEFAULT.minSaving())));
        }
        return node.asBoolean() ? Optional.of(DEFAULT) : Optional.empty();
    }

    private static int quality(JsonNode node, int standard) {
        if (node.isBoolean()) {
            return node.asBoolean() ? standard : 0;
        }
        return node.asInt(standard);
    }
}
