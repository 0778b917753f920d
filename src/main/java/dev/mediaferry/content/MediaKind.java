package dev.mediaferry.content;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a field of the registry may hold, as its {@code types} name it. */
public enum MediaKind {
    /** Pictures made of pixels. */
    IMAGE,
    VIDEO,
    PDF,
    /** Apart from the other pictures, since it is a document that may run scripts where it is opened. */
    SVG,
    /** Whatever no other kind is: stored as bytes that nobody opens. Only categories of imports may hold it. */
    OTHER;

    /** What fields take that name no types; in the order in which the kinds stand here. */
    public static final Set<MediaKind> DEFAULT = Collections.unmodifiableSet(EnumSet.of(IMAGE, VIDEO));

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for a label that no kind has */
    public static MediaKind ofLabel(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
