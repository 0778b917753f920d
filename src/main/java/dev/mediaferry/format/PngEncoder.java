package dev.mediaferry.format;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;

/** Filters and deflates the rows of a PNG as small as zlib makes them. Gives up when that is not small enough. */
final class PngEncoder implements AutoCloseable {

    enum Filters {
        NONE,
        /** For each row the one whose output has the least sum of absolute differences (libpng's heuristic). */
        BEST,
        /** Those that the rows had. */
        AS_BEFORE
    }

    private static final int KINDS = 5;
    private static final int PIECE = 64 * 1024;

    private final Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    private final Filters filters;
    private final int step;
    private final long most;
    private final byte[][] tries;
    private final byte[] above;
    private final List<byte[]> pieces = new ArrayList<>();
    private byte[] piece = new byte[PIECE];
    private int filled;
    private long length;

    PngEncoder(PngForm form, Filters filters, long most) {
        int row = form.bytes(form.width());
        this.filters = filters;
        this.step = form.step();
        this.most = most;
        this.above = new byte[row];
        this.tries = new byte[filters == Filters.BEST ? KINDS : 1][1 + row];
    }

    void add(PngRows.Row row) {
        if (hasGivenUp()) {
            return;
        }
        if (row.first()) {
            java.util.Arrays.fill(above, (byte) 0);
        }
        byte[] filtered =
                switch (filters) {
                    case NONE -> filter(0, row, tries[0]);
                    case AS_BEFORE -> filter(row.filter(), row, tries[0]);
                    case BEST -> best(row);
                };
        System.arraycopy(row.bytes(), 0, above, 0, row.length());
        deflater.setInput(filtered, 0, 1 + row.length());
        while (!deflater.needsInput() && !hasGivenUp()) {
            drain();
        }
    }

    private boolean hasGivenUp() {
        return length > most;
    }

    private void drain() {
        int count = deflater.deflate(piece, filled, PIECE - filled);
        filled += count;
        length += count;
        if (filled == PIECE) {
            pieces.add(piece);
            piece = new byte[PIECE];
            filled = 0;
        }
    }

    /** @return null when it came out too large */
    byte[] finish() {
        deflater.finish();
        while (!deflater.finished() && !hasGivenUp()) {
            drain();
        }
        if (hasGivenUp()) {
            return null;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream((int) length);
        pieces.forEach(out::writeBytes);
        out.write(piece, 0, filled);
        return out.toByteArray();
    }

    private byte[] best(PngRows.Row row) {
        byte[] best = null;
        long least = Long.MAX_VALUE;
        for (int kind = 0; kind < KINDS; kind++) {
            byte[] filtered = filter(kind, row, tries[kind]);
            long sum = 0;
            for (int i = 1; i <= row.length(); i++) {
                sum += Math.abs(filtered[i]);
            }
            if (sum < least) {
                least = sum;
                best = filtered;
            }
        }
        return best;
    }

    private byte[] filter(int kind, PngRows.Row row, byte[] out) {
        byte[] bytes = row.bytes();
        out[0] = (byte) kind;
        for (int i = 0; i < row.length(); i++) {
            int left = i < step ? 0 : bytes[i - step] & 0xff;
            int predicted =
                    switch (kind) {
                        case 1 -> left;
                        case 2 -> above[i];
                        case 3 -> (left + (above[i] & 0xff)) >> 1;
                        case 4 -> PngRows.paeth(bytes, above, i, step);
                        default -> 0;
                    };
            out[1 + i] = (byte) (bytes[i] - predicted);
        }
        return out;
    }

    @Override
    public void close() {
        deflater.end();
    }
}
