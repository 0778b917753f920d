package dev.mediaferry.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The structure of a TIFF file (revision 6.0), of which the plain ones are taken: one page, grey or RGB, eight bits, not yet
 * in JPEG. Written are JPEG data as TIFF's technical note 2 has it, in one strip.
 */
public final class TiffFile {

    private static final int SUBFILE_TYPE = 254;
    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int COLOURS = 262;
    private static final int FILL_ORDER = 266;
    private static final int STRIP = 273;
    private static final int ORIENTATION = 274;
    private static final int SAMPLES = 277;
    private static final int ROWS_PER_STRIP = 278;
    private static final int STRIP_LENGTH = 279;
    private static final int PLANES = 284;
    private static final int RESOLUTION_UNIT = 296;
    private static final int PAGES_BELOW = 330;
    private static final int TILE_WIDTH = 322;
    private static final int EXTRA_SAMPLES = 338;
    private static final int SAMPLE_FORMAT = 339;
    private static final int SUBSAMPLING = 530;
    private static final int REFERENCE = 532;
    private static final int PROFILE = 34675;

    private static final List<Integer> RESOLUTION = List.of(282, 283);

    private static final int XMP = 700;
    private static final int RESOURCES = 34377;
    private static final int LAYERS = 37724;
    private static final int TRANSFER = 301;

    /** Up to here a tag describes how the pixels lie in the file, or who made it when. */
    private static final int LAST_BASELINE = 317;

    /** IPTC, EXIF, GPS and interoperability, host, rating, minima, and what was checked or is written anew. */
    private static final Set<Integer> DESCRIBING = Set.of(
            EXTRA_SAMPLES,
            TILE_WIDTH,
            SAMPLE_FORMAT,
            PAGES_BELOW,
            SUBSAMPLING,
            REFERENCE,
            PROFILE,
            316,
            320,
            321,
            323,
            324,
            325,
            333,
            340,
            341,
            347,
            529,
            531,
            18246,
            18249,
            32781,
            33432,
            33723,
            34665,
            34853,
            36867,
            37393,
            40965,
            50341);

    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int RATIONAL = 5;
    private static final int UNDEFINED = 7;

    private static final int JPEG = 7;
    private static final int BLACK_IS_ZERO = 1;
    private static final int RGB = 2;
    private static final int INCH = 2;
    private static final int YCBCR = 6;

    private static final List<Integer> LOSSLESS =
            List.of(TiffStrips.PLAIN, TiffStrips.LZW, TiffStrips.DEFLATE, TiffStrips.OLD_DEFLATE, TiffStrips.PACK_BITS);

    private final ByteBuffer in;
    private final int entries;
    private final int directory;

    private TiffFile(byte[] file) throws NotCompressible {
        in = ByteBuffer.wrap(file);
        in.order(in.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        directory = in.getInt(4);
        entries = in.getShort(directory) & 0xffff;
        if (in.getInt(directory + 2 + 12 * entries) != 0 || find(PAGES_BELOW) >= 0) {
            throw new NotCompressible(SkipReason.SEVERAL_PICTURES, "it has several pages");
        }
    }

    /** @return the profile as its bare bytes */
    public static Picture read(byte[] file, int maxPixels) throws NotCompressible {
        try {
            TiffFile tiff = new TiffFile(file);
            Picture picture = tiff.picture().within(maxPixels);
            tiff.checkStrips(picture);
            return picture;
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new NotCompressible(SkipReason.DAMAGED, "its directory leads out of the file");
        }
    }

    private Picture picture() throws NotCompressible {
        int samples = number(SAMPLES, 1);
        int colours = number(COLOURS, -1);
        boolean plain = LOSSLESS.contains(number(COMPRESSION, TiffStrips.PLAIN))
                && ((samples == 1 && colours == BLACK_IS_ZERO) || (samples == 3 && colours == RGB))
                && number(BITS, 1) == 8
                && number(PLANES, 1) == 1
                && number(SAMPLE_FORMAT, 1) == 1
                && number(SUBFILE_TYPE, 0) == 0
                && number(FILL_ORDER, 1) == 1
                && find(EXTRA_SAMPLES) < 0
                && find(TILE_WIDTH) < 0;
        checkLosses();
        if (!plain) {
            throw new NotCompressible(
                    SkipReason.FORM,
                    "a TIFF of %d samples of %d bits, colours %d, compression %d"
                            .formatted(samples, number(BITS, 1), colours, number(COMPRESSION, 1)));
        }
        int orientation = number(ORIENTATION, 1);
        return new Picture(
                number(WIDTH, 0), number(HEIGHT, 0), orientation >= 1 && orientation <= 8 ? orientation : 1, profile());
    }

    /** Tags that only describe, or that the new file has in its own way. */
    private void checkLosses() throws NotCompressible {
        for (int i = 0; i < entries; i++) {
            int tag = in.getShort(directory + 2 + 12 * i) & 0xffff;
            if (tag == XMP || tag == RESOURCES) {
                int at = in.getInt(directory + 2 + 12 * i + 8);
                int length = in.getInt(directory + 2 + 12 * i + 4);
                Objects.checkFromIndexSize(at, length, in.limit());
                if (tag == XMP) {
                    Losses.checkXmp(
                            new String(in.array(), at, length, StandardCharsets.ISO_8859_1), number(ORIENTATION, 0));
                } else {
                    Losses.checkResources(in.array(), at, at + length);
                }
            } else if (tag == LAYERS) {
                throw new NotCompressible(SkipReason.SEVERAL_PICTURES, "it has layers");
            } else if (tag == TRANSFER || (tag > LAST_BASELINE && !DESCRIBING.contains(tag))) {
                throw new NotCompressible(SkipReason.FORM, "its tag " + tag + " would be lost");
            }
        }
    }

    private byte[] profile() {
        int entry = find(PROFILE);
        if (entry < 0) {
            return Picture.NO_PROFILE;
        }
        int start = in.getInt(entry + 8);
        int length = in.getInt(entry + 4);
        Objects.checkFromIndexSize(start, length, in.limit());
        return Arrays.copyOfRange(in.array(), start, start + length);
    }

    /** The first value of a tag. */
    private int number(int tag, int otherwise) {
        int entry = find(tag);
        return entry < 0 ? otherwise : value(entry, 0);
    }

    private int value(int entry, int index) {
        boolean isShort = in.getShort(entry + 2) == SHORT;
        int size = isShort ? 2 : 4;
        long bytes = size * (in.getInt(entry + 4) & 0xffffffffL);
        int at = (bytes <= 4 ? entry + 8 : in.getInt(entry + 8)) + index * size;
        return isShort ? in.getShort(at) & 0xffff : in.getInt(at);
    }

    /** @throws NotCompressible when the strips hold less than the header says */
    private void checkStrips(Picture picture) throws NotCompressible {
        int starts = find(STRIP);
        int lengths = find(STRIP_LENGTH);
        int rows = number(ROWS_PER_STRIP, picture.height());
        rows = rows <= 0 ? picture.height() : Math.min(rows, picture.height());
        int strips = (picture.height() + rows - 1) / rows;
        if (starts < 0 || lengths < 0 || in.getInt(starts + 4) != strips || in.getInt(lengths + 4) != strips) {
            throw new NotCompressible(SkipReason.DAMAGED, "it has not the " + strips + " strips that it needs");
        }
        TiffStrips data = new TiffStrips(in.array(), number(COMPRESSION, TiffStrips.PLAIN));
        for (int i = 0; i < strips; i++) {
            int left = Math.min(rows, picture.height() - i * rows);
            data.check(value(starts, i), value(lengths, i), (long) left * picture.width() * number(SAMPLES, 1));
        }
    }

    /** @return where the entry begins, or -1 */
    private int find(int tag) {
        for (int i = 0; i < entries; i++) {
            int at = directory + 2 + 12 * i;
            if ((in.getShort(at) & 0xffff) == tag) {
                return at;
            }
        }
        return -1;
    }

    /** @return the file with its orientation as 1: the decoder turns pictures itself, but orientation 8 the wrong way */
    public static byte[] unturned(byte[] file) throws NotCompressible {
        TiffFile tiff = new TiffFile(file);
        int entry = tiff.find(ORIENTATION);
        if (entry < 0) {
            return file;
        }
        byte[] copy = file.clone();
        ByteBuffer.wrap(copy)
                .order(tiff.in.order())
                .putShort(entry + 2, (short) SHORT)
                .putInt(entry + 4, 1)
                .putShort(entry + 8, (short) 1);
        return copy;
    }

    /**
     * @param jpeg a whole JPEG file, grey or in YCbCr
     * @param original the file whose profile and resolution the new one gets
     */
    public static byte[] holding(byte[] jpeg, byte[] original) throws NotCompressible {
        TiffFile tiff = new TiffFile(original);
        Writer writer = new Writer(jpeg, JpegFile.frame(jpeg), tiff.profile());
        boolean turned = tiff.picture().isTurned();
        for (int tag : RESOLUTION) {
            // Of a picture that lies on its side, the width becomes the height.
            int entry = tiff.find(turned ? 282 + 283 - tag : tag);
            if (entry >= 0 && tiff.in.getShort(entry + 2) == RATIONAL) {
                int at = tiff.in.getInt(entry + 8);
                writer.add(tag, RATIONAL, tiff.in.getInt(at), tiff.in.getInt(at + 4));
            }
        }
        writer.add(RESOLUTION_UNIT, SHORT, tiff.number(RESOLUTION_UNIT, INCH));
        return writer.file();
    }

    private record Entry(int tag, int type, int count, byte[] value) {}

    private static final class Writer {
        private final byte[] jpeg;
        private final List<Entry> entries = new ArrayList<>();

        Writer(byte[] jpeg, JpegFile.Frame frame, byte[] profile) {
            this.jpeg = jpeg;
            boolean grey = frame.components() == 1;
            add(WIDTH, LONG, frame.width());
            add(HEIGHT, LONG, frame.height());
            add(BITS, SHORT, grey ? new int[] {8} : new int[] {8, 8, 8});
            add(COMPRESSION, SHORT, JPEG);
            add(COLOURS, SHORT, grey ? BLACK_IS_ZERO : YCBCR);
            add(ORIENTATION, SHORT, 1);
            add(SAMPLES, SHORT, frame.components());
            add(ROWS_PER_STRIP, LONG, frame.height());
            add(STRIP, LONG, 8);
            add(STRIP_LENGTH, LONG, jpeg.length);
            add(PLANES, SHORT, 1);
            if (!grey) {
                add(SUBSAMPLING, SHORT, frame.subsampling() >> 4, frame.subsampling() & 15);
                // The full range, as JPEG has it; without it readers assume the range of video.
                add(REFERENCE, RATIONAL, 0, 1, 255, 1, 128, 1, 255, 1, 128, 1, 255, 1);
            }
            if (profile.length > 0) {
                entries.add(new Entry(PROFILE, UNDEFINED, profile.length, profile));
            }
        }

        void add(int tag, int type, int... numbers) {
            ByteBuffer value = ByteBuffer.allocate(numbers.length * (type == SHORT ? 2 : 4));
            for (int number : numbers) {
                if (type == SHORT) {
                    value.putShort((short) number);
                } else {
                    value.putInt(number);
                }
            }
            entries.add(new Entry(tag, type, type == RATIONAL ? numbers.length / 2 : numbers.length, value.array()));
        }

        byte[] file() {
            entries.sort(Comparator.comparingInt(Entry::tag));
            int directory = even(8 + jpeg.length);
            int outside = directory + 2 + 12 * entries.size() + 4;
            int length = outside;
            for (Entry entry : entries) {
                length += entry.value().length > 4 ? even(entry.value().length) : 0;
            }
            ByteBuffer out = ByteBuffer.allocate(length);
            out.putInt(0x4d4d002a).putInt(directory).put(jpeg).position(directory);
            out.putShort((short) entries.size());
            for (Entry entry : entries) {
                out.putShort((short) entry.tag()).putShort((short) entry.type()).putInt(entry.count());
                if (entry.value().length > 4) {
                    out.putInt(outside).put(outside, entry.value());
                    outside += even(entry.value().length);
                } else {
                    out.put(Arrays.copyOf(entry.value(), 4));
                }
            }
            return out.array();
        }

        private static int even(int length) {
            return length + (length & 1);
        }
    }
}
