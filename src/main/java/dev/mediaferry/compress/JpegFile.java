package dev.mediaferry.compress;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The structure of a JPEG file, read strictly: what reaches the decoder is a whole file of a kind that it writes again
 * the same (ITU-T T.81, annex B).
 */
final class JpegFile {

    private static final int BASELINE = 0xc0;
    private static final int PROGRESSIVE = 0xc2;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;
    private static final int EXIF = 0xe1;
    private static final int PROFILE = 0xe2;
    private static final byte[] EXIF_NAME = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PROFILE_NAME = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);

    /** A progressive picture has about ten scans; with thousands a small file keeps a decoder busy for minutes. */
    private static final int MOST_SCANS = 100;

    private final byte[] file;
    private final ByteArrayOutputStream profile = new ByteArrayOutputStream();
    private int at = 2;
    private Frame frame;
    private int frames;
    private int scans;
    private int orientation = 1;

    private JpegFile(byte[] file) {
        this.file = file;
    }

    /** @param subsampling of the first component: horizontally in the upper, vertically in the lower four bits */
    record Frame(int width, int height, int components, int subsampling) {}

    /** @return the profile as the segments that hold it */
    static Picture read(byte[] file) throws Unfit {
        JpegFile jpeg = walk(file);
        jpeg.checkRest();
        return new Picture(jpeg.frame.width(), jpeg.frame.height(), jpeg.orientation, jpeg.profile.toByteArray());
    }

    static Frame frame(byte[] file) throws Unfit {
        return walk(file).frame;
    }

    private static JpegFile walk(byte[] file) throws Unfit {
        JpegFile jpeg = new JpegFile(file);
        while (jpeg.readSegment()) {}
        if (jpeg.frames != 1 || jpeg.scans == 0) {
            throw new Unfit(Kept.DAMAGED, "it holds " + jpeg.frames + " frames and " + jpeg.scans + " scans");
        }
        return jpeg;
    }

    /** @return the file with these segments behind its first one, as readers expect them */
    static byte[] with(byte[] file, byte[] segments) {
        int first = 4 + u16(file, 4);
        return ByteBuffer.allocate(file.length + segments.length)
                .put(file, 0, first)
                .put(segments)
                .put(file, first, file.length - first)
                .array();
    }

    /** @return false at the end of the picture */
    private boolean readSegment() throws Unfit {
        while (byteAt(at) == 0xff && byteAt(at + 1) == 0xff) {
            at++;
        }
        if (byteAt(at) != 0xff) {
            throw new Unfit(Kept.DAMAGED, "no segment begins at byte " + at);
        }
        int marker = byteAt(at + 1);
        if (marker == END_OF_IMAGE) {
            at += 2;
            return false;
        }
        if (marker < BASELINE || (marker >= 0xd0 && marker < END_OF_IMAGE)) {
            throw new Unfit(Kept.DAMAGED, "segment " + Integer.toHexString(marker) + " at byte " + at);
        }
        byteAt(at + 3);
        int length = u16(file, at + 2);
        int end = at + 2 + length;
        byteAt(end);
        if (isFrame(marker)) {
            readFrame(marker);
        } else if (marker == EXIF && holds(EXIF_NAME, length)) {
            int start = at + 4 + EXIF_NAME.length;
            orientation = Exif.orientation(file, start, end - start);
        } else if (marker == PROFILE && holds(PROFILE_NAME, length)) {
            profile.write(file, at, 2 + length);
        }
        at = end;
        if (marker == START_OF_SCAN) {
            skipScan();
        }
        return true;
    }

    private void readFrame(int marker) throws Unfit {
        frames++;
        int components = byteAt(at + 9);
        if (marker > PROGRESSIVE || byteAt(at + 4) != 8) {
            throw new Unfit(Kept.FORM, "a JPEG of a rare kind (frame " + Integer.toHexString(marker) + ")");
        }
        if (components != 1 && components != 3) {
            throw new Unfit(Kept.FORM, components == 4 ? "CMYK" : components + " components");
        }
        frame = new Frame(u16(file, at + 7), u16(file, at + 5), components, byteAt(at + 11));
    }

    /** In the data of a scan 0xff is followed by a zero or a restart marker, all else begins a segment. */
    private void skipScan() throws Unfit {
        if (++scans > MOST_SCANS) {
            throw new Unfit(Kept.FORM, "more than " + MOST_SCANS + " scans");
        }
        for (; at + 1 < file.length; at++) {
            int next = file[at + 1] & 0xff;
            if (file[at] == (byte) 0xff && next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7)) {
                return;
            }
        }
        throw new Unfit(Kept.DAMAGED, "it ends within the picture");
    }

    /** Behind its end cameras put padding and notes, which nobody sees, but also a gain map, a depth map or a film. */
    private void checkRest() throws Unfit {
        for (int i = at; i + 3 < file.length; i++) {
            boolean picture = file[i] == (byte) 0xff && file[i + 1] == (byte) 0xd8 && file[i + 2] == (byte) 0xff;
            boolean film = file[i] == 'f' && file[i + 1] == 't' && file[i + 2] == 'y' && file[i + 3] == 'p';
            if (picture || film) {
                throw new Unfit(
                        Kept.SEVERAL_PICTURES,
                        "a second " + (picture ? "picture" : "part, a film,") + " begins at byte " + i);
            }
        }
    }

    private boolean holds(byte[] name, int length) {
        return length >= 2 + name.length
                && java.util.Arrays.equals(file, at + 4, at + 4 + name.length, name, 0, name.length);
    }

    private int byteAt(int position) throws Unfit {
        if (position >= file.length) {
            throw new Unfit(Kept.DAMAGED, "it ends within its header");
        }
        return file[position] & 0xff;
    }

    private static int u16(byte[] file, int position) {
        return (file[position] & 0xff) << 8 | (file[position + 1] & 0xff);
    }

    private static boolean isFrame(int marker) {
        return marker >= BASELINE && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }
}
