package dev.mediaferry.link;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a {@code Location} header means (RFC 3986, section 5.2): Java's {@link java.net.URI#resolve} follows RFC 2396, drops
 * the last segment before a query, and HttpClient's {@code URIUtils} leaves dots that lead above the root. Nothing but
 * dots is changed, since signatures cover a path to the byte.
 */
final class Reference {

    /** Scheme, authority, path and query, as appendix B of the RFC takes a reference apart. */
    private static final Pattern PARTS =
            Pattern.compile("(?:([A-Za-z][A-Za-z0-9+.-]*):)?(//[^/?#]*)?([^?#]*)(\\?[^#]*)?(#.*)?", Pattern.DOTALL);

    private Reference() {}

    /**
     * @param base an absolute address
     * @param reference relative or absolute; its fragment is dropped
     */
    static String resolve(String base, String reference) {
        Matcher from = parts(base);
        Matcher to = parts(reference);
        String query = text(to.group(4));
        if (to.group(1) != null) {
            return to.group(1) + ":" + text(to.group(2)) + withoutDots(to.group(3)) + query;
        }
        String scheme = from.group(1) + ":";
        if (to.group(2) != null) {
            return scheme + to.group(2) + withoutDots(to.group(3)) + query;
        }
        String start = scheme + text(from.group(2));
        String path = to.group(3);
        if (path.isEmpty()) {
            return start + from.group(3) + (to.group(4) == null ? text(from.group(4)) : query);
        }
        return start + withoutDots(path.startsWith("/") ? path : merged(from, path)) + query;
    }

    /**
     * @param header as HTTP libraries give it, a character for each byte
     * @return the text that was meant, in UTF-8, as browsers read it; bytes that are none are percent-encoded
     */
    static String decoded(String header) {
        byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            StringBuilder out = new StringBuilder();
            for (byte b : bytes) {
                out.append(b < 0 ? String.format(Locale.ROOT, "%%%02X", b & 0xff) : String.valueOf((char) b));
            }
            return out.toString();
        }
    }

    private static String merged(Matcher from, String path) {
        String before = from.group(3);
        boolean atRoot = from.group(2) != null && before.isEmpty();
        return atRoot ? "/" + path : before.substring(0, before.lastIndexOf('/') + 1) + path;
    }

    /** Section 5.2.4. */
    private static String withoutDots(String path) {
        StringBuilder out = new StringBuilder(path.length());
        String in = path;
        while (!in.isEmpty()) {
            if (in.startsWith("../")) {
                in = in.substring(3);
            } else if (in.startsWith("./")) {
                in = in.substring(2);
            } else if (in.startsWith("/./") || in.equals("/.")) {
                in = "/" + in.substring(Math.min(3, in.length()));
            } else if (in.startsWith("/../") || in.equals("/..")) {
                in = "/" + in.substring(Math.min(4, in.length()));
                out.setLength(Math.max(0, out.lastIndexOf("/")));
            } else if (in.equals(".") || in.equals("..")) {
                in = "";
            } else {
                int end = in.indexOf('/', 1);
                out.append(in, 0, end < 0 ? in.length() : end);
                in = end < 0 ? "" : in.substring(end);
            }
        }
        return out.toString();
    }

    private static Matcher parts(String text) {
        Matcher matcher = PARTS.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalStateException("every text is a reference");
        }
        return matcher;
    }

    private static String text(String part) {
        return part == null ? "" : part;
    }
}
