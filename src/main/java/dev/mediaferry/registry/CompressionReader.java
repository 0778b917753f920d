package dev.mediaferry.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.compress.Compression;
import java.util.Optional;

/** Reads how pictures are compressed, from a registry that fits its schema. */
final class CompressionReader {

    private static final Compression DEFAULT = Compression.DEFAULT;

    private CompressionReader() {}

    /** @return empty when they are not compressed at all */
    static Optional<Compression> read(JsonNode node) {
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
