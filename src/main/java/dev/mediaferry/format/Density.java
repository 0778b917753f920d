package dev.mediaferry.format;

/**
 * How large pixels are, as the two places of a file say: the header of JFIF (ITU-T T.871, 10.1), and EXIF.
 *
 * @param unit of JFIF: 0 none, so that only the ratio counts, 1 inch, 2 centimetre
 * @param exif null when EXIF says nothing
 */
public record Density(int unit, int x, int y, Exif.Resolution exif) {

    private static final int MOST = 0xffff;

    /** @param jfif null when there is no such header: then EXIF fills it, as far as whole numbers can */
    public static Density of(Density jfif, Exif.Resolution exif) {
        if (jfif != null) {
            return new Density(jfif.unit, jfif.x, jfif.y, exif);
        }
        boolean fits = exif != null && rounded(exif.x()) <= MOST && rounded(exif.y()) <= MOST;
        return fits
                ? new Density(exif.unit() - 1, rounded(exif.x()), rounded(exif.y()), exif)
                : new Density(0, 1, 1, exif);
    }

    public Density turned() {
        return new Density(unit, y, x, exif == null ? null : exif.turned());
    }

    /** @return EXIF data that holds the resolution and nothing else; empty when EXIF says nothing of it */
    public byte[] exifData() {
        return exif == null ? new byte[0] : exif.exif();
    }

    /** True when EXIF says what JFIF does not. */
    public boolean needsExif() {
        return exif != null && (exif.unit() - 1 != unit || exif.x() != x || exif.y() != y);
    }

    private static int rounded(double value) {
        return (int) Math.max(1, Math.round(value));
    }
}
