package dev.mediaferry.registry;

/** How a derived picture is written. */
public enum PictureFormat {
    JPG("image/jpeg", false),
    WEBP("image/webp", true),
    PNG("image/png", true);

    private final String contentType;
    private final boolean transparent;

    PictureFormat(String contentType, boolean transparent) {
        this.contentType = contentType;
        this.transparent = transparent;
    }

    public String contentType() {
        return contentType;
    }

    /** True when it can be transparent. */
    public boolean transparent() {
        return transparent;
    }

    /** Extension of its keys, without a dot, and what the registry calls it. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
