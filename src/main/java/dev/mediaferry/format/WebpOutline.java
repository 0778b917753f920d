package dev.mediaferry.format;

import java.io.IOException;

/** The structure of a WebP file: one RIFF chunk that says how long it is (RFC 9649, section 2). */
public final class WebpOutline {

    private static final long LOSSY = 0x56503820;
    private static final long LOSSLESS = 0x5650384c;
    private static final long EXTENDED = 0x56503858;

    private WebpOutline() {}

    public static Structure read(Bytes bytes) throws IOException {
        long length = bytes.length();
        if (length < 30) {
            return new Structure(0, 0, false);
        }
        // Writers forget the byte that makes an odd length even.
        boolean complete = bytes.u32Little(4) + 8 <= length + 1;
        long form = bytes.u32(12);
        if (form == LOSSY) {
            return new Structure(bytes.u16Little(26) & 0x3fff, bytes.u16Little(28) & 0x3fff, complete);
        }
        if (form == LOSSLESS) {
            long bits = bytes.u32Little(21);
            return new Structure((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1, complete);
        }
        if (form == EXTENDED) {
            return new Structure(u24(bytes, 24) + 1, u24(bytes, 27) + 1, complete);
        }
        return new Structure(0, 0, complete);
    }

    private static long u24(Bytes bytes, long position) throws IOException {
        return bytes.u16Little(position) | (long) bytes.at(position + 2) << 16;
    }
}
