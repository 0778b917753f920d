package dev.mediaferry.content;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The bytes of one medium with their facts. Held in memory when small, else in a spool file, which {@link #close}
 * deletes; so they can be read again and again.
 *
 * @param bytes null when spooled
 * @param file null when in memory
 * @param length in bytes
 * @param sha256 64 hexadecimal digits
 */
public record Content(byte[] bytes, Path file, long length, String sha256, MediaType type) implements AutoCloseable {

    /** What an endpoint can send as often as it wants: a byte array, or a file. */
    public Object payload() {
        return bytes != null ? bytes : file.toFile();
    }

    @Override
    public void close() {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
