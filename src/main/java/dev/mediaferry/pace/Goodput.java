package dev.mediaferry.pace;

import java.time.Duration;

/** How many requests of a second a host answered well, counted by tenths of the second that they were made in. */
final class Goodput {

    private static final int SLICES = 10;
    private static final long SLICE = Duration.ofSeconds(1).toNanos() / SLICES;

    /** ResponseReader come late and in any order: those to requests of the newest three seconds count. */
    private final int[] counts = new int[3 * SLICES];

    private long newest;

    Goodput(long now) {
        this.newest = Math.floorDiv(now, SLICE);
    }

    /** @param started when the request was made */
    void count(long started) {
        turn(started);
        long slice = Math.floorDiv(started, SLICE);
        if (newest - slice < counts.length) {
            counts[index(slice)]++;
        }
    }

    /** @return requests of the second that ended with the newest of them */
    double lastSecond() {
        int sum = 0;
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
