package dev.mediaferry.compress;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Reads and adds tags of a TIFF file. */
final class TiffTags {

    private static final int PROFILE = 34675;

    private TiffTags() {}

    static byte[] profile(byte[] tiff) {
        ByteBuffer in = buffer(tiff);
        int directory = in.getInt(4);
        for (int i = 0; i < in.getShort(directory); i++) {
            int at = directory + 2 + 12 * i;
            if ((in.getShort(at) & 0xffff) == PROFILE) {
                return Arrays.copyOfRange(tiff, in.getInt(at + 8), in.getInt(at + 8) + in.getInt(at + 4));
            }
        }
        return new byte[0];
    }

    /** @return the value of a tag, or where it lies */
    static int number(byte[] tiff, int tag) {
        ByteBuffer in = buffer(tiff);
        int directory = in.getInt(4);
        for (int i = 0; i < in.getShort(directory); i++) {
            int at = directory + 2 + 12 * i;
            if ((in.getShort(at) & 0xffff) == tag) {
                return in.getShort(at + 2) == 3 ? in.getShort(at + 8) & 0xffff : in.getInt(at + 8);
            }
        }
        throw new AssertionError("no tag " + tag);
    }

    /** @return a copy with a new directory at its end, which has this tag, too */
    static byte[] with(byte[] tiff, int tag, int type, int count, int value) {
        ByteBuffer in = buffer(tiff);
        int directory = in.getInt(4);
        int entries = in.getShort(directory);
        byte[] copy = Arrays.copyOf(tiff, tiff.length + 2 + 12 * (entries + 1) + 4);
        ByteBuffer out = buffer(copy);
        out.putInt(4, tiff.length);
        out.position(tiff.length);
        boolean written = false;
        ByteBuffer list = ByteBuffer.allocate(12 * (entries + 1)).order(in.order());
        int number = 0;
        for (int i = 0; i < entries; i++) {
            int at = directory + 2 + 12 * i;
            int present = in.getShort(at) & 0xffff;
            if (!written && present >= tag) {
                add(list, tag, type, count, value);
                written = true;
                number++;
            }
            if (present != tag) {
                list.put(tiff, at, 12);
                number++;
            }
        }
        if (!written) {
            add(list, tag, type, count, value);
            number++;
        }
        out.putShort((short) number).put(list.array(), 0, 12 * number).putInt(0);
        return copy;
    }

    private static void add(ByteBuffer list, int tag, int type, int count, int value) {
        list.putShort((short) tag).putShort((short) type).putInt(count);
        if (type == 3) {
            list.putShort((short) value).putShort((short) 0);
        } else {
            list.putInt(value);
        }
    }

    private static ByteBuffer buffer(byte[] tiff) {
        return ByteBuffer.wrap(tiff).order(tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    }
}
