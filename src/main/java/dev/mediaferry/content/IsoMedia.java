package dev.mediaferry.content;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Types of files made of boxes (ISO/IEC 14496-12): told by the brands in the first one, the major one and, where that only
 * says "a picture", the compatible ones (ISO/IEC 23008-12, and AVIF's section 6); and films of QuickTime from before there
 * were brands.
 */
final class IsoMedia {

    private static final MediaType AVIF = new MediaType("image/avif", "avif");
    private static final MediaType HEIC = new MediaType("image/heic", "heic");
    private static final MediaType HEIF = new MediaType("image/heif", "heif");
    private static final MediaType QUICKTIME = new MediaType("video/quicktime", "mov");
    private static final MediaType M4V = new MediaType("video/x-m4v", "m4v");
    private static final MediaType THREE_GP = new MediaType("video/3gpp", "3gp");
    private static final MediaType AUDIO = new MediaType("audio/mp4", "m4a");
    private static final MediaType MP4 = new MediaType("video/mp4", "mp4");

    /** All of them, for a look-up by name. */
    static final List<MediaType> TYPES = List.of(AVIF, HEIC, HEIF, QUICKTIME, M4V, THREE_GP, AUDIO, MP4);

    private static final Set<String> AVIF_BRANDS = Set.of("avif", "avis");
    private static final Set<String> HEIC_BRANDS =
            Set.of("heic", "heix", "hevc", "hevx", "heim", "heis", "hevm", "hevs");

    /** They say that there are pictures, but not how these are coded. */
    private static final Set<String> PICTURES =
            Set.of("mif1", "mif2", "msf1", "miaf", "MiHB", "MiHE", "MiPr", "MA1A", "MA1B");

    private static final Set<String> AUDIO_BRANDS = Set.of("M4A ", "M4B ", "M4P ", "F4A ", "F4B ");

    /** First boxes of films without brands, which are smaller than 16 MB. */
    private static final Set<String> FIRST_BOXES = Set.of("wide", "moov", "free", "skip", "pnot");

    private static final int HEADER = 8;

    private IsoMedia() {}

    static Optional<MediaType> of(byte[] head) {
        if (head.length < HEADER) {
            return Optional.empty();
        }
        long size = ByteBuffer.wrap(head).getInt() & 0xffffffffL;
        String box = text(head, 4);
        if (box.equals("ftyp")) {
            return head.length < HEADER + 4 ? Optional.empty() : Optional.of(branded(head, size));
        }
        boolean film = (FIRST_BOXES.contains(box) && size >= HEADER && size < 1 << 24)
                // Its size may be in the next field, or reach to the end of the file.
                || (box.equals("mdat") && (size <= 1 || size >= HEADER));
        return film ? Optional.of(QUICKTIME) : Optional.empty();
    }

    private static MediaType branded(byte[] head, long size) {
        String major = text(head, HEADER);
        if (AVIF_BRANDS.contains(major)) {
            return AVIF;
        }
        if (HEIC_BRANDS.contains(major)) {
            return HEIC;
        }
        if (AUDIO_BRANDS.contains(major)) {
            return AUDIO;
        }
        if (major.equals("qt  ") || major.equals("mqt ")) {
            return QUICKTIME;
        }
        if (major.startsWith("M4V")) {
            return M4V;
        }
        if (major.startsWith("3g")) {
            return THREE_GP;
        }
        return PICTURES.contains(major) ? picture(compatible(head, size)) : MP4;
    }

    private static MediaType picture(List<String> brands) {
        if (brands.stream().anyMatch(AVIF_BRANDS::contains)) {
            return AVIF;
        }
        return brands.stream().anyMatch(HEIC_BRANDS::contains) ? HEIC : HEIF;
    }

    private static List<String> compatible(byte[] head, long size) {
        List<String> brands = new ArrayList<>();
        for (int at = HEADER + 8; at + 4 <= Math.min(head.length, size); at += 4) {
            brands.add(text(head, at));
        }
        return brands;
    }

    private static String text(byte[] head, int at) {
        return new String(head, at, 4, StandardCharsets.ISO_8859_1);
    }
}
