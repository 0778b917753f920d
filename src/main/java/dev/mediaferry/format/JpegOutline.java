package dev.mediaferry.format;

import java.io.IOException;

/**
 * The structure of a JPEG file (ITU-T T.81, annex B). Decoders are lenient, so this is, too: bytes between segments are
 * skipped, and what follows the end, like the padding of cameras, a second picture or a film, is nobody's concern.
 */
public final class JpegOutline {

    private static final int START_OF_SCAN = 0xda;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int DEFINE_HUFFMAN_TABLES = 0xc4;
    private static final int RESERVED_FRAME = 0xc8;
    private static final int DEFINE_ARITHMETIC_CODING = 0xcc;

    private JpegOutline() {}

    public static Structure read(Bytes bytes) throws IOException {
        long length = bytes.length();
        long width = 0;
        long height = 0;
        long at = 2;
        while (at + 3 < length) {
            int marker = bytes.at(at) == 0xff ? bytes.at(at + 1) : 0;
            if (marker == 0 || marker == 0xff) {
                at++;
                continue;
            }
            if (marker == END_OF_IMAGE) {
                return new Structure(width, height, true);
            }
            int size = hasSegment(marker) ? bytes.u16(at + 2) : 0;
            if (isFrame(marker) && at + 8 < length) {
                height = Math.max(height, bytes.u16(at + 5));
                width = Math.max(width, bytes.u16(at + 7));
            }
            at += 2L + size;
            if (marker == START_OF_SCAN) {
                boolean ended = endsAfter(bytes, at);
                return new Structure(width, height, ended, !ended && at < length);
            }
        }
        return new Structure(width, height, false);
    }

    /** In the data of a scan every 0xff is followed by a zero or a restart marker, so what looks like the end is one. */
    private static boolean endsAfter(Bytes bytes, long scan) throws IOException {
        for (long at = bytes.length() - 2; at >= scan; at--) {
            if (bytes.at(at) == 0xff && bytes.at(at + 1) == END_OF_IMAGE) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasSegment(int marker) {
        boolean alone = marker == 1 || (marker >= 0xd0 && marker <= 0xd8);
        return !alone;
    }

    private static boolean isFrame(int marker) {
        return marker >= 0xc0
                && marker <= 0xcf
                && marker != DEFINE_HUFFMAN_TABLES
                && marker != RESERVED_FRAME
                && marker != DEFINE_ARITHMETIC_CODING;
    }
}
