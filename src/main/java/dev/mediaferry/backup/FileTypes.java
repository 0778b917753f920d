package dev.mediaferry.backup;

import dev.mediaferry.content.LocalFiles;
import dev.mediaferry.content.MediaKind;
import dev.mediaferry.content.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MimeTypes;

/** What a file is by its first bytes. */
final class FileTypes {

    static final String UNKNOWN = MediaType.UNKNOWN.name();

    private FileTypes() {}

    /**
     * @param type {@code bin} is the extension of what nobody knows
     * @param medium true for what the ferry takes, so that a plan promises nothing else
     */
    record FileType(MediaType type, boolean medium) {

        /** @return what the ferry stores it as; empty when these kinds leave it out */
        Optional<MediaType> storedAs(Set<MediaKind> kinds) {
            return (medium ? type : MediaType.UNKNOWN).among(kinds);
        }
    }

    /** Media are told as the ferry tells them, everything else by Apache Tika. */
    static FileType of(Path file) throws IOException {
        byte[] head = LocalFiles.head(file, LocalFiles.HEAD_LENGTH);
        Optional<MediaType> medium = LocalFiles.type(head);
        return medium.map(type -> new FileType(type, true)).orElseGet(() -> new FileType(other(head), false));
    }

    private static MediaType other(byte[] head) {
        // Read on first use: a folder of nothing but media needs none of it.
        MimeTypes types = MimeTypes.getDefaultMimeTypes();
        try (InputStream in = new ByteArrayInputStream(head)) {
            String name = types.detect(in, new Metadata()).getBaseType().toString();
            String extension = name.equals(UNKNOWN) ? "" : types.forName(name).getExtension();
            return new MediaType(name, extension.isEmpty() ? "bin" : extension.substring(1));
        } catch (IOException | org.apache.tika.mime.MimeTypeException e) {
            return MediaType.UNKNOWN;
        }
    }
}
