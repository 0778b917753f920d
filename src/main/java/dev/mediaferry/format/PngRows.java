package dev.mediaferry.format;

import java.util.Iterator;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The rows of a PNG, with their filters undone. No more is inflated than its header announces. */
final class PngRows {

    /**
     * @param bytes the samples from index 0 on; used again for the row after the next
     * @param filter that it had, 0 to 4
     * @param pixels how many there are
     * @param first whether it is the first one of a pass, so that there is no row above it
     */
    record Row(byte[] bytes, int length, int filter, int pixels, boolean first) {}

    interface Consumer {
        void accept(Row row);
    }

    private final PngForm form;
    private final byte[] file;
    private final Iterator<PngFile.Chunk> data;

    PngRows(PngForm form, byte[] file, List<PngFile.Chunk> data) {
        this.form = form;
        this.file = file;
        this.data = data.iterator();
    }

    /** To be called once. */
    void forEach(Consumer consumer) throws NotCompressible {
        Inflater inflater = new Inflater();
        try {
            byte[] filter = new byte[1];
            byte[] row = new byte[form.bytes(form.width())];
            byte[] above = new byte[row.length];
            for (PngForm.Pass pass : form.passes()) {
                int length = form.bytes(pass.width());
                java.util.Arrays.fill(above, (byte) 0);
                for (int y = 0; y < pass.height(); y++) {
                    fill(inflater, filter, 1);
                    fill(inflater, row, length);
                    undo(filter[0], row, above, length);
                    consumer.accept(new Row(row, length, filter[0], pass.width(), y == 0));
                    byte[] done = row;
                    row = above;
                    above = done;
                }
            }
            checkEnd(inflater);
        } catch (DataFormatException e) {
            throw new NotCompressible(SkipReason.DAMAGED, "its data cannot be inflated");
        } finally {
            inflater.end();
        }
    }

    private void fill(Inflater inflater, byte[] target, int length) throws DataFormatException, NotCompressible {
        int at = 0;
        while (at < length) {
            int count = inflater.inflate(target, at, length - at);
            at += count;
            if (count == 0) {
                if (inflater.finished() || inflater.needsDictionary() || !data.hasNext()) {
                    throw new NotCompressible(SkipReason.DAMAGED, "its data end before its last row");
                }
                feed(inflater);
            }
        }
    }

    /** What comes after the last row has no meaning; only the checksum behind it has to be right. */
    private void checkEnd(Inflater inflater) throws DataFormatException, NotCompressible {
        byte[] rest = new byte[1];
        while (!inflater.finished()) {
            if (inflater.inflate(rest) > 0) {
                throw new NotCompressible(SkipReason.DAMAGED, "its data go on after the last row");
            }
            if (!inflater.finished()) {
                if (!inflater.needsInput() || !data.hasNext()) {
                    throw new NotCompressible(SkipReason.DAMAGED, "its data end before their checksum");
                }
                feed(inflater);
            }
        }
    }

    private void feed(Inflater inflater) {
        PngFile.Chunk chunk = data.next();
        inflater.setInput(file, chunk.start(), chunk.length());
    }

    private void undo(int filter, byte[] row, byte[] above, int length) throws NotCompressible {
        int step = form.step();
        switch (filter) {
            case 0 -> {}
            case 1 -> {
                for (int i = step; i < length; i++) {
                    row[i] += row[i - step];
                }
            }
            case 2 -> {
                for (int i = 0; i < length; i++) {
                    row[i] += above[i];
                }
            }
            case 3 -> {
                for (int i = 0; i < length; i++) {
                    int left = i < step ? 0 : row[i - step] & 0xff;
                    row[i] += (byte) ((left + (above[i] & 0xff)) >> 1);
                }
            }
            case 4 -> {
                for (int i = 0; i < length; i++) {
                    row[i] += (byte) paeth(row, above, i, step);
                }
            }
            default -> throw new NotCompressible(SkipReason.DAMAGED, "a row has the filter " + filter);
        }
    }

    /** Left, above or above left, whichever is nearest to left + above - above left. */
    static int paeth(byte[] row, byte[] above, int i, int step) {
        int left = i < step ? 0 : row[i - step] & 0xff;
        int up = above[i] & 0xff;
        int corner = i < step ? 0 : above[i - step] & 0xff;
        int toLeft = Math.abs(up - corner);
        int toUp = Math.abs(left - corner);
        int toCorner = Math.abs(left + up - corner - corner);
        if (toLeft <= toUp && toLeft <= toCorner) {
            return left;
        }
        return toUp <= toCorner ? up : corner;
    }
}
