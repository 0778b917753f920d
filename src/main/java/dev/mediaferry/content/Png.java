package dev.mediaferry.content;

import java.io.IOException;

/** The structure of a PNG file: chunks from the signature to IEND (https://www.w3.org/TR/png-3/#5DataRep). */
final class Png {

    private static final long HEADER = 0x49484452;
    private static final long END = 0x49454e44;

    private Png() {}

    static Structure read(Bytes bytes) throws IOException {
        long length = bytes.length();
        long width = 0;
        long height = 0;
        long at = 8;
        while (at + 8 <= length) {
            long type = bytes.u32(at + 4);
            if (type == END) {
                return new Structure(width, height, true);
            }
            if (type == HEADER && at + 16 <= length) {
                width = bytes.u32(at + 8);
                height = bytes.u32(at + 12);
            }
            at += 12 + bytes.u32(at);
        }
        return new Structure(width, height, false);
    }
}
