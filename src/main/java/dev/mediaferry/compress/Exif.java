package dev.mediaferry.compress;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The one tag of EXIF that changes what a picture looks like (CIPA DC-008, 4.6.4). */
final class Exif {

    private static final int ORIENTATION = 0x0112;
    private static final int SHORT = 3;

    private Exif() {}

    /** @return 1 to 8; 1 when the data says nothing, or nothing sensible, as viewers take it */
    static int orientation(byte[] bytes, int start, int length) {
        ByteBuffer tiff = ByteBuffer.wrap(bytes, start, length).slice();
        if (length < 8 || (tiff.getShort(0) != 0x4949 && tiff.getShort(0) != 0x4d4d)) {
            return 1;
        }
        tiff.order(tiff.getShort(0) == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long directory = tiff.getInt(4) & 0xffffffffL;
        if (directory + 2 > length) {
            return 1;
        }
        int entries = tiff.getShort((int) directory) & 0xffff;
        for (long at = directory + 2; entries > 0 && at + 12 <= length; at += 12, entries--) {
            if ((tiff.getShort((int) at) & 0xffff) == ORIENTATION && tiff.getShort((int) at + 2) == SHORT) {
                int orientation = tiff.getShort((int) at + 8);
                return orientation >= 1 && orientation <= 8 ? orientation : 1;
            }
        }
        return 1;
    }

    /** @return EXIF data that holds the orientation and nothing else */
    static byte[] withOrientation(int orientation) {
        return ByteBuffer.allocate(26)
                .putInt(0x4d4d002a)
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) ORIENTATION)
                .putShort((short) SHORT)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0)
                .putInt(0)
                .array();
    }
}
