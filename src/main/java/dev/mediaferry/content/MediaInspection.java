package dev.mediaferry.content;

import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.format.Bytes;
import dev.mediaferry.format.GifOutline;
import dev.mediaferry.format.HeifOutline;
import dev.mediaferry.format.JpegOutline;
import dev.mediaferry.format.JpegScan;
import dev.mediaferry.format.PngOutline;
import dev.mediaferry.format.Structure;
import dev.mediaferry.format.WebpOutline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Judges whether received bytes are a medium worth a pointer. Looks at headers and ends only, never at pixels. */
final class MediaInspection {

    /** An SVG's root element comes after a declaration, comments and a document type: within this many bytes, as in browsers. */
    static final int SVG_HEAD = 4096;

    private static final Pattern SVG = Pattern.compile(
            "\\ufeff?\\s*+(?:<\\?[^>]*+>\\s*+|<!--(?:[^-]|-(?!->))*+-->\\s*+|<!DOCTYPE\\s++svg\\b[^>\\[]*+(?:\\[[^\\]]*+])?+\\s*+>\\s*+)*+"
                    + "<(?:\\w++:)?+svg[\\s>/].*+",
            Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

    private final long maxPixels;

    MediaInspection(long maxPixels) {
        this.maxPixels = maxPixels;
    }

    /**
     * @param kinds that the field takes
     * @param all true when it is known that these are all bytes that there are: then a picture may lack its end marker
     * @throws TransferException when the bytes are none of these, are a stand-in for a picture, too large to be decoded
     *     safely, or end too early
     */
    Inspected inspect(Bytes bytes, Set<MediaKind> kinds, boolean all) throws IOException {
        if (bytes.length() == 0) {
            throw new TransferException(FailureKind.PLACEHOLDER, "the answer is empty");
        }
        byte[] head = bytes.head(MediaType.HEAD_LENGTH);
        MediaType type = MediaType.of(head)
                .or(() -> kinds.contains(MediaKind.SVG) || kinds.contains(MediaKind.OTHER)
                        ? svg(start(bytes))
                        : Optional.empty())
                .or(() -> Optional.of(MediaType.UNKNOWN))
                .flatMap(found -> found.among(kinds))
                .orElseThrow(() -> new TransferException(
                        FailureKind.NOT_MEDIA,
                        "the answer is " + what(head) + ", the field takes " + labels(kinds) + " only; it begins with "
                                + MediaType.start(head)));
        Structure structure = structure(type, bytes);
        checkPixels(structure);
        boolean endless = !structure.complete() && all && structure.endless() && isWhole(type, bytes);
        if (!structure.complete() && !endless) {
            throw new TransferException(
                    FailureKind.TRUNCATED, "the picture goes on after the " + bytes.length() + " bytes that came");
        }
        if (structure.isOnePixel()) {
            throw new TransferException(FailureKind.PLACEHOLDER, "the picture is a single pixel");
        }
        return new Inspected(type, Dimensions.of(structure), endless);
    }

    private static boolean isWhole(MediaType type, Bytes bytes) throws IOException {
        return switch (type.extension()) {
            case "jpg" -> JpegScan.isWhole(bytes);
            case "png" -> PngOutline.hasAllData(bytes);
            // A GIF's structure tells it.
            default -> true;
        };
    }

    private void checkPixels(Structure structure) {
        if (structure.hasMorePixelsThan(maxPixels)) {
            throw new TransferException(
                    FailureKind.TOO_MANY_PIXELS,
                    structure.width() + " x " + structure.height() + " pixels, mediaferry.fetch.max-pixels allows "
                            + maxPixels);
        }
    }

    static Structure structure(MediaType type, Bytes bytes) throws IOException {
        return switch (type.extension()) {
            case "jpg" -> JpegOutline.read(bytes);
            case "png" -> PngOutline.read(bytes);
            case "gif" -> GifOutline.read(bytes);
            case "webp" -> WebpOutline.read(bytes);
            case "heic", "heif", "avif" -> HeifOutline.read(bytes);
            default -> Structure.UNKNOWN;
        };
    }

    /** @param start of the bytes, {@link #SVG_HEAD} of them when there are as many */
    static Optional<MediaType> svg(byte[] start) {
        return SVG.matcher(new String(start, StandardCharsets.UTF_8)).matches()
                ? Optional.of(MediaType.SVG)
                : Optional.empty();
    }

    private static byte[] start(Bytes bytes) {
        try {
            return bytes.head(SVG_HEAD);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String what(byte[] head) {
        return MediaType.of(head).map(MediaType::name).orElseGet(() -> MediaType.describe(head));
    }

    private static String labels(Set<MediaKind> kinds) {
        return new TreeSet<>(kinds).stream().map(MediaKind::label).collect(Collectors.joining(", "));
    }
}
