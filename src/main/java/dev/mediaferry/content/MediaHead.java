package dev.mediaferry.content;

import dev.mediaferry.format.Bytes;
import dev.mediaferry.format.Structure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the first bytes of a file say of it.
 *
 * @param type {@link MediaType#UNKNOWN} for what is no medium
 * @param width with height in pixels, as the header claims; null for what has none, or says it further behind
 * @param description of the type, for a person
 */
public record MediaHead(MediaType type, Integer width, Integer height, String description) {

    /** How much to look at: headers of pictures stand behind profiles and previews. */
    public static final int LENGTH = 256 * 1024;

    /** @param head of a file, {@link #LENGTH} of its bytes when it has as many */
    public static MediaHead of(byte[] head) {
        Optional<MediaType> type = LocalFiles.type(Arrays.copyOf(head, Math.min(head.length, LocalFiles.HEAD_LENGTH)));
        if (type.isEmpty()) {
            return new MediaHead(MediaType.UNKNOWN, null, null, MediaType.describe(head));
        }
        Structure structure = structure(type.get(), head);
        boolean known = structure.width() > 0 && structure.height() > 0;
        return new MediaHead(
                type.get(),
                known ? pixels(structure.width()) : null,
                known ? pixels(structure.height()) : null,
                type.get().name());
    }

    /** A header may claim anything. */
    private static Integer pixels(long claimed) {
        return (int) Math.min(claimed, Integer.MAX_VALUE);
    }

    /** @return false when the picture goes on after these bytes, as far as its structure tells */
    public static boolean isComplete(byte[] file) {
        return MediaType.of(Arrays.copyOf(file, Math.min(file.length, MediaType.HEAD_LENGTH)))
                .map(type -> structure(type, file).complete())
                .orElse(false);
    }

    private static Structure structure(MediaType type, byte[] head) {
        try (Bytes bytes = Bytes.of(head, head.length)) {
            return MediaInspection.structure(type, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean hasMorePixelsThan(long most) {
        return width != null && (long) width * height > most;
    }
}
