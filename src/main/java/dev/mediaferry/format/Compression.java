package dev.mediaferry.format;

import dev.mediaferry.failure.ConfigurationException;

/**
 * How pictures are compressed. A quality is 1 to 100, as libjpeg and libwebp count it; 0 leaves that type alone. A JPEG
 * whose colours have full resolution keeps it.
 *
 * @param jpeg quality
 * @param png whether PNG files are written anew; their pixels stay the same to the bit
 * @param webp quality
 * @param tiff quality of the JPEG in the file
 * @param maxPixels width times height, as the header says; larger pictures are not decoded
 * @param minSaving in percent; who saves less keeps the original. 0 to 99, and nothing that is not smaller counts
 */
public record Compression(int jpeg, boolean png, int webp, int tiff, int maxPixels, int minSaving) {

    public static final Compression DEFAULT = new Compression(85, true, 80, 85, 50_000_000, 5);

    public Compression {
        check("jpg", jpeg, 0, 100, "a quality from 1 to 100, or 0 to leave these files alone");
        check("webp", webp, 0, 100, "a quality from 1 to 100, or 0 to leave these files alone");
        check("tiff", tiff, 0, 100, "a quality from 1 to 100, or 0 to leave these files alone");
        check("maxPixels", maxPixels, 1, Integer.MAX_VALUE, "a number of pixels from 1 on");
        check("minSaving", minSaving, 0, 99, "a percentage from 0 to 99");
    }

    private static void check(String name, int value, int min, int max, String right) {
        if (value < min || value > max) {
            throw new ConfigurationException("compression: " + name + " is " + value + ", but must be " + right);
        }
    }

    /** @return the most bytes that a compressed form of {@code original} bytes may have */
    public long most(long original) {
        return Math.min(original - 1, original - Math.multiplyExact(original, (long) minSaving) / 100);
    }
}
