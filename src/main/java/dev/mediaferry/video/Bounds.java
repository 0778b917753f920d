package dev.mediaferry.video;

import java.time.Duration;

/**
 * What one child may use.
 *
 * @param time from its start to its end
 * @param memory that it may address, in bytes
 * @param disk most bytes in its directory
 */
record Bounds(Duration time, long memory, long disk) {

    /** For a child that writes no file: it works in a directory of others, which is not measured. */
    static final long NO_FILES = 1;

    Bounds {
        if (time.isNegative() || time.isZero() || memory <= 0 || disk <= 0) {
            throw new IllegalArgumentException("no bounds: " + time + ", " + memory + ", " + disk);
        }
    }

    Bounds within(Duration shorter) {
        return shorter.compareTo(time) < 0 ? new Bounds(shorter, memory, disk) : this;
    }
}
