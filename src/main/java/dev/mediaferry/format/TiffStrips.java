package dev.mediaferry.format;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Whether the strips of a TIFF hold as many bytes as its pixels need. Decoders fill up silently what is missing. Works out
 * lengths only, no pixels.
 */
final class TiffStrips {

    static final int PLAIN = 1;
    static final int LZW = 5;
    static final int DEFLATE = 8;
    static final int OLD_DEFLATE = 32946;
    static final int PACK_BITS = 32773;

    private static final int CLEAR = 256;
    private static final int END = 257;
    private static final int CODES = 4096;

    private final byte[] file;
    private final int compression;

    TiffStrips(byte[] file, int compression) {
        this.file = file;
        this.compression = compression;
    }

    /** @throws IndexOutOfBoundsException when the strip leads out of the file */
    void check(int start, int length, long needed) throws NotCompressible {
        java.util.Objects.checkFromIndexSize(start, length, file.length);
        long found =
                switch (compression) {
                    case LZW -> lzw(start, start + length, needed);
                    case DEFLATE, OLD_DEFLATE -> inflated(start, length, needed);
                    case PACK_BITS -> unpacked(start, start + length, needed);
                    default -> length;
                };
        if (found < needed) {
            throw new NotCompressible(SkipReason.DAMAGED, "a strip holds " + found + " of " + needed + " bytes");
        }
    }

    private long inflated(int start, int length, long needed) {
        Inflater inflater = new Inflater();
        byte[] buffer = new byte[16 * 1024];
        inflater.setInput(file, start, length);
        long found = 0;
        try {
            for (int count = 1; count > 0 && found < needed; found += count) {
                count = inflater.inflate(buffer);
            }
            return found;
        } catch (DataFormatException e) {
            return 0;
        } finally {
            inflater.end();
        }
    }

    private long unpacked(int start, int end, long needed) {
        long found = 0;
        int at = start;
        while (at < end && found < needed) {
            int count = file[at];
            int bytes = count >= 0 ? count + 1 : 1;
            if (count != Byte.MIN_VALUE) {
                if (at + bytes >= end) {
                    return found;
                }
                found += count >= 0 ? bytes : 1 - count;
                at += bytes;
            }
            at++;
        }
        return found;
    }

    /** TIFF's LZW (revision 6.0, section 13): of each code's text only the length is kept. */
    private long lzw(int start, int end, long needed) {
        int[] lengths = new int[CODES];
        Arrays.fill(lengths, 0, CLEAR, 1);
        int next = END + 1;
        int bits = 9;
        int last = -1;
        long found = 0;
        long at = 8L * start;
        while (found < needed && at + bits <= 8L * end) {
            int code = code(at, bits);
            at += bits;
            if (code == END) {
                return found;
            }
            if (code == CLEAR) {
                next = END + 1;
                bits = 9;
                last = -1;
                continue;
            }
            if (code > next || (last < 0 && code > CLEAR) || (code == next && next == CODES)) {
                return found;
            }
            if (last >= 0 && next < CODES) {
                lengths[next] = lengths[last] + 1;
                next++;
            }
            found += lengths[code];
            if (next + 1 >= 1 << bits && bits < 12) {
                bits++;
            }
            last = code;
        }
        return found;
    }

    private int code(long bit, int bits) {
        int at = (int) (bit / 8);
        int three = (file[at] & 0xff) << 16 | byteAt(at + 1) << 8 | byteAt(at + 2);
        return three >> (24 - bits - (int) (bit % 8)) & ((1 << bits) - 1);
    }

    private int byteAt(int at) {
        return at < file.length ? file[at] & 0xff : 0;
    }
}
