package dev.mediaferry.content;

import dev.mediaferry.format.Structure;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pixels of a picture, as its header claims them. */
public record Dimensions(int width, int height) {

    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,8})x([1-9][0-9]{0,8})");

    /** @return null where the header does not say */
    static Dimensions of(Structure structure) {
        return structure.width() > 0 && structure.height() > 0
                ? new Dimensions(pixels(structure.width()), pixels(structure.height()))
                : null;
    }

    /** A header may claim anything. */
    private static int pixels(long claimed) {
        return (int) Math.min(claimed, Integer.MAX_VALUE);
    }

    /** @param text as {@link #toString} writes it, or anything else */
    public static Optional<Dimensions> of(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches()
                ? Optional.of(new Dimensions(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}
