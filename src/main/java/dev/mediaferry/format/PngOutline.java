package dev.mediaferry.format;

import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The structure of a PNG file: chunks from the signature to IEND (https://www.w3.org/TR/png-3/#5DataRep). */
public final class PngOutline {

    private static final long HEADER = 0x49484452;
    private static final long DATA = 0x49444154;
    private static final long END = 0x49454e44;

    private PngOutline() {}

    public static Structure read(Bytes bytes) throws IOException {
        long length = bytes.length();
        long width = 0;
        long height = 0;
        long at = 8;
        long data = -1;
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
            data = type == DATA ? at : data;
        }
        return new Structure(width, height, false, data > 0 && at <= length);
    }

    /** @return true when the data of all chunks is a whole stream */
    public static boolean hasAllData(Bytes bytes) throws IOException {
        Inflater inflater = new Inflater();
        byte[] pixels = new byte[16 * 1024];
        byte[] piece = new byte[16 * 1024];
        try {
            for (long at = 8; at + 8 <= bytes.length(); at += 12 + bytes.u32(at)) {
                long end = bytes.u32(at + 4) == DATA ? at + 8 + bytes.u32(at) : at;
                for (long from = at + 8; from < end && !inflater.finished(); ) {
                    int count = (int) Math.min(piece.length, end - from);
                    for (int i = 0; i < count; i++) {
                        piece[i] = (byte) bytes.at(from + i);
                    }
                    from += count;
                    inflater.setInput(piece, 0, count);
                    while (inflater.inflate(pixels) > 0) {}
                }
            }
            return inflater.finished();
        } catch (DataFormatException e) {
            return false;
        } finally {
            inflater.end();
        }
    }
}
