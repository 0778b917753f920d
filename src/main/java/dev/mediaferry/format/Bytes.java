package dev.mediaferry.format;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** The received bytes of one medium, in memory or in a file, of which any can be looked at. For one thread. */
public final class Bytes implements AutoCloseable {

    private static final int BLOCK = 4096;

    private final byte[] block;
    private final long length;
    private final RandomAccessFile file;
    private long start;
    private int filled;

    private Bytes(byte[] block, long length, RandomAccessFile file) {
        this.block = block;
        this.length = length;
        this.file = file;
        this.filled = file == null ? (int) length : 0;
    }

    public static Bytes of(byte[] memory, int length) {
        return new Bytes(memory, length, null);
    }

    public static Bytes of(Path file) throws IOException {
        RandomAccessFile opened = new RandomAccessFile(file.toFile(), "r");
        return new Bytes(new byte[BLOCK], opened.length(), opened);
    }

    public long length() {
        return length;
    }

    /** @return 0 to 255 */
    int at(long position) throws IOException {
        long offset = position - start;
        if (offset < 0 || offset >= filled) {
            load(position);
            offset = position - start;
        }
        return block[(int) offset] & 0xff;
    }

    /** Two bytes, the more significant first. */
    int u16(long position) throws IOException {
        return at(position) << 8 | at(position + 1);
    }

    /** Four bytes, the more significant first. */
    long u32(long position) throws IOException {
        return (long) u16(position) << 16 | u16(position + 2);
    }

    /** Two bytes, the less significant first. */
    int u16Little(long position) throws IOException {
        return at(position) | at(position + 1) << 8;
    }

    /** Four bytes, the less significant first. */
    long u32Little(long position) throws IOException {
        return u16Little(position) | (long) u16Little(position + 2) << 16;
    }

    /** @return the first bytes, fewer when there are no more */
    public byte[] head(int most) throws IOException {
        byte[] head = new byte[(int) Math.min(most, length)];
        for (int i = 0; i < head.length; i++) {
            head[i] = (byte) at(i);
        }
        return head;
    }

    /** Blocks begin at multiples of their size, so that walking backwards reads each one once, too. */
    private void load(long position) throws IOException {
        if (file == null || position < 0 || position >= length) {
            throw new IndexOutOfBoundsException("byte " + position + " of " + length);
        }
        start = position / BLOCK * BLOCK;
        filled = (int) Math.min(BLOCK, length - start);
        file.seek(start);
        file.readFully(block, 0, filled);
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
