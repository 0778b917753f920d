package dev.mediaferry.settings;

import java.util.Locale;

/** Numbers of bytes for a person, in the decimal units that settings have. */
public final class Sizes {

    private static final String UNITS = "kMGT";

    private Sizes() {}

    public static String text(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes / 1000.0;
        int unit = 0;
        while (value >= 1000 && unit < UNITS.length() - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %sB", value, UNITS.charAt(unit));
    }
}
