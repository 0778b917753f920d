package dev.mediaferry.backup;

import dev.mediaferry.content.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MimeTypes;

/** What a file is by its first bytes. */
final class FileTypes {

    /** Enough for what tells types apart by content alone. */
    private static final int HEAD = 4096;

    static final String UNKNOWN = "application/octet-stream";

    private final MimeTypes types = MimeTypes.getDefaultMimeTypes();

    /**
     * Media are told as the ferry tells them, everything else by Apache Tika.
     *
     * @return {@code bin} is the extension of what nobody knows
     */
    MediaType of(Path file) throws IOException {
        byte[] head = head(file);
        return MediaType.of(
                        head.length > MediaType.HEAD_LENGTH
                                ? java.util.Arrays.copyOf(head, MediaType.HEAD_LENGTH)
                                : head)
                .orElseGet(() -> other(head));
    }

    private MediaType other(byte[] head) {
        try (InputStream in = new ByteArrayInputStream(head)) {
            String name = types.detect(in, new Metadata()).getBaseType().toString();
            String extension = name.equals(UNKNOWN) ? "" : types.forName(name).getExtension();
            return new MediaType(name, extension.isEmpty() ? "bin" : extension.substring(1));
        } catch (IOException | org.apache.tika.mime.MimeTypeException e) {
            return new MediaType(UNKNOWN, "bin");
        }
    }

    private static byte[] head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return in.readNBytes(HEAD);
        }
    }
}
