package dev.mediaferry.video;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * One size that a film is made in.
 *
 * @param size as people call it: 720 for what fits 1280 x 720, or 720 x 1280 where the film stands upright
 * @param width with height even, as H.264 with a quarter of the colour has it
 */
public record Rung(int size, int width, int height) {

    /** Sides of the frame that a size stands for. */
    private static final double WIDE = 16.0 / 9;

    private static final int LOWEST = 360;
    private static final long LOWEST_RATE = 900_000;

    /** Twice the side needs about three times the bits: small things in a picture are alike. */
    private static final double GROWTH = 1.64;

    public Rung {
        if (size < 1 || width < 2 || height < 2 || width % 2 != 0 || height % 2 != 0) {
            throw new IllegalArgumentException("no rung: " + size + ", " + width + " x " + height);
        }
    }

    /**
     * Those that a film fills, from the lowest. One that fills none gets the lowest in its own size: nothing is enlarged.
     *
     * @param sizes that are asked for, at least one
     */
    public static List<Rung> of(Film film, Collection<Integer> sizes) {
        int longer = Math.max(film.width(), film.height());
        int shorter = Math.min(film.width(), film.height());
        List<Rung> rungs = new ArrayList<>();
        for (int size : new TreeSet<>(sizes)) {
            if (rungs.isEmpty() || shorter >= size || longer >= Math.round(size * WIDE)) {
                rungs.add(of(film, size, Math.min(1, Math.min(size * WIDE / longer, (double) size / shorter))));
            }
        }
        return rungs;
    }

    private static Rung of(Film film, int size, double scale) {
        return new Rung(size, even(film.width() * scale), even(film.height() * scale));
    }

    private static int even(double side) {
        // Down where that is the source's own size, else to the nearest.
        return Math.max(2, 2 * (int) (side == Math.rint(side) ? side / 2 : Math.round(side / 2)));
    }

    /** Most bit/s of its picture for long: 0.9 Mbit/s for 360, 2.8 for 720, 5.5 for 1080, 17 for 2160. */
    long mostBits() {
        return Math.round(LOWEST_RATE * Math.pow((double) size / LOWEST, GROWTH) / 100_000) * 100_000;
    }
}
