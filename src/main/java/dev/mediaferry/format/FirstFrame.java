package dev.mediaferry.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The first frame of a WebP that moves, as a WebP that does not (RFC 9649, 2.7.1.1), and where in the picture it lies.
 *
 * @param width with height, of the whole picture; 0 when the frame is all of it
 */
public record FirstFrame(byte[] file, int width, int height, int left, int top) {

    private static final int FRAME = 0x464d4e41;
    private static final int ALPHA = 0x48504c41;
    private static final int EXTENDED = 0x58385056;
    private static final int HEADER = 12;
    private static final int CANVAS = 24;
    private static final int FRAME_HEADER = 16;
    private static final int HAS_ALPHA = 0x10;

    /** @return the file itself when it does not move */
    public static FirstFrame of(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int at = HEADER;
        while (at + 8L <= file.length) {
            int type = in.getInt(at);
            int length = in.getInt(at + 4);
            if (length < 0 || (long) at + 8 + length > file.length) {
                break;
            }
            if (type == FRAME && length > FRAME_HEADER + 8) {
                return still(file, at + 8, length);
            }
            at += 8 + length + (length & 1);
        }
        return new FirstFrame(file, 0, 0, 0, 0);
    }

    /** The first chunk says how large the picture is (2.7.1). */
    private static FirstFrame still(byte[] file, int frame, int length) {
        byte[] still = file(file, frame, length);
        if (ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(HEADER) != EXTENDED) {
            return new FirstFrame(still, 0, 0, 0, 0);
        }
        int width = u24(file, CANVAS) + 1;
        int height = u24(file, CANVAS + 3) + 1;
        int left = 2 * u24(file, frame);
        int top = 2 * u24(file, frame + 3);
        boolean all = width == u24(file, frame + 6) + 1 && height == u24(file, frame + 9) + 1;
        return all ? new FirstFrame(still, 0, 0, 0, 0) : new FirstFrame(still, width, height, left, top);
    }

    private static int u24(byte[] file, int at) {
        return (file[at] & 0xff) | (file[at + 1] & 0xff) << 8 | (file[at + 2] & 0xff) << 16;
    }

    private static byte[] file(byte[] file, int frame, int length) {
        int data = frame + FRAME_HEADER;
        int size = length - FRAME_HEADER;
        ByteArrayOutputStream out = new ByteArrayOutputStream(size + 64);
        if (ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(data) == ALPHA) {
            ByteBuffer header = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN);
            header.putInt(EXTENDED).putInt(10).putInt(HAS_ALPHA);
            header.put(file, frame + 6, 6);
            out.writeBytes(header.array());
        }
        out.write(file, data, size);
        if (out.size() % 2 == 1) {
            out.write(0);
        }
        byte[] body = out.toByteArray();
        return ByteBuffer.allocate(HEADER + body.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(file, 0, 4)
                .putInt(4 + body.length)
                .put(file, 8, 4)
                .put(body)
                .array();
    }
}
