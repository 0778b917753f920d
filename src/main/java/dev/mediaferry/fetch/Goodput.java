package dev.mediaferry.fetch;

import java.time.Duration;

/** How many good answers a host gave within the last second, counted by tenths of it. */
final class Goodput {

    private static final int SLICES = 10;
    private static final long SLICE = Duration.ofSeconds(1).toNanos() / SLICES;

    /** One more, for the part of the oldest that lies within the second. */
    private final int[] counts = new int[SLICES + 1];

    private long newest;

    Goodput(long now) {
        this.newest = Math.floorDiv(now, SLICE);
    }

    void count(long now) {
        turn(now);
        counts[index(newest)]++;
    }

    double lastSecond(long now) {
        turn(now);
        double part = 1 - (double) Math.floorMod(now, SLICE) / SLICE;
        double sum = counts[index(newest - SLICES)] * part;
        for (int back = 0; back < SLICES; back++) {
            sum += counts[index(newest - back)];
        }
        return sum;
    }

    /** Empties the slices of the time that has passed. */
    private void turn(long now) {
        long slice = Math.floorDiv(now, SLICE);
        for (long next = Math.max(newest, slice - counts.length) + 1; next <= slice; next++) {
            counts[index(next)] = 0;
        }
        newest = Math.max(newest, slice);
    }

    private int index(long slice) {
        return (int) Math.floorMod(slice, (long) counts.length);
    }
}
