package dev.mediaferry.compress;

import java.util.Locale;

/** Why an original is stored as it is. */
public enum Kept {
    /** Its type is not one that is compressed, or the settings leave it alone. */
    TYPE,
    /** It moves. */
    ANIMATED,
    /** There is more in the file than one picture: pages, a gain map, a film. */
    SEVERAL_PICTURES,
    /** A form that cannot be written again faithfully, like CMYK or 16 bits. */
    FORM,
    TOO_MANY_PIXELS,
    /** A decoder would have to guess. */
    DAMAGED,
    /** What it would save is less than asked for. */
    SAVING,
    /** The compressed form would look different. */
    LIKENESS,
    /** There are no codecs for this platform. */
    UNAVAILABLE,
    /** The compressed form could not be made or written. */
    FAILED;

    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @param label as reports count it, with the extension of a type that is never compressed @return the same for a person */
    public static String explain(String label) {
        return switch (label) {
            case "type-gif" -> "type-gif: GIFs keep their animation and their colours";
            case "animated" -> "animated: it moves";
            case "several-pictures" ->
                "several-pictures: pages, layers, a film or a map behind the picture would be lost";
            case "form" -> "form: 16 bits, CMYK or another form that cannot be written again faithfully";
            case "saving" -> "saving: hardly smaller";
            case "likeness" -> "likeness: it would look different";
            default -> label.startsWith(TYPE.label() + "-") ? label + ": a type that is not compressed" : label;
        };
    }
}
