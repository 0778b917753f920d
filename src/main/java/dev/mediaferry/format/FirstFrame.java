package dev.mediaferry.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The first frame of a WebP that moves, as a WebP that does not (RFC 9649, 2.7.1.1). */
public final class FirstFrame {

    private static final int FRAME = 0x464d4e41;
    private static final int ALPHA = 0x48504c41;
    private static final int EXTENDED = 0x58385056;
    private static final int HEADER = 12;
    private static final int FRAME_HEADER = 16;
    private static final int HAS_ALPHA = 0x10;

    private FirstFrame() {}

    /** @return the file itself when it does not move */
    public static byte[] of(byte[] file) {
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
        return file;
    }

    private static byte[] still(byte[] file, int frame, int length) {
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
