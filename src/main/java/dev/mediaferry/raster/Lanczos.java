package dev.mediaferry.raster;

import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * Makes a picture smaller by Lanczos' kernel with three lobes, the one that others are compared with: each pixel is a weighted mean of those
 * around its place, so that edges stay sharp. At first lines are added up, in loops that the compiler makes vectors of; then the pixels
 * within a line, three channels in one number.
 */
final class Lanczos {

    private static final int LOBES = 3;

    /** Bits behind the point of a line's weight. */
    private static final int DOWN = 14;

    /** Bits behind the point of a pixel's weight: a sum of eight bits more, and those for what lies outside of 0 to 255, fit {@link #FIELD}. */
    private static final int ACROSS = 11;

    /** Bits of a channel's sum. */
    private static final int FIELD = 21;

    private static final int MASK = (1 << FIELD) - 1;

    /** Added to each sum, so that none is negative and borrows of the next. */
    private static final int LIFT = 1 << 18;

    /** With what makes cutting off rounding. */
    private static final long BEGIN = LIFT + (1 << (ACROSS - 1));

    private final Pixels from;
    private final Pixels to;

    /** Of red, green, blue and transparency, as they lie in a word, from its most significant byte; 1 for grey. */
    private final int channels;

    private final Weights across;
    private final Weights down;

    private Lanczos(Pixels from, Pixels to, int channels) {
        this.from = from;
        this.to = to;
        this.channels = channels;
        this.across = Weights.of(from.width(), to.width(), 1 << ACROSS);
        this.down = Weights.of(from.height(), to.height(), 1 << DOWN);
    }

    /** @param to of the same form as the other, and no larger */
    static void scale(Pixels from, Pixels to) {
        new Lanczos(from, to, from.isGrey() ? 1 : from.hasAlpha() ? 4 : 3).run();
    }

    /** What each pixel of a side is made of: as many neighbours for each, from a first one on. */
    private record Weights(int[] first, int taps, int[] weights) {

        /** @param one what the weights of a pixel add up to */
        static Weights of(int from, int to, int one) {
            double factor = (double) from / to;
            int taps = Math.min(from, (int) Math.ceil(2 * LOBES * factor));
            int[] first = new int[to];
            int[] weights = new int[to * taps];
            double[] exact = new double[taps];
            for (int i = 0; i < to; i++) {
                double centre = (i + 0.5) * factor - 0.5;
                first[i] = Math.min(Math.max(0, (int) Math.ceil(centre - LOBES * factor)), from - taps);
                double sum = 0;
                for (int j = 0; j < taps; j++) {
                    exact[j] = kernel((first[i] + j - centre) / factor);
                    sum += exact[j];
                }
                int rest = one;
                int largest = 0;
                for (int j = 0; j < taps; j++) {
                    weights[i * taps + j] = (int) Math.round(exact[j] / sum * one);
                    rest -= weights[i * taps + j];
                    largest = exact[j] > exact[largest] ? j : largest;
                }
                // What is even stays even.
                weights[i * taps + largest] += rest;
            }
            return new Weights(first, taps, weights);
        }

        private static double kernel(double x) {
            if (x == 0) {
                return 1;
            }
            double angle = Math.PI * x;
            return Math.abs(x) >= LOBES ? 0 : LOBES * Math.sin(angle) * Math.sin(angle / LOBES) / (angle * angle);
        }
    }

    private void run() {
        int width = from.width();
        IntBuffer in = from.data();
        IntBuffer out = to.data();
        int[] words = new int[from.wordsPerLine()];
        int[] line = new int[to.wordsPerLine()];
        int[][] ring = new int[down.taps][channels * width];
        int[] sums = new int[channels * width];
        long[] pixels = new long[width];
        long[] made = new long[to.width()];
        int read = 0;
        for (int y = 0; y < to.height(); y++) {
            int end = down.first[y] + down.taps;
            for (; read < end; read++) {
                in.get(read * words.length, words);
                unpack(words, ring[read % down.taps], width);
            }
            down(ring, y, sums);
            if (channels == 1) {
                join(sums, 0, pixels);
                across(pixels, made);
                packGrey(made, line);
            } else {
                joinColours(sums, pixels);
                across(pixels, made);
                packColours(made, line);
            }
            if (channels == 4) {
                join(sums, 3 * width, pixels);
                across(pixels, made);
                packAlpha(made, line);
            }
            out.put(y * line.length, line);
        }
    }

    private void down(int[][] ring, int y, int[] sums) {
        Arrays.fill(sums, 1 << (DOWN - 1));
        int first = down.first[y];
        int weight = y * down.taps;
        for (int j = 0; j < down.taps; j++) {
            add(sums, ring[(first + j) % down.taps], down.weights[weight + j]);
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Math.min(Math.max(sums[i] >> DOWN, 0), 255);
        }
    }

    private static void add(int[] sums, int[] values, int weight) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += values[i] * weight;
        }
    }

    private static void join(int[] values, int at, long[] pixels) {
        for (int x = 0; x < pixels.length; x++) {
            pixels[x] = values[at + x];
        }
    }

    private static void joinColours(int[] values, long[] pixels) {
        int width = pixels.length;
        for (int x = 0; x < width; x++) {
            pixels[x] = ((long) values[x] << (2 * FIELD)) | ((long) values[x + width] << FIELD) | values[x + 2 * width];
        }
    }

    /** @param made gets the sums of each pixel's channels, one beside the other */
    private void across(long[] pixels, long[] made) {
        int taps = across.taps;
        int[] weights = across.weights;
        for (int x = 0, weight = 0; x < made.length; x++, weight += taps) {
            int first = across.first[x];
            long sum = (BEGIN << (2 * FIELD)) | (BEGIN << FIELD) | BEGIN;
            for (int j = 0; j < taps; j++) {
                sum += pixels[first + j] * weights[weight + j];
            }
            made[x] = sum;
        }
    }

    private static void packGrey(long[] made, int[] line) {
        Arrays.fill(line, 0);
        for (int x = 0; x < made.length; x++) {
            line[x >> 2] |= value(made[x], 0) << (24 - 8 * (x & 3));
        }
    }

    private static void packColours(long[] made, int[] line) {
        for (int x = 0; x < made.length; x++) {
            line[x] = (value(made[x], 2) << 24) | (value(made[x], 1) << 16) | (value(made[x], 0) << 8);
        }
    }

    private static void packAlpha(long[] made, int[] line) {
        for (int x = 0; x < made.length; x++) {
            line[x] |= value(made[x], 0);
        }
    }

    private static int value(long sum, int field) {
        int value = (((int) (sum >>> (field * FIELD)) & MASK) - LIFT) >> ACROSS;
        return Math.min(Math.max(value, 0), 255);
    }

    private void unpack(int[] words, int[] values, int width) {
        if (channels == 1) {
            for (int x = 0; x < width; x++) {
                values[x] = words[x >> 2] >>> (24 - 8 * (x & 3)) & 0xff;
            }
            return;
        }
        // Shifts by constants, each in a loop of its own, become vectors.
        for (int x = 0; x < width; x++) {
            values[x] = words[x] >>> 24;
        }
        for (int x = 0; x < width; x++) {
            values[x + width] = words[x] >>> 16 & 0xff;
        }
        for (int x = 0; x < width; x++) {
            values[x + 2 * width] = words[x] >>> 8 & 0xff;
        }
        if (channels == 4) {
            for (int x = 0; x < width; x++) {
                values[x + 3 * width] = words[x] & 0xff;
            }
        }
    }
}
