package dev.mediaferry.imports;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Whether a text is in UTF-8; and if not, what it seems to be in. */
final class TextEncoding {

    private static final int BUFFER = 64 * 1024;

    private TextEncoding() {}

    /** A text in another encoding. */
    static final class OtherEncodingException extends Exception {

        private static final long serialVersionUID = 1L;

        OtherEncodingException(String why, String encoding) {
            super("it is not in UTF-8 but, " + why + ", in " + encoding + "; save it as UTF-8");
        }
    }

    /** @throws OtherEncodingException naming the encoding */
    static void check(Path file) throws IOException, OtherEncodingException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            in.mark(4);
            checkHead(in.readNBytes(4));
            in.reset();
            checkBytes(in);
        }
    }

    /** A mark says it, or every second byte of a first ASCII letter or brace is zero. */
    private static void checkHead(byte[] head) throws OtherEncodingException {
        String mark = "by its first bytes";
        int[] start = new int[4];
        for (int i = 0; i < start.length; i++) {
            start[i] = i < head.length ? head[i] & 0xff : -1;
        }
        if (start[0] == 0xff && start[1] == 0xfe) {
            throw new OtherEncodingException(mark, start[2] == 0 && start[3] == 0 ? "UTF-32LE" : "UTF-16LE");
        }
        if (start[0] == 0xfe && start[1] == 0xff) {
            throw new OtherEncodingException(mark, "UTF-16BE");
        }
        if (start[0] == 0 && start[1] == 0) {
            throw new OtherEncodingException(mark, "UTF-32BE");
        }
        if (start[0] == 0 || start[1] == 0) {
            throw new OtherEncodingException(mark, start[0] == 0 ? "UTF-16BE" : "UTF-16LE");
        }
    }

    private static void checkBytes(InputStream in) throws IOException, OtherEncodingException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        byte[] bytes = new byte[BUFFER];
        CharBuffer out = CharBuffer.allocate(BUFFER);
        int kept = 0;
        int line = 1;
        for (int count = in.readNBytes(bytes, 0, BUFFER); count > 0; ) {
            boolean last = kept + count < BUFFER;
            ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, kept + count);
            CoderResult result = decoder.decode(buffer, out.clear(), last);
            line += (int) out.flip().chars().filter(c -> c == '\n').count();
            if (result.isError()) {
                throw other(buffer, line);
            }
            kept = buffer.remaining();
            System.arraycopy(bytes, buffer.position(), bytes, 0, kept);
            count = last ? 0 : in.readNBytes(bytes, kept, BUFFER - kept);
        }
    }

    /** Windows-1252 has letters where ISO-8859-1 has control characters, which no text has. */
    private static OtherEncodingException other(ByteBuffer at, int line) {
        boolean windows = false;
        for (int i = at.position(); i < at.limit(); i++) {
            windows |= (at.get(i) & 0xff) >= 0x80 && (at.get(i) & 0xff) < 0xa0;
        }
        return new OtherEncodingException(
                String.format(Locale.ROOT, "by byte 0x%02X in line %d", at.get(at.position()) & 0xff, line),
                (windows ? "Windows-1252" : "ISO-8859-1 or Windows-1252") + ", or an encoding of another script");
    }
}
