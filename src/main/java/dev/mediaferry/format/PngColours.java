package dev.mediaferry.format;

import java.util.Arrays;
import java.util.Comparator;

/** Looks at every pixel of a PNG to find out how little would do to say the same: fewer bits, no alpha, grey, a palette. */
final class PngColours {

    private static final int MOST = 256;
    private static final int SLOTS = 1024;

    private final PngForm form;
    private final boolean profiled;
    private final boolean possible;
    private boolean halves = true;
    private boolean opaque = true;
    private boolean grey = true;
    private int count;
    private final int[] colours = new int[SLOTS];
    private final boolean[] used = new boolean[SLOTS];

    /**
     * @param keyed whether one colour stands for transparent
     * @param profiled whether it has an ICC profile, which is one for grey or one for RGB
     */
    PngColours(PngForm form, boolean keyed, boolean profiled) {
        this.form = form;
        this.profiled = profiled;
        this.possible = form.bits() >= 8 && form.colours() != PngForm.PALETTE && !keyed;
    }

    boolean canBeReduced() {
        return possible;
    }

    void look(PngRows.Row row) {
        int bytes = form.bits() / 8;
        int step = form.step();
        if (bytes == 2 && halves) {
            for (int i = 0; i < row.length(); i += 2) {
                halves &= row.bytes()[i] == row.bytes()[i + 1];
            }
        }
        int last = 0;
        for (int i = 0; i < row.length(); i += step) {
            int colour = colour(row.bytes(), i, form, bytes);
            if (i == 0 || colour != last) {
                note(colour);
                last = colour;
            }
        }
    }

    /** @return alpha, red, green and blue of the pixel at this index */
    static int colour(byte[] row, int at, PngForm form, int bytes) {
        int first = row[at] & 0xff;
        boolean rgb = !form.isGrey();
        int green = rgb ? row[at + bytes] & 0xff : first;
        int blue = rgb ? row[at + 2 * bytes] & 0xff : first;
        int alpha = form.hasAlpha() ? row[at + (form.samples() - 1) * bytes] & 0xff : 0xff;
        return alpha << 24 | first << 16 | green << 8 | blue;
    }

    private void note(int colour) {
        opaque &= colour >>> 24 == 0xff;
        grey &= (colour >> 8 & 0xffff) == (colour & 0xffff);
        if (count > MOST) {
            return;
        }
        int slot = (colour * 0x9e3779b1) >>> 22;
        while (used[slot] && colours[slot] != colour) {
            slot = (slot + 1) % SLOTS;
        }
        if (!used[slot]) {
            used[slot] = true;
            colours[slot] = colour;
            count++;
        }
    }

    /** To be called when all rows have been looked at. */
    PngReduction reduction() {
        if (!possible || !halves) {
            return PngReduction.none(form);
        }
        boolean toGrey = grey && (form.isGrey() || !profiled);
        boolean toPalette = count <= MOST && !(form.isGrey() && profiled) && (count <= 16 || !(toGrey && opaque));
        if (toPalette) {
            int bits = count <= 2 ? 1 : count <= 4 ? 2 : count <= 16 ? 4 : 8;
            return new PngReduction(form, form.withColours(PngForm.PALETTE, bits), palette());
        }
        int type = toGrey ? (opaque ? PngForm.GREY : PngForm.GREY_ALPHA) : (opaque ? PngForm.RGB : PngForm.RGB_ALPHA);
        return new PngReduction(form, form.withColours(type, 8), new int[0]);
    }

    /** Transparent ones first, so that the list of their alphas is short. */
    private int[] palette() {
        int[] palette = new int[count];
        int next = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            if (used[slot]) {
                palette[next++] = colours[slot];
            }
        }
        return Arrays.stream(palette)
                .boxed()
                .sorted(Comparator.comparing((Integer colour) -> colour >>> 24 == 0xff)
                        .thenComparing(Integer::compareUnsigned))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
