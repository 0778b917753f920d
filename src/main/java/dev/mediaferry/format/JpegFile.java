package dev.mediaferry.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The structure of a JPEG file, read strictly: what reaches the decoder is a whole file of a kind that it writes again
 * the same (ITU-T T.81, annex B).
 */
public final class JpegFile {

    private static final int BASELINE = 0xc0;
    private static final int PROGRESSIVE = 0xc2;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;
    private static final int JFIF = 0xe0;
    private static final int EXIF = 0xe1;
    private static final int PROFILE = 0xe2;
    private static final int BOXES = 0xeb;
    private static final int RESOURCES = 0xed;

    /** In a file that begins with a JFIF segment. */
    private static final int JFIF_UNIT = 13;

    private static final byte[] JFIF_NAME = name("JFIF\0");
    private static final byte[] XMP_NAME = name("http://ns.adobe.com/xap/1.0/\0");
    private static final byte[] MORE_XMP_NAME = name("http://ns.adobe.com/xmp/extension/\0");
    private static final byte[] SOUND_NAME = name("FPXR\0");
    private static final byte[] PICTURES_NAME = name("MPF\0");
    private static final byte[] BOXES_NAME = name("JP");
    private static final byte[] RESOURCES_NAME = name("Photoshop 3.0\0");
    private static final byte[] EXIF_NAME = name("Exif\0\0");
    private static final byte[] PROFILE_NAME = name("ICC_PROFILE\0");

    /** A progressive picture has about ten scans; with thousands a small file keeps a decoder busy for minutes. */
    private static final int MOST_SCANS = 100;

    private final byte[] file;
    private final ByteArrayOutputStream profile = new ByteArrayOutputStream();
    private final StringBuilder xmp = new StringBuilder();
    private int at = 2;
    private Frame frame;
    private int frames;
    private int scans;
    private Exif exif;
    private Density jfif;

    private JpegFile(byte[] file) {
        this.file = file;
    }

    /**
     * @param subsampling of the first component: horizontally in the upper, vertically in the lower four bits
     * @param halfColours true when the others have half of it, in both directions
     */
    public record Frame(int width, int height, int components, int subsampling, boolean halfColours) {}

    /** @return the profile as the segments that hold it */
    public static Picture read(byte[] file) throws NotCompressible {
        JpegFile jpeg = walk(file);
        Losses.checkBehind(file, jpeg.at);
        Exif said = jpeg.exif == null ? Exif.NONE : jpeg.exif;
        Losses.checkXmp(jpeg.xmp.toString(), said.orientation());
        return new Picture(
                jpeg.frame.width(),
                jpeg.frame.height(),
                Math.max(1, said.orientation()),
                jpeg.profile.toByteArray(),
                jpeg.frame.halfColours(),
                Density.of(jpeg.jfif, said.resolution()));
    }

    public static Frame frame(byte[] file) throws NotCompressible {
        return walk(file).frame;
    }

    private static JpegFile walk(byte[] file) throws NotCompressible {
        JpegFile jpeg = new JpegFile(file);
        while (jpeg.readSegment()) {}
        if (jpeg.frames != 1 || jpeg.scans == 0) {
            throw new NotCompressible(
                    SkipReason.DAMAGED, "it holds " + jpeg.frames + " frames and " + jpeg.scans + " scans");
        }
        return jpeg;
    }

    /**
     * @param file that begins with a JFIF segment
     * @return the file with these segments behind its first one, as readers expect them, and with pixels of that size
     */
    public static byte[] with(byte[] file, byte[] segments, Density density) {
        int first = 4 + u16(file, 4);
        byte[] exif = density.needsExif() ? density.exif().exif() : new byte[0];
        ByteBuffer out = ByteBuffer.allocate(
                file.length + segments.length + (exif.length == 0 ? 0 : 4 + EXIF_NAME.length + exif.length));
        out.put(file, 0, first);
        out.put(JFIF_UNIT, (byte) density.unit());
        out.putShort(JFIF_UNIT + 1, (short) density.x()).putShort(JFIF_UNIT + 3, (short) density.y());
        if (exif.length > 0) {
            out.putShort((short) (0xff00 | EXIF)).putShort((short) (2 + EXIF_NAME.length + exif.length));
            out.put(EXIF_NAME).put(exif);
        }
        return out.put(segments).put(file, first, file.length - first).array();
    }

    /** @return false at the end of the picture */
    private boolean readSegment() throws NotCompressible {
        while (byteAt(at) == 0xff && byteAt(at + 1) == 0xff) {
            at++;
        }
        if (byteAt(at) != 0xff) {
            throw new NotCompressible(SkipReason.DAMAGED, "no segment begins at byte " + at);
        }
        int marker = byteAt(at + 1);
        if (marker == END_OF_IMAGE) {
            at += 2;
            return false;
        }
        if (marker < BASELINE || (marker >= 0xd0 && marker < END_OF_IMAGE)) {
            throw new NotCompressible(SkipReason.DAMAGED, "segment " + Integer.toHexString(marker) + " at byte " + at);
        }
        byteAt(at + 3);
        int length = u16(file, at + 2);
        int end = at + 2 + length;
        byteAt(end);
        if (isFrame(marker)) {
            readFrame(marker);
        } else {
            readData(marker, length, end);
        }
        at = end;
        if (marker == START_OF_SCAN) {
            skipScan();
        }
        return true;
    }

    private void readData(int marker, int length, int end) throws NotCompressible {
        if (marker == JFIF && holds(JFIF_NAME, length) && length >= 14 && jfif == null) {
            jfif = new Density(file[at + 11] & 0xff, u16(file, at + 12), u16(file, at + 14), null);
        } else if (marker == EXIF && holds(EXIF_NAME, length) && exif == null) {
            // Viewers obey the first of several.
            int start = at + 4 + EXIF_NAME.length;
            exif = Exif.read(file, start, end - start);
        } else if (marker == EXIF && holds(XMP_NAME, length)) {
            xmp.append(new String(file, at + 4, length - 2, StandardCharsets.ISO_8859_1));
        } else if (marker == EXIF && holds(MORE_XMP_NAME, length)) {
            throw new NotCompressible(SkipReason.SEVERAL_PICTURES, "its XMP holds more than fits into one segment");
        } else if (marker == PROFILE && holds(PROFILE_NAME, length)) {
            profile.write(file, at, 2 + length);
        } else if (marker == PROFILE && (holds(SOUND_NAME, length) || holds(PICTURES_NAME, length))) {
            throw new NotCompressible(SkipReason.SEVERAL_PICTURES, "it tells of more pictures or sound");
        } else if (marker == BOXES && holds(BOXES_NAME, length)) {
            throw new NotCompressible(
                    SkipReason.SEVERAL_PICTURES,
                    "it holds boxes (JUMBF), like those of 360 degrees, HDR or provenance");
        } else if (marker == RESOURCES && holds(RESOURCES_NAME, length)) {
            Losses.checkResources(file, at + 4 + RESOURCES_NAME.length, end);
        }
    }

    private void readFrame(int marker) throws NotCompressible {
        frames++;
        int components = byteAt(at + 9);
        if (marker > PROGRESSIVE || byteAt(at + 4) != 8) {
            throw new NotCompressible(
                    SkipReason.FORM, "a JPEG of a rare kind (frame " + Integer.toHexString(marker) + ")");
        }
        if (components != 1 && components != 3) {
            throw new NotCompressible(SkipReason.FORM, components == 4 ? "CMYK" : components + " components");
        }
        int first = byteAt(at + 11);
        boolean half = components == 3 && first == 0x22 && byteAt(at + 14) == 0x11 && byteAt(at + 17) == 0x11;
        frame = new Frame(u16(file, at + 7), u16(file, at + 5), components, first, half);
    }

    /** In the data of a scan 0xff is followed by a zero or a restart marker, all else begins a segment. */
    private void skipScan() throws NotCompressible {
        if (++scans > MOST_SCANS) {
            throw new NotCompressible(SkipReason.FORM, "more than " + MOST_SCANS + " scans");
        }
        for (; at + 1 < file.length; at++) {
            int next = file[at + 1] & 0xff;
            if (file[at] == (byte) 0xff && next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7)) {
                return;
            }
        }
        throw new NotCompressible(SkipReason.DAMAGED, "it ends within the picture");
    }

    private boolean holds(byte[] name, int length) {
        return length >= 2 + name.length
                && java.util.Arrays.equals(file, at + 4, at + 4 + name.length, name, 0, name.length);
    }

    private int byteAt(int position) throws NotCompressible {
        if (position >= file.length) {
            throw new NotCompressible(SkipReason.DAMAGED, "it ends within its header");
        }
        return file[position] & 0xff;
    }

    private static int u16(byte[] file, int position) {
        return (file[position] & 0xff) << 8 | (file[position + 1] & 0xff);
    }

    private static byte[] name(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean isFrame(int marker) {
        return marker >= BASELINE && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }
}
