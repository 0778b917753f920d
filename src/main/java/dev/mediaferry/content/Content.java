package dev.mediaferry.content;

import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The bytes of one medium with their facts. Held in memory when small, else in a spool file, which {@link #close}
 * deletes, or in the user's own file, which stays; so they can be read again and again.
 *
 * @param bytes null when in a file
 * @param file null when in memory
 * @param length in bytes
 * @param sha256 64 hexadecimal digits
 * @param source the user's file that the bytes were read from, or null
 * @param original what they were before they were compressed; null when they are as they came
 * @param dimensions of a picture whose header says them, or null
 * @param endless true for a whole picture that lacks the marker of its end
 */
public record Content(
        byte[] bytes,
        Path file,
        long length,
        String sha256,
        MediaType type,
        FileMark source,
        Original original,
        Dimensions dimensions,
        boolean endless)
        implements AutoCloseable {

    /** Bytes that came from elsewhere. */
    public Content(byte[] bytes, Path file, long length, String sha256, MediaType type) {
        this(bytes, file, length, sha256, type, null, null, null, false);
    }

    /** @return these bytes as what was made of others, whose file must not change until they are stored */
    public Content madeOf(Content before) {
        return new Content(
                bytes,
                file,
                length,
                sha256,
                type,
                before.source,
                new Original(before.length, before.sha256),
                dimensions,
                false);
    }

    /** What an endpoint can send as often as it wants: a byte array, or a file. */
    public Object payload() {
        return bytes != null ? bytes : file.toFile();
    }

    /** True when the user's file is no longer the one that was read. */
    public boolean changed() {
        return source != null && source.changed();
    }

    /** @throws TransferException when the user's file is no longer the one that was read */
    public void checkUnchanged() {
        if (changed()) {
            throw new TransferException(FailureKind.CHANGED, "the file changed while it was read");
        }
    }

    @Override
    public void close() {
        if (file != null && (source == null || !file.equals(source.file()))) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
