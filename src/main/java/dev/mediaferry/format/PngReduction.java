package dev.mediaferry.format;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Writes the rows of a PNG in a form that needs fewer bits for the same pixels. For one thread. */
final class PngReduction {

    private static final int OPAQUE = 0xff;

    private final PngForm from;
    private final PngForm to;
    private final int[] palette;
    private final Map<Integer, Integer> indices = new HashMap<>();
    private final byte[] row;

    /** @param palette alpha, red, green and blue of each entry; empty without a palette */
    PngReduction(PngForm from, PngForm to, int[] palette) {
        this.from = from;
        this.to = to;
        this.palette = palette;
        this.row = isNone() ? new byte[0] : new byte[to.bytes(to.width())];
        for (int i = 0; i < palette.length; i++) {
            indices.put(palette[i], i);
        }
    }

    static PngReduction none(PngForm form) {
        return new PngReduction(form, form, new int[0]);
    }

    boolean isNone() {
        return from.equals(to);
    }

    PngForm form() {
        return to;
    }

    int[] palette() {
        return palette;
    }

    /** Red, green and blue of all entries. */
    byte[] paletteColours() {
        byte[] colours = new byte[palette.length * 3];
        for (int i = 0; i < palette.length; i++) {
            colours[3 * i] = (byte) (palette[i] >> 16);
            colours[3 * i + 1] = (byte) (palette[i] >> 8);
            colours[3 * i + 2] = (byte) palette[i];
        }
        return colours;
    }

    /** Of the entries that are not opaque, which come first. */
    byte[] paletteAlpha() {
        ByteArrayOutputStream alphas = new ByteArrayOutputStream();
        Arrays.stream(palette)
                .map(colour -> colour >>> 24)
                .filter(alpha -> alpha != OPAQUE)
                .forEach(alphas::write);
        return alphas.toByteArray();
    }

    /** @return a row that is valid until the next call */
    PngRows.Row apply(PngRows.Row given) {
        if (isNone()) {
            return given;
        }
        int length = to.bytes(given.pixels());
        if (to.colours() == PngForm.PALETTE) {
            toIndices(given, length);
        } else {
            toSamples(given);
        }
        return new PngRows.Row(row, length, given.filter(), given.pixels(), given.first());
    }

    private void toIndices(PngRows.Row given, int length) {
        Arrays.fill(row, 0, length, (byte) 0);
        int bytes = from.bits() / 8;
        int step = from.step();
        int perByte = 8 / to.bits();
        int last = 0;
        int index = -1;
        for (int x = 0; x < given.pixels(); x++) {
            int colour = PngColours.colour(given.bytes(), x * step, from, bytes);
            if (index < 0 || colour != last) {
                index = indices.get(colour);
                last = colour;
            }
            row[x / perByte] |= (byte) (index << ((perByte - 1 - x % perByte) * to.bits()));
        }
    }

    private void toSamples(PngRows.Row given) {
        int bytes = from.bits() / 8;
        int step = from.step();
        int at = 0;
        for (int x = 0; x < given.pixels(); x++) {
            int colour = PngColours.colour(given.bytes(), x * step, from, bytes);
            row[at++] = (byte) (colour >> 16);
            if (!to.isGrey()) {
                row[at++] = (byte) (colour >> 8);
                row[at++] = (byte) colour;
            }
            if (to.hasAlpha()) {
                row[at++] = (byte) (colour >>> 24);
            }
        }
    }
}
