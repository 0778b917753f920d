package dev.mediaferry.compress;

import dev.mediaferry.content.Content;
import dev.mediaferry.format.SkipReason;
import java.util.Optional;

/**
 * What is to be stored for a picture.
 *
 * @param original as it was given
 * @param content the compressed form, or the original itself
 * @param kept why it is the original; empty when it was compressed
 * @param note what was done, or what stood against it, for a person
 */
public record Compressed(Content original, Content content, Optional<SkipReason> kept, String note)
        implements AutoCloseable {

    static Compressed to(Content original, Content content, String note) {
        return new Compressed(original, content, Optional.empty(), note);
    }

    static Compressed kept(Content original, SkipReason kept, String note) {
        return new Compressed(original, original, Optional.of(kept), note);
    }

    /** In bytes. */
    public long saved() {
        return original.length() - content.length();
    }

    /** Frees both, the original and its compressed form. */
    @Override
    public void close() {
        try (original) {
            content.close();
        }
    }
}
