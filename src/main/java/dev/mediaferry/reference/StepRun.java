package dev.mediaferry.reference;

import dev.mediaferry.reference.ReferenceSession.Blocker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** One step on its way: it looks who is in its way, asks for its lock when nobody is, and pauses longer after each refusal. */
public final class StepRun {

    private static final int MOST_ATTEMPTS = 60;
    private static final long FIRST_PAUSE = 1_000;
    private static final long LONGEST_PAUSE = 30_000;

    /** Between two looks; they ask for no lock of the table. */
    private static final long LOOK_MILLIS = 100;

    private final ReferenceSession session;
    private final Step step;
    private final long patienceNanos;
    private long begun;
    private long id;
    private int attempts;
    private long pause;
    private boolean done;
    private List<Blocker> blockers = List.of();

    /** @param patience longest that others may be in the way */
    StepRun(ReferenceSession session, Step step, Duration patience) {
        this.session = session;
        this.step = step;
        this.patienceNanos = patience.toNanos();
    }

    ReferenceSession session() {
        return session;
    }

    Step step() {
        return step;
    }

    /** Of its line in the ledger; 0 before it has one. */
    long id() {
        return id;
    }

    void begin(long line) {
        id = line;
        // Not when the command began: a backfill of hours may come before its last step.
        begun = System.nanoTime();
    }

    int attempts() {
        return attempts;
    }

    long waitedMillis() {
        return (System.nanoTime() - begun) / 1_000_000;
    }

    List<Blocker> blockers() {
        return blockers;
    }

    /** True until it is done. */
    public boolean isOpen() {
        return !done;
    }

    /** Milliseconds until the next turn. */
    public long getPause() {
        return pause;
    }

    void finish() {
        done = true;
    }

    /** True when others were in the way for too long. */
    boolean isExhausted() {
        return attempts >= MOST_ATTEMPTS || System.nanoTime() - begun > patienceNanos;
    }

    void blocked(List<Blocker> by) {
        blockers = by;
        pause = LOOK_MILLIS;
    }

    /** Half as much again each time, and not at the same moment as others that were refused with it. */
    void refused() {
        attempts++;
        double longer = FIRST_PAUSE * Math.pow(1.5, attempts - 1);
        pause = (long)
                (Math.min(LONGEST_PAUSE, longer) * ThreadLocalRandom.current().nextDouble(0.75, 1.25));
    }
}
