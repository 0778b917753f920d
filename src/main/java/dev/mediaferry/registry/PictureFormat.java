package dev.mediaferry.registry;

/** How a derived picture is written. */
public enum PictureFormat {
    JPG("image/jpeg", false, 65_500),
    WEBP("image/webp", true, 16_383),
    PNG("image/png", true, Integer.MAX_VALUE);

    private final String contentType;
    private final boolean transparent;
    private final int longestSide;

    PictureFormat(String contentType, boolean transparent, int longestSide) {
        this.contentType = contentType;
        this.transparent = transparent;
        this.longestSide = longestSide;
    }

    public String contentType() {
        return contentType;
    }

    /** True when it can be transparent. */
    public boolean transparent() {
        return transparent;
    }

    /** Most pixels of a side, as its encoder takes them. */
    public int longestSide() {
        return longestSide;
    }

    /** Extension of its keys, without a dot, and what the registry calls it. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
