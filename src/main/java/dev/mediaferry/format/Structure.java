package dev.mediaferry.format;

/**
 * What the structure of a picture says, read without decoding a pixel.
 *
 * @param width in pixels, as the header claims; 0 when it does not say
 * @param height in pixels, likewise
 * @param complete false when the bytes end before the picture does
 * @param endless true when they end where nothing but the marker of its end may be missing; a closer look tells
 */
public record Structure(long width, long height, boolean complete, boolean endless) {

    Structure(long width, long height, boolean complete) {
        this(width, height, complete, false);
    }

    /** Of formats that are not looked into. */
    public static final Structure UNKNOWN = new Structure(0, 0, true);

    public boolean hasMorePixelsThan(long most) {
        return width > 0 && height > most / width;
    }

    public boolean isOnePixel() {
        return width == 1 && height == 1;
    }
}
