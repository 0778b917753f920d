package dev.mediaferry.pace;

/**
 * Keeps the requests to one host apart without losing what came late: some may go closer together, even a few at once, but
 * wherever one begins to count, a second's worth of them takes about a second. So neither a program that stops for a moment
 * nor a queue that moves in jerks costs speed, and a host that counts by the second sees no burst. Times are nanoseconds of
 * one clock.
 */
final class TokenWindow {

    /** The part of a second's requests that may go at once. */
    private static final int AT_ONCE = 5;

    /** How close those may come to the ones before them, as a share of the time that they have on the average. */
    private static final double CLOSEST = 0.6;

    /** What a second's worth takes of a second, so that late ones catch up with those that come after them. */
    private static final double HASTE = 0.98;

    /** Requests that are remembered: a second's worth, unless that is more. */
    private static final int MOST = 256;

    private static final long SECOND = 1_000_000_000;

    private long[] times = {};
    private int count;

    /**
     * @param interval of the requests on the average
     * @return nanoseconds until the next may go; 0 or less for now
     */
    long until(long now, long interval) {
        int second = (int) Math.min(MOST, (SECOND + interval - 1) / interval);
        int few = Math.max(1, second / AT_ONCE);
        return Math.max(takes(second, HASTE * interval, now), takes(few, CLOSEST * interval, now));
    }

    /** A request goes. */
    void went(long now) {
        if (times.length == 0) {
            times = new long[MOST];
        }
        times[count % MOST] = now;
        count = count + 1 < 2 * MOST ? count + 1 : MOST;
    }

    /** @return nanoseconds until one may go, when each of {@code requests} before it takes at least {@code each} */
    private long takes(int requests, double each, long now) {
        return count < requests ? 0 : times[(count - requests) % MOST] - now + (long) (requests * each);
    }
}
