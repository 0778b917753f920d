package dev.mediaferry.derivatives;

import java.util.Locale;
import java.util.Set;

/**
 * The place of one derivative of an object, which holds one at a time.
 *
 * @param size longest side of a picture, height of a film; 0 for the size of the original
 * @param format extension of its key
 */
public record Slot(Kind kind, int size, String format) {

    /** What players load; all others are pictures. */
    static final Set<Kind> OF_FILMS = Set.of(Kind.RENDITION, Kind.PLAYLIST, Kind.MASTER);

    /** What a derivative is. */
    public enum Kind {
        THUMBNAIL,
        OPTIMIZED,
        POSTER,
        RENDITION,
        PLAYLIST,
        MASTER;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    boolean holds(Derivative derivative) {
        return kind.label().equals(derivative.kind())
                && size == derivative.size()
                && format.equals(derivative.format());
    }

    /** What a key calls its size. */
    String sizeName() {
        return kind == Kind.POSTER ? kind.label() : size == 0 ? "full" : Integer.toString(size);
    }
}
