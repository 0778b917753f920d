package dev.mediaferry.format;

/**
 * What the structure of a file says of the one picture in it.
 *
 * @param orientation 1 to 8 as in EXIF, 1 being upright
 * @param profile the ICC profile, in the form in which the file's format holds it; empty when there is none
 * @param halfColours true when the file holds colours in half the resolution, in both directions
 * @param density the size of its pixels, or null
 */
public record Picture(int width, int height, int orientation, byte[] profile, boolean halfColours, Density density) {

    public static final byte[] NO_PROFILE = {};

    public Picture(int width, int height, int orientation, byte[] profile) {
        this(width, height, orientation, profile, false, null);
    }

    /** @throws NotCompressible when it is larger than the setting says */
    public Picture within(int maxPixels) throws NotCompressible {
        if (width <= 0 || height <= 0) {
            throw new NotCompressible(SkipReason.DAMAGED, "the header claims " + width + " x " + height + " pixels");
        }
        if ((long) width * height > maxPixels) {
            throw new NotCompressible(
                    SkipReason.TOO_MANY_PIXELS,
                    width + " x " + height + " pixels, at most " + maxPixels + " are decoded");
        }
        return this;
    }

    public int pixels() {
        return width * height;
    }

    /** True when turning it upright makes its width its height. */
    public boolean isTurned() {
        return orientation >= 5;
    }
}
