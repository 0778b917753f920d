package dev.mediaferry.backup;

import dev.mediaferry.content.LocalFiles;
import dev.mediaferry.content.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MimeTypes;

/** What a file is by its first bytes. */
final class FileTypes {

    /** Enough for what tells types apart by content alone. */
    private static final int HEAD = 4096;

    static final String UNKNOWN = "application/octet-stream";

    private FileTypes() {}

    /**
     * Media are told as the ferry tells them, everything else by Apache Tika.
     *
     * @return {@code bin} is the extension of what nobody knows
     */
    static MediaType of(Path file) throws IOException {
        byte[] head = LocalFiles.head(file, HEAD);
        return MediaType.of(head.length > MediaType.HEAD_LENGTH ? Arrays.copyOf(head, MediaType.HEAD_LENGTH) : head)
                .orElseGet(() -> other(head));
    }

    private static MediaType other(byte[] head) {
        // Read on first use: a folder of nothing but media needs none of it.
        MimeTypes types = MimeTypes.getDefaultMimeTypes();
        try (InputStream in = new ByteArrayInputStream(head)) {
            String name = types.detect(in, new Metadata()).getBaseType().toString();
            String extension = name.equals(UNKNOWN) ? "" : types.forName(name).getExtension();
            return new MediaType(name, extension.isEmpty() ? "bin" : extension.substring(1));
        } catch (IOException | org.apache.tika.mime.MimeTypeException e) {
            return new MediaType(UNKNOWN, "bin");
        }
    }
}
