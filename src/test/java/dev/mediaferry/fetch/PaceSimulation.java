package dev.mediaferry.fetch;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A lane and a host that allows so many requests per second and bans for 10 s after three refusals, on a clock of their own:
 * rows are claimed, wait for their turn and for a free consumer, ask, and are answered, as in a run on a busy machine.
 */
final class PaceSimulation {

    private static final double SECOND = 1e9;
    private static final int MOST = 32;
    private static final int LONGEST_QUEUE = 128;
    private static final int VIOLATIONS = 3;
    private static final long BAN = Duration.ofSeconds(10).toNanos();
    private static final long CLAIM = Duration.ofMillis(50).toNanos();

    private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingLong(Event::at));
    private final Random random;
    private final int perSecond;
    private final boolean bucket;
    private final int latencyMillis;
    private final Lane lane;
    private final long begin;

    private long now;
    private long stalledUntil;

    private double tokens;
    private long window = -1;
    private long last;
    private int violations;
    private long bannedUntil;

    private long firstRefusal = -1;
    private long from = Long.MAX_VALUE;
    private int waiting;
    private int granted;
    private int refused;

    private record Event(long at, Runnable action) {}

    /** @param used share of what the host allows */
    record Outcome(double used, int refused, int requests) {}

    /**
     * @param bucket true to allow so many per second on the average, and as many at once; false for so many within each second
     *     of a clock
     * @param latencyMillis of an answer, on the average
     */
    PaceSimulation(long seed, int perSecond, boolean bucket, int latencyMillis) {
        this.random = new Random(seed);
        this.perSecond = perSecond;
        this.bucket = bucket;
        this.latencyMillis = latencyMillis;
        this.begin = -random.nextLong(Duration.ofSeconds(20).toNanos());
        this.now = begin;
        this.last = begin;
        this.bannedUntil = begin;
        this.stalledUntil = begin;
        this.tokens = perSecond;
        this.lane = new Lane(0, MOST, now);
    }

    /** @return what happened in {@code seconds} that began {@code warmUp} seconds after the first refusal */
    Outcome run(double warmUp, double seconds) {
        at(0, this::claim);
        at(random.nextLong((long) SECOND), this::stall);
        long end = Long.MAX_VALUE;
        while (now - end < 0 || end == Long.MAX_VALUE) {
            if (firstRefusal != -1 && end == Long.MAX_VALUE) {
                from = firstRefusal + (long) (warmUp * SECOND);
                end = from + (long) (seconds * SECOND);
            }
            Event next = events.poll();
            now = next.at() - now > 0 ? next.at() : now;
            if (stalledUntil - now > 0) {
                now = stalledUntil;
            }
            next.action().run();
        }
        return new Outcome(granted / (perSecond * seconds), refused, granted + refused);
    }

    private void at(long delay, Runnable action) {
        events.add(new Event(now + delay, action));
    }

    /** The machine does something else now and then. */
    private void stall() {
        stalledUntil = now + (long) (random.nextDouble() * 0.2 * SECOND);
        at((long) (random.nextDouble() * 4 * SECOND), this::stall);
    }

    private void claim() {
        int room = lane.room(now, Math.min(LONGEST_QUEUE - waiting, 8 + random.nextInt(56)));
        for (int i = 0; i < room; i++) {
            waiting++;
            boolean paced = lane.isPaced(now);
            at(paced ? lane.reserve(now, Duration.ofSeconds(6).toNanos()) : 0, this::queue);
        }
        at(CLAIM, this::claim);
    }

    private void queue() {
        at(jitter(10), this::ask);
    }

    private void ask() {
        long wait = lane.enter(now);
        if (wait > 0) {
            at(wait, this::queue);
            return;
        }
        waiting--;
        long started = now;
        at(jitter(latencyMillis / 2), () -> {
            boolean fine = allow();
            at(jitter(fine ? latencyMillis : latencyMillis / 4), () -> answered(started, wait == Lane.PROBE, fine));
        });
    }

    private void answered(long started, boolean probe, boolean fine) {
        if (fine) {
            lane.good(now, started, probe);
        } else {
            lane.complaint(now, started, probe, null);
        }
    }

    private boolean allow() {
        refill();
        boolean banned = bannedUntil - now > 0;
        boolean fine = !banned && tokens >= 1;
        if (fine) {
            tokens--;
        } else if (!banned && ++violations == VIOLATIONS) {
            violations = 0;
            bannedUntil = now + BAN;
        }
        if (!fine && firstRefusal == -1) {
            firstRefusal = now;
        }
        if (now - from >= 0 && from != Long.MAX_VALUE) {
            granted += fine ? 1 : 0;
            refused += fine ? 0 : 1;
        }
        return fine;
    }

    private void refill() {
        if (bucket) {
            tokens = Math.min(perSecond, tokens + (now - last) / SECOND * perSecond);
            last = now;
        } else if ((now - begin) / (long) SECOND != window) {
            window = (now - begin) / (long) SECOND;
            tokens = perSecond;
        }
    }

    private long jitter(int millis) {
        return (long) ((0.5 + random.nextDouble()) * millis * 1e6);
    }
}
