package dev.mediaferry.derivatives;

import dev.mediaferry.settings.Settings;

/**
 * How much work is done at once, and what is given up.
 *
 * @param pictures jobs of pictures and posters at a time; 0 leaves them to other processes
 * @param films jobs of films at a time; 0 leaves them to other processes
 * @param memory bytes of all pictures that are decoded at once
 * @param maxBytes of the original of a picture
 * @param maxPixels of a picture
 * @param attempts after which a job is given up
 * @param jpegQuality with webpQuality of what is made, from 1 to 100
 */
public record DerivativeSettings(
        int pictures,
        int films,
        long memory,
        long maxBytes,
        int maxPixels,
        int attempts,
        int jpegQuality,
        int webpQuality) {

    private static final int MOST_AT_ONCE = 64;
    private static final int MOST_ATTEMPTS = 100;
    private static final int BEST = 100;

    public static DerivativeSettings of(Settings settings) {
        int processors = Runtime.getRuntime().availableProcessors();
        return new DerivativeSettings(
                settings.optional("derivatives.pictures").isPresent()
                        ? settings.integer("derivatives.pictures", 0, MOST_AT_ONCE)
                        : processors,
                settings.integer("derivatives.films", 0, MOST_AT_ONCE),
                settings.bytes("derivatives.memory"),
                settings.bytes("derivatives.max-bytes"),
                settings.integer("fetch.max-pixels", 1, Integer.MAX_VALUE),
                settings.integer("derivatives.attempts", 1, MOST_ATTEMPTS),
                settings.integer("derivatives.jpeg-quality", 1, BEST),
                settings.integer("derivatives.webp-quality", 1, BEST));
    }
}
