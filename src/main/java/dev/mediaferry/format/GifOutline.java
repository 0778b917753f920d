package dev.mediaferry.format;

import java.io.IOException;

/** The structure of a GIF file: blocks from the screen to the trailer (https://www.w3.org/Graphics/GIF/spec-gif89a.txt). */
public final class GifOutline {

    private static final int HEADER_LENGTH = 13;
    private static final int EXTENSION = 0x21;
    private static final int IMAGE = 0x2c;
    private static final int IMAGE_LENGTH = 10;

    private GifOutline() {}

    public static Structure read(Bytes bytes) throws IOException {
        long length = bytes.length();
        if (length < HEADER_LENGTH) {
            return new Structure(0, 0, false);
        }
        long width = bytes.u16Little(6);
        long height = bytes.u16Little(8);
        long at = (long) HEADER_LENGTH + colours(bytes.at(10));
        long end = 0;
        while (at < length) {
            int block = bytes.at(at);
            if (block == 0) {
                // Some writers end their data twice.
                at++;
            } else if (block == EXTENSION) {
                at = skipData(bytes, at + 2);
            } else if (block == IMAGE && at + IMAGE_LENGTH <= length) {
                width = Math.max(width, bytes.u16Little(at + 5));
                height = Math.max(height, bytes.u16Little(at + 7));
                at = skipData(bytes, at + IMAGE_LENGTH + colours(bytes.at(at + 9)) + 1);
                end = at;
            } else {
                // The trailer, or something that decoders take for it; but not an image cut in its first bytes.
                return new Structure(width, height, block != IMAGE);
            }
        }
        // Data that is not ended leads beyond the end, and what a cut file was filled up with lies behind an image.
        return new Structure(width, height, false, end == length);
    }

    /** @return the length of the table of colours that these flags announce */
    private static int colours(int flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    /** Data comes in pieces of up to 255 bytes; an empty one ends it. */
    private static long skipData(Bytes bytes, long start) throws IOException {
        long at = start;
        while (at < bytes.length() && bytes.at(at) != 0) {
            at += 1 + bytes.at(at);
        }
        return at + 1;
    }
}
