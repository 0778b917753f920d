package dev.mediaferry.uploads;

import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes ids of version 7 (RFC 9562, 5.7): the time in milliseconds, then chance, so that later ids are greater. */
public final class MediaId {

    private static final int VERSION_7 = 0x7000;
    private static final int TWELVE_BITS = 0xfff;

    private MediaId() {}

    /** @param random that nobody can foresee */
    public static UUID create(Instant now, RandomGenerator random) {
        long high = now.toEpochMilli() << 16 | VERSION_7 | (random.nextInt() & TWELVE_BITS);
        long low = random.nextLong() >>> 2 | Long.MIN_VALUE;
        return new UUID(high, low);
    }

    /** @return when an id of ours was made */
    static Instant time(UUID id) {
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
    }
}
