package dev.mediaferry.fetch;

import dev.mediaferry.fixture.Allowance;
import dev.mediaferry.pace.HostLimiter;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A lane and a host that allows N requests per second and bans for 10 s after three refusals, on a clock of their own:
 * rows are claimed, wait for their turn and for a free consumer, ask, and are answered, as in a run on a busy machine.
 */
final class PaceSimulation {

    private static final double SECOND = 1e9;
    private static final int MOST = 32;
    private static final int LONGEST_QUEUE = 128;
    private static final long MOMENT = Duration.ofMillis(250).toNanos();
    private static final long CLAIM = Duration.ofMillis(50).toNanos();

    private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingLong(Event::at));
    private final Random random;
    private final int perSecond;
    private final Machine machine;
    private final Allowance allowance;
    private final int latencyMillis;
    private final HostLimiter lane;

    private long now;
    private long stalledUntil;
    private long busyUntil;

    private long firstRefusal = -1;
    private long from = Long.MAX_VALUE;
    private int waiting;
    private int granted;
    private int refused;

    private record Event(long at, Runnable action) {}

    /**
     * What keeps rows from asking when they should.
     *
     * @param busy milliseconds for which nobody gets to at the most, twice a second
     * @param jerks milliseconds between two times at which consumers are free, 0 for always
     */
    record Machine(int busy, int jerks) {}

    /** @param used share of what the host allows */
    record Outcome(double used, int refused, int requests) {}

    /**
     * @param bucket as of an {@link Allowance}
     * @param latencyMillis of an answer, on the average
     * @param machine on which this happens
     */
    PaceSimulation(long seed, int perSecond, boolean bucket, int latencyMillis, Machine machine) {
        this.random = new Random(seed);
        this.perSecond = perSecond;
        this.latencyMillis = latencyMillis;
        this.machine = machine;
        this.now = -random.nextLong(Duration.ofSeconds(20).toNanos());
        this.allowance = new Allowance(perSecond, bucket, now);
        this.stalledUntil = now;
        this.busyUntil = now;
        this.lane = new HostLimiter(0, MOST, now);
    }

    /** @return what happened in {@code seconds} that began {@code warmUp} seconds after the first refusal */
    Outcome run(double warmUp, double seconds) {
        at(0, this::claim);
        at(random.nextLong((long) SECOND), this::stall);
        at(random.nextLong((long) SECOND), this::busy);
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

    /** The program does something else now and then. */
    private void busy() {
        busyUntil = now + (long) (random.nextDouble() * millis(machine.busy()));
        at((long) (random.nextDouble() * SECOND), this::busy);
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
        long step = Math.max(1, millis(machine.jerks()));
        at(jitter(10), () -> at(step - 1 - Math.floorMod(now, step), this::ask));
    }

    private void ask() {
        if (busyUntil - now > 0) {
            at(busyUntil - now, this::ask);
            return;
        }
        long wait = lane.enter(now);
        if (wait > 0) {
            at(wait <= MOMENT ? wait : lane.reserve(now, Duration.ofSeconds(6).toNanos()), this::queue);
            return;
        }
        waiting--;
        long started = now;
        at(jitter(latencyMillis / 2), () -> {
            boolean fine = allow();
            at(
                    jitter(fine ? latencyMillis : latencyMillis / 4),
                    () -> answered(started, wait == HostLimiter.PROBE, fine));
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
        boolean fine = allowance.allows(now);
        if (!fine && firstRefusal == -1) {
            firstRefusal = now;
        }
        if (now - from >= 0 && from != Long.MAX_VALUE) {
            granted += fine ? 1 : 0;
            refused += fine ? 0 : 1;
        }
        return fine;
    }

    private static long millis(int millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    private long jitter(int millis) {
        return (long) ((0.5 + random.nextDouble()) * millis * 1e6);
    }
}
