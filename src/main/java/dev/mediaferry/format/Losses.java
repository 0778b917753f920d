package dev.mediaferry.format;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What files carry besides their picture and what merely describes it: more pictures, films, sound, maps of depth and
 * light, paths. Compressing would lose it, so it keeps the original.
 */
final class Losses {

    /** Names in XMP of what is embedded there, or elsewhere in the file (Google's and Adobe's specifications). */
    private static final List<String> IN_XMP = List.of(
            "GDepth:Data",
            "GImage:Data",
            "GAudio:Data",
            "hdrgm:Version",
            "HDRGainMap",
            "GCamera:MotionPhoto=\"1\"",
            "GCamera:MicroVideo=\"1\"",
            "<GCamera:MotionPhoto>1",
            "<GCamera:MicroVideo>1");

    private static final Pattern XMP_ORIENTATION = Pattern.compile("tiff:Orientation(?:\\s*=\\s*[\"']|>)\\s*([1-8])");

    /** What follows a picture's end and is smaller is a camera's note. */
    private static final int LARGEST_NOTE = 4096;

    private static final List<byte[]> STARTS = List.of(
            bytes("\u00ff\u00d8\u00ff"),
            bytes("\u0089PNG\r\n"),
            bytes("\u001aE\u00df\u00a3"),
            bytes("OggS"),
            bytes("RIFF"));

    private static final List<byte[]> BOXES = List.of(bytes("ftyp"), bytes("moov"), bytes("mdat"));

    private Losses() {}

    /**
     * Behind its end cameras put padding and notes, which nobody sees, but also a gain map, a depth map, sound or a film.
     *
     * @param end of the picture
     */
    static void checkBehind(byte[] file, int end) throws NotCompressible {
        int first = -1;
        int last = -1;
        for (int i = end; i < file.length; i++) {
            if (file[i] != 0 && file[i] != (byte) 0xff && file[i] != ' ') {
                first = first < 0 ? i : first;
                last = i;
            }
            for (byte[] start : STARTS) {
                if (startsAt(file, i, start)) {
                    throw new NotCompressible(
                            SkipReason.SEVERAL_PICTURES, "a second picture or a film begins at byte " + i);
                }
            }
            for (byte[] box : BOXES) {
                if (i >= end + 4 && startsAt(file, i, box)) {
                    throw new NotCompressible(
                            SkipReason.SEVERAL_PICTURES, "a second part, a film, begins at byte " + (i - 4));
                }
            }
        }
        if (last - first >= LARGEST_NOTE) {
            throw new NotCompressible(
                    SkipReason.SEVERAL_PICTURES, (file.length - end) + " bytes follow the end of the picture");
        }
    }

    /**
     * @param orientation as EXIF says; 0 when it says nothing: then some viewers turn the picture as XMP says, others do not
     */
    static void checkXmp(String xmp, int orientation) throws NotCompressible {
        for (String name : IN_XMP) {
            if (xmp.contains(name)) {
                throw new NotCompressible(
                        SkipReason.SEVERAL_PICTURES, "its XMP has " + name.replaceAll("[^A-Za-z:]", ""));
            }
        }
        Matcher turned = XMP_ORIENTATION.matcher(xmp);
        if (orientation == 0 && turned.find() && !turned.group(1).equals("1")) {
            throw new NotCompressible(SkipReason.FORM, "only its XMP says how it is turned, which some viewers obey");
        }
    }

    /**
     * Photoshop's image resources, of which the paths may cut the picture out.
     *
     * @param start of the first resource
     */
    static void checkResources(byte[] file, int start, int end) throws NotCompressible {
        int at = start;
        while (at + 12 <= end && startsAt(file, at, bytes("8BIM"))) {
            int id = u16(file, at + 4);
            int name = (file[at + 6] & 0xff) + 1;
            int size = at + 6 + name + (name & 1);
            if (size + 4 > end) {
                return;
            }
            long length = (long) u16(file, size) << 16 | u16(file, size + 2);
            if (id >= 2000 && id <= 2999) {
                throw new NotCompressible(SkipReason.FORM, "it has a clipping path");
            }
            at = (int) Math.min(end, size + 4 + length + (length & 1));
        }
    }

    private static boolean startsAt(byte[] file, int at, byte[] start) {
        if (at + start.length > file.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if (file[at + i] != start[i]) {
                return false;
            }
        }
        return true;
    }

    private static int u16(byte[] file, int at) {
        return (file[at] & 0xff) << 8 | (file[at + 1] & 0xff);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
