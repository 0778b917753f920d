package dev.mediaferry.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What of EXIF changes how a picture is shown (CIPA DC-008, 4.6.4): which way is up, and how large it is.
 *
 * @param orientation 1 to 8 as viewers take it, 1 also for nonsense; 0 when nothing is said
 * @param resolution pixels per unit, or null
 */
public record Exif(int orientation, Resolution resolution) {

    /** Says nothing. */
    static final Exif NONE = new Exif(0, null);

    private static final int ORIENTATION = 0x0112;
    private static final int X = 0x011a;
    private static final int Y = 0x011b;
    private static final int UNIT = 0x0128;
    private static final int BYTE = 1;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int RATIONAL = 5;
    private static final int INCH = 2;
    private static final int CENTIMETRE = 3;

    /**
     * Fractions.
     *
     * @param unit 1 none, so that only their ratio counts, 2 inch, 3 centimetre
     */
    public record Resolution(int xNumber, int xDivisor, int yNumber, int yDivisor, int unit) {

        Resolution turned() {
            return new Resolution(yNumber, yDivisor, xNumber, xDivisor, unit);
        }

        /** True when they are of any use. */
        private boolean isSensible() {
            return xNumber > 0 && xDivisor > 0 && yNumber > 0 && yDivisor > 0;
        }

        double x() {
            return (double) xNumber / xDivisor;
        }

        double y() {
            return (double) yNumber / yDivisor;
        }

        /** @return EXIF data that holds the resolution and nothing else */
        byte[] exif() {
            int values = 8 + 2 + 3 * 12 + 4;
            ByteBuffer out = ByteBuffer.allocate(values + 16)
                    .putInt(0x4d4d002a)
                    .putInt(8)
                    .putShort((short) 3);
            entry(out, X, RATIONAL).putInt(values);
            entry(out, Y, RATIONAL).putInt(values + 8);
            entry(out, UNIT, SHORT).putShort((short) unit).putShort((short) 0);
            return out.putInt(0)
                    .putInt(xNumber)
                    .putInt(xDivisor)
                    .putInt(yNumber)
                    .putInt(yDivisor)
                    .array();
        }
    }

    static Exif read(byte[] bytes, int start, int length) {
        ByteBuffer tiff = ByteBuffer.wrap(bytes, start, length).slice();
        if (length < 8 || (tiff.getShort(0) != 0x4949 && tiff.getShort(0) != 0x4d4d)) {
            return NONE;
        }
        tiff.order(tiff.getShort(0) == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long directory = tiff.getInt(4) & 0xffffffffL;
        if (directory + 2 > length) {
            return NONE;
        }
        int entries = tiff.getShort((int) directory) & 0xffff;
        int orientation = 0;
        int[] x = {0, 0};
        int[] y = {0, 0};
        int unit = INCH;
        for (long at = directory + 2; entries > 0 && at + 12 <= length; at += 12, entries--) {
            int entry = (int) at;
            int tag = tiff.getShort(entry) & 0xffff;
            if (tag == ORIENTATION && orientation == 0 && isWhole(tiff, entry)) {
                long value = whole(tiff, entry);
                orientation = value >= 1 && value <= 8 ? (int) value : 1;
            } else if (tag == X) {
                x = fraction(tiff, entry);
            } else if (tag == Y) {
                y = fraction(tiff, entry);
            } else if (tag == UNIT && isWhole(tiff, entry)) {
                long value = whole(tiff, entry);
                unit = value >= 1 && value <= CENTIMETRE ? (int) value : INCH;
            }
        }
        Resolution resolution = new Resolution(x[0], x[1], y[0], y[1], unit);
        return new Exif(orientation, resolution.isSensible() ? resolution : null);
    }

    /** @return 1 to 8; 1 when the data says nothing, or nothing sensible, as viewers take it */
    public static int orientation(byte[] bytes, int start, int length) {
        return Math.max(1, read(bytes, start, length).orientation());
    }

    /** @return a TIFF file that says it is upright, whatever it said; the same where it says nothing */
    public static byte[] upright(byte[] file) {
        ByteBuffer tiff = ByteBuffer.wrap(file);
        tiff.order(file.length >= 8 && tiff.getShort(0) == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long directory = file.length < 8 ? file.length : tiff.getInt(4) & 0xffffffffL;
        int entries = directory + 2 > file.length ? 0 : tiff.getShort((int) directory) & 0xffff;
        for (long at = directory + 2; entries > 0 && at + 12 <= file.length; at += 12, entries--) {
            int entry = (int) at;
            if ((tiff.getShort(entry) & 0xffff) == ORIENTATION && isWhole(tiff, entry) && whole(tiff, entry) != 1) {
                ByteBuffer copy = ByteBuffer.wrap(file.clone()).order(tiff.order());
                copy.putShort(entry + 2, (short) SHORT)
                        .putShort(entry + 8, (short) 1)
                        .putShort(entry + 10, (short) 0);
                return copy.array();
            }
        }
        return file;
    }

    /** Writers take any type that holds whole numbers for one of them. */
    private static boolean isWhole(ByteBuffer tiff, int entry) {
        int type = tiff.getShort(entry + 2);
        return (type == BYTE || type == SHORT || type == LONG) && tiff.getInt(entry + 4) == 1;
    }

    private static long whole(ByteBuffer tiff, int entry) {
        return switch (tiff.getShort(entry + 2)) {
            case BYTE -> tiff.get(entry + 8) & 0xff;
            case SHORT -> tiff.getShort(entry + 8) & 0xffff;
            default -> tiff.getInt(entry + 8) & 0xffffffffL;
        };
    }

    private static int[] fraction(ByteBuffer tiff, int entry) {
        long at = tiff.getInt(entry + 8) & 0xffffffffL;
        return tiff.getShort(entry + 2) == RATIONAL && at + 8 <= tiff.limit()
                ? new int[] {tiff.getInt((int) at), tiff.getInt((int) at + 4)}
                : new int[] {0, 0};
    }

    /** @return EXIF data that holds the orientation and nothing else */
    public static byte[] withOrientation(int orientation) {
        ByteBuffer out = ByteBuffer.allocate(26).putInt(0x4d4d002a).putInt(8).putShort((short) 1);
        return entry(out, ORIENTATION, SHORT)
                .putShort((short) orientation)
                .putShort((short) 0)
                .putInt(0)
                .array();
    }

    private static ByteBuffer entry(ByteBuffer out, int tag, int type) {
        return out.putShort((short) tag).putShort((short) type).putInt(1);
    }
}
