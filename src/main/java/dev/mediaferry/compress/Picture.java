package dev.mediaferry.compress;

/**
 * What the structure of a file says of the one picture in it.
 *
 * @param orientation 1 to 8 as in EXIF, 1 being upright
 * @param profile the ICC profile, in the form in which the file's format holds it; empty when there is none
 * @param halfColours true when the file holds colours in half the resolution, in both directions
 * @param density the size of its pixels, or null
 */
record Picture(int width, int height, int orientation, byte[] profile, boolean halfColours, Density density) {

    static final byte[] NO_PROFILE = {};

    Picture(int width, int height, int orientation, byte[] profile) {
        this(width, height, orientation, profile, false, null);
    }

    /** @throws Unfit when it is larger than the setting says */
    Picture within(int maxPixels) throws Unfit {
        if (width <= 0 || height <= 0) {
            throw new Unfit(Kept.DAMAGED, "the header claims " + width + " x " + height + " pixels");
        }
        if ((long) width * height > maxPixels) {
            throw new Unfit(
                    Kept.TOO_MANY_PIXELS, width + " x " + height + " pixels, at most " + maxPixels + " are decoded");
        }
        return this;
    }

    int pixels() {
        return width * height;
    }

    /** True when turning it upright makes its width its height. */
    boolean isTurned() {
        return orientation >= 5;
    }
}
