package dev.mediaferry.content;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A type of medium, told by its first bytes and by nothing else.
 *
 * @param name as in Content-Type
 * @param extension of the object's key, without a dot
 */
public record MediaType(String name, String extension) {

    /** Enough of a file to tell every type known here: the brands of a film take a hundred bytes and more. */
    public static final int HEAD_LENGTH = 512;

    /** A document type that a Matroska file names stands before this. */
    private static final int MATROSKA_HEAD = 64;

    /** Bytes of a picture that are kept for a person: most pictures that stand for others are smaller. */
    public static final int MOST_SHOWN = 16 * 1024;

    /** Bytes that a message shows. */
    private static final int SHOWN = 32;

    /** What is none of the types here, or of none of the kinds that may be asked for: bytes for those who know them. */
    public static final MediaType UNKNOWN = new MediaType("application/octet-stream", "bin");

    static final MediaType SVG = new MediaType("image/svg+xml", "svg");

    private static final MediaType WEBM = new MediaType("video/webm", "webm");
    private static final MediaType MATROSKA = new MediaType("video/x-matroska", "mkv");
    private static final MediaType BITMAP = new MediaType("image/bmp", "bmp");

    private record Magic(int offset, byte[] bytes, MediaType type) {

        static Magic of(int offset, String bytes, String name, String extension) {
            return new Magic(offset, bytes.getBytes(StandardCharsets.ISO_8859_1), new MediaType(name, extension));
        }

        boolean matches(byte[] head) {
            if (head.length < offset + bytes.length) {
                return false;
            }
            for (int i = 0; i < bytes.length; i++) {
                if (head[offset + i] != bytes[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final List<Magic> MAGICS = List.of(
            Magic.of(0, "\u00ff\u00d8\u00ff", "image/jpeg", "jpg"),
            Magic.of(0, "\u0089PNG\r\n\u001a\n", "image/png", "png"),
            Magic.of(0, "GIF87a", "image/gif", "gif"),
            Magic.of(0, "GIF89a", "image/gif", "gif"),
            Magic.of(8, "WEBP", "image/webp", "webp"),
            Magic.of(0, "II*\0", "image/tiff", "tiff"),
            Magic.of(0, "MM\0*", "image/tiff", "tiff"),
            Magic.of(0, "\0\0\1\0", "image/x-icon", "ico"),
            Magic.of(0, "\u0000\u0000\u0000\u000cJXL ", "image/jxl", "jxl"),
            Magic.of(0, "\u00ff\n", "image/jxl", "jxl"),
            Magic.of(8, "AVI ", "video/x-msvideo", "avi"),
            Magic.of(0, "%PDF-", "application/pdf", "pdf"));

    private static final byte[] EBML = {0x1a, 0x45, (byte) 0xdf, (byte) 0xa3};

    /** @return empty when the bytes are none of the known types */
    public static Optional<MediaType> of(byte[] head) {
        if (starts(head, EBML)) {
            // Matroska and WebM differ in the name of their document type, which stands near the start.
            String text = new String(head, 0, Math.min(head.length, MATROSKA_HEAD), StandardCharsets.ISO_8859_1);
            return Optional.of(text.contains("webm") ? WEBM : MATROSKA);
        }
        if (isBitmap(head)) {
            return Optional.of(BITMAP);
        }
        Optional<MediaType> boxes = IsoMedia.of(head);
        if (boxes.isPresent()) {
            return boxes;
        }
        boolean riff = starts(head, "RIFF".getBytes(StandardCharsets.US_ASCII));
        for (Magic magic : MAGICS) {
            if (magic.matches(head) && (riff || magic.offset() != 8)) {
                return Optional.of(magic.type());
            }
        }
        return Optional.empty();
    }

    /**
     * @param name as in Content-Type, in any case, or null
     * @return the extension of a type known here
     */
    public static Optional<String> extensionOf(String name) {
        String wanted = name == null ? "" : name.strip().toLowerCase(java.util.Locale.ROOT);
        return Stream.concat(
                        Stream.concat(Stream.of(SVG, WEBM, MATROSKA, BITMAP), IsoMedia.TYPES.stream()),
                        MAGICS.stream().map(Magic::type))
                .filter(type -> type.name().equals(wanted.equals("image/jpg") ? "image/jpeg" : wanted))
                .map(MediaType::extension)
                .findFirst();
    }

    /** Pictures that a browser draws and nothing else. */
    private static final Set<String> DRAWN = Set.of("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif");

    /**
     * @param name as in Content-Type, or null
     * @return true for a picture that a browser draws, and in which nothing can run
     */
    public static boolean isDrawn(String name) {
        return name != null && DRAWN.contains(name);
    }

    /**
     * @param bytes of what a server sent
     * @param length how many of them count
     * @return the beginning of a picture that can be shown; empty for anything else
     */
    public static Optional<byte[]> shownOf(byte[] bytes, int length) {
        byte[] first = Arrays.copyOf(bytes, Math.min(length, MOST_SHOWN));
        return of(first).filter(type -> isDrawn(type.name())).map(type -> first);
    }

    /** @return empty for what no field takes, like music */
    public Optional<MediaKind> kind() {
        if (name.equals(SVG.name)) {
            return Optional.of(MediaKind.SVG);
        }
        if (name.startsWith("image/")) {
            return Optional.of(MediaKind.IMAGE);
        }
        if (name.startsWith("video/")) {
            return Optional.of(MediaKind.VIDEO);
        }
        return name.equals("application/pdf") ? Optional.of(MediaKind.PDF) : Optional.empty();
    }

    /**
     * What a file of this type is stored as, where these kinds may be: as it is, or as bytes that nobody knows.
     *
     * @return empty when it may not be stored
     */
    public Optional<MediaType> among(Set<MediaKind> kinds) {
        if (kind().isEmpty()) {
            return kinds.contains(MediaKind.OTHER) ? Optional.of(UNKNOWN) : Optional.empty();
        }
        return kind().filter(kinds::contains).map(kind -> this);
    }

    /** What bytes that are no medium look like, for a person: "an HTML page", "JSON", "text", "unknown bytes". */
    public static String describe(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1).stripLeading();
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        if (lower.startsWith("<!doctype html") || lower.startsWith("<html") || lower.startsWith("<head")) {
            return "an HTML page";
        }
        if (lower.startsWith("<svg") || lower.startsWith("<?xml")) {
            return lower.contains("<svg") ? "an SVG picture" : "XML";
        }
        if (text.startsWith("{") || text.startsWith("[")) {
            return "JSON";
        }
        boolean printable = text.chars().allMatch(c -> c >= 0x20 || c == '\n' || c == '\r' || c == '\t');
        return head.length == 0 ? "nothing" : printable ? "text" : "unknown bytes";
    }

    /** The first bytes for a message: as text where they are printable, else in hexadecimal. */
    public static String start(byte[] head) {
        int count = Math.min(head.length, SHOWN);
        String text = new String(head, 0, count, StandardCharsets.ISO_8859_1).replaceAll("[\\r\\n\\t]+", " ");
        boolean printable = text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
        return printable ? "\"" + text + "\"" : HexFormat.of().formatHex(head, 0, count);
    }

    /** "BM" alone is too little: four reserved bytes are zero, and the size of the next header is a known one. */
    private static boolean isBitmap(byte[] head) {
        return head.length >= 18
                && head[0] == 'B'
                && head[1] == 'M'
                && (head[6] | head[7] | head[8] | head[9]) == 0
                && List.of(12, 40, 52, 56, 64, 108, 124).contains(head[14] & 0xff)
                && (head[15] | head[16] | head[17]) == 0;
    }

    private static boolean starts(byte[] head, byte[] prefix) {
        return head.length >= prefix.length
                && java.util.Arrays.equals(head, 0, prefix.length, prefix, 0, prefix.length);
    }
}
