package dev.mediaferry.fetch;

import dev.mediaferry.content.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * Takes a body out of its content codings (RFC 9110, section 8.4). Servers name codings that the bytes do not have, so the
 * bytes decide: what is a medium as it came is taken so.
 */
final class Encodings {

    private static final List<String> GZIP = List.of("gzip", "x-gzip");
    private static final String DEFLATE = "deflate";

    private Encodings() {}

    /**
     * @param encoding Content-Encoding, or null
     * @return a stream that closes the body with itself; the body itself when there is nothing to decode
     */
    static InputStream decoded(InputStream body, String encoding) throws IOException {
        InputStream in = body;
        List<String> codings = encoding == null
                ? List.of()
                : Stream.of(encoding.split(",")).map(String::strip).toList();
        for (int i = codings.size() - 1; i >= 0; i--) {
            in = without(codings.get(i).toLowerCase(Locale.ROOT), in);
        }
        return in;
    }

    private static InputStream without(String coding, InputStream body) throws IOException {
        if (!GZIP.contains(coding) && !coding.equals(DEFLATE)) {
            return body;
        }
        PushbackInputStream in = new PushbackInputStream(body, MediaType.HEAD_LENGTH);
        byte[] head = in.readNBytes(MediaType.HEAD_LENGTH);
        in.unread(head);
        if (head.length < 2 || MediaType.of(head).isPresent()) {
            return in;
        }
        int first = head[0] & 0xff;
        int second = head[1] & 0xff;
        if (GZIP.contains(coding)) {
            return first == 0x1f && second == 0x8b ? new GZIPInputStream(in) : in;
        }
        // "deflate" means zlib's format (RFC 1950); some servers send what is in it, without its header (RFC 1951).
        boolean zlib = (first & 0x0f) == 8 && (first << 8 | second) % 31 == 0;
        return inflated(in, !zlib);
    }

    private static InputStream inflated(InputStream in, boolean bare) {
        Inflater inflater = new Inflater(bare);
        return new InflaterInputStream(in, inflater) {
            @Override
            public void close() throws IOException {
                try {
                    super.close();
                } finally {
                    inflater.end();
                }
            }
        };
    }
}
