package dev.mediaferry.compress;

import dev.mediaferry.raster.Pixels;
import java.nio.IntBuffer;

/**
 * Whether a compressed picture looks like its original: the mean structural similarity of brightness (Z. Wang et al., IEEE
 * Transactions on Image Processing 13, 2004) in windows of 11 x 11, and the signal-to-noise ratio of red, green and blue,
 * which sees what becomes of colours.
 */
record Likeness(double similarity, double decibels) {

    /** A little more than what is promised, 0.95 and 30 dB, since windows are picked out, and profiles are not applied. */
    private static final double LEAST_SIMILARITY = 0.955;

    private static final double LEAST_DECIBELS = 30.5;

    /** What a sample has to be better, so that it need not be asked about the whole. */
    private static final double MARGIN_SIMILARITY = 0.015;

    private static final double MARGIN_DECIBELS = 2;

    private static final int WINDOW = 11;
    private static final double SIGMA = 1.5;
    private static final double[] GAUSS = gauss();

    /** Between two windows of a large picture, and of a small one. */
    private static final int WIDE_STEP = 8;

    private static final int STEP = 2;

    private static final double C1 = Math.pow(.01 * 255, 2);
    private static final double C2 = Math.pow(.03 * 255, 2);

    /** Pictures of more windows than this are looked at in wide steps. */
    private static final int MANY = 60_000;

    boolean suffices() {
        return similarity >= LEAST_SIMILARITY && decibels >= LEAST_DECIBELS;
    }

    boolean sufficesFor(boolean sample) {
        return sample
                ? similarity >= LEAST_SIMILARITY + MARGIN_SIMILARITY && decibels >= LEAST_DECIBELS + MARGIN_DECIBELS
                : suffices();
    }

    /** Of two pictures of the same size and depth, four bytes a pixel or one. */
    static Likeness of(Pixels first, Pixels second) {
        Reader a = new Reader(first);
        Reader b = new Reader(second);
        int across = Math.max(1, a.width - WINDOW + 1);
        int down = Math.max(1, a.height - WINDOW + 1);
        int step = (long) across * down / (STEP * STEP) > MANY ? WIDE_STEP : STEP;
        double similarity = 0;
        long windows = 0;
        for (int y = 0; y < down; y += step) {
            for (int x = 0; x < across; x += step) {
                similarity += window(a, b, x, y);
                windows++;
            }
        }
        return new Likeness(similarity / windows, decibels(a, b));
    }

    private static double window(Reader a, Reader b, int left, int top) {
        double meanA = 0;
        double meanB = 0;
        double squaresA = 0;
        double squaresB = 0;
        double products = 0;
        double weights = 0;
        for (int y = top; y < Math.min(a.height, top + WINDOW); y++) {
            for (int x = left; x < Math.min(a.width, left + WINDOW); x++) {
                double weight = GAUSS[y - top] * GAUSS[x - left];
                double p = a.luma(x, y);
                double q = b.luma(x, y);
                meanA += weight * p;
                meanB += weight * q;
                squaresA += weight * p * p;
                squaresB += weight * q * q;
                products += weight * p * q;
                weights += weight;
            }
        }
        meanA /= weights;
        meanB /= weights;
        double varianceA = squaresA / weights - meanA * meanA;
        double varianceB = squaresB / weights - meanB * meanB;
        double covariance = products / weights - meanA * meanB;
        return (2 * meanA * meanB + C1)
                * (2 * covariance + C2)
                / ((meanA * meanA + meanB * meanB + C1) * (varianceA + varianceB + C2));
    }

    private static double[] gauss() {
        double[] weights = new double[WINDOW];
        for (int i = 0; i < WINDOW; i++) {
            weights[i] = Math.exp(-Math.pow(i - WINDOW / 2, 2) / (2 * SIGMA * SIGMA));
        }
        return weights;
    }

    private static double decibels(Reader a, Reader b) {
        double squares = 0;
        for (int y = 0; y < a.height; y++) {
            for (int x = 0; x < a.width; x++) {
                squares += a.squaredDistance(b, x, y);
            }
        }
        double mean = squares / ((double) a.width * a.height * 3);
        return mean == 0 ? 99 : 10 * Math.log10(255 * 255 / mean);
    }

    private static final class Reader {
        private final IntBuffer data;
        private final int words;
        private final int width;
        private final int height;
        private final boolean grey;
        private final boolean alpha;

        Reader(Pixels pixels) {
            this.data = pixels.data();
            this.words = pixels.wordsPerLine();
            this.width = pixels.width();
            this.height = pixels.height();
            this.grey = pixels.isGrey();
            this.alpha = pixels.hasAlpha();
        }

        /** Red, green and blue in the upper bytes, as over black where there is transparency. */
        private int rgb(int x, int y) {
            if (grey) {
                int value = data.get(y * words + (x >> 2)) >>> (24 - 8 * (x & 3)) & 0xff;
                return value << 24 | value << 16 | value << 8;
            }
            int pixel = data.get(y * words + x);
            if (!alpha) {
                return pixel;
            }
            int opacity = pixel & 0xff;
            return (((pixel >>> 24) * opacity / 255) << 24)
                    | (((pixel >>> 16 & 0xff) * opacity / 255) << 16)
                    | (((pixel >>> 8 & 0xff) * opacity / 255) << 8);
        }

        double luma(int x, int y) {
            int pixel = rgb(x, y);
            return .299 * (pixel >>> 24) + .587 * (pixel >>> 16 & 0xff) + .114 * (pixel >>> 8 & 0xff);
        }

        int squaredDistance(Reader other, int x, int y) {
            int p = rgb(x, y);
            int q = other.rgb(x, y);
            int red = (p >>> 24) - (q >>> 24);
            int green = (p >>> 16 & 0xff) - (q >>> 16 & 0xff);
            int blue = (p >>> 8 & 0xff) - (q >>> 8 & 0xff);
            return red * red + green * green + blue * blue;
        }
    }
}
