package dev.mediaferry.content;

import dev.mediaferry.settings.Settings;

/**
 * @param maxPixels width times height of a picture, at most
 * @param sameBytes how many different links of one host may give the same bytes within a run; 0 for any number
 */
public record ContentSettings(int maxPixels, int sameBytes) {

    private static final int MOST_SAME_BYTES = 1000;

    public static ContentSettings of(Settings settings) {
        return new ContentSettings(
                settings.integer("fetch.max-pixels", 1, Integer.MAX_VALUE),
                settings.integer("fetch.same-bytes", 0, MOST_SAME_BYTES));
    }
}
