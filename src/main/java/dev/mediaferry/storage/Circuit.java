package dev.mediaferry.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether one bucket takes what is put. Refused {@value #REFUSALS} times in a row, it is left alone: nothing is downloaded
 * for it until it answers a probe and then takes one more object. Until the first object is in, and after a refusal, only
 * some are tried at a time, so that a bucket that takes nothing costs no more downloads than it takes to find out.
 *
 * <p>Its methods may be called from any thread.
 */
public final class Circuit {

    static final int REFUSALS = 5;

    /** Downloads at a time while it is in doubt whether their objects will be taken. */
    static final int TRIALS = 4;

    /** Slow hosts say nothing about the bucket, and do not hold up the others for longer. */
    private static final Duration LONGEST_DOUBT = Duration.ofSeconds(2);

    private static final Duration DOUBT_AFTER_REFUSAL = Duration.ofSeconds(10);
    private static final long LOOK_AGAIN_MILLIS = 50;

    private final Duration firstProbe;
    private boolean proven;
    private int refusals;
    private int inside;
    private long doubtEnds;
    private Pause pause;
    private boolean answers;
    private Duration interval;
    private long nextProbe;

    /**
     * Why a bucket is left alone.
     *
     * @param since when it was refused for the last time in a row that made it so
     * @param reason what the store said
     */
    public record Pause(Instant since, String reason) {}

    /** @param firstProbe how long it is left alone at first; the time doubles from probe to probe up to sixteen times it */
    public Circuit(Duration firstProbe) {
        this.firstProbe = firstProbe;
    }

    /** What {@link #enter} answers, given back when the row is done: nothing that had to be counted. */
    public static final Runnable UNCOUNTED = () -> {};

    /**
     * Waits while enough others are on trial.
     *
     * @return to be run when the row is done; empty when the bucket is left alone
     */
    public synchronized Optional<Runnable> enter() throws InterruptedException {
        while (true) {
            if (pause != null && (!answers || inside > 0)) {
                return Optional.empty();
            }
            if (pause == null && proven && refusals == 0) {
                return Optional.of(UNCOUNTED);
            }
            if (pause != null || inside < TRIALS || System.nanoTime() - doubtEnds > 0) {
                return Optional.of(begin());
            }
            wait(LOOK_AGAIN_MILLIS);
        }
    }

    private Runnable begin() {
        if (inside == 0 && refusals == 0) {
            doubtEnds = System.nanoTime() + LONGEST_DOUBT.toNanos();
        }
        inside++;
        return this::leave;
    }

    private synchronized void leave() {
        inside--;
        notifyAll();
    }

    /** @return how many rows may be claimed for this bucket */
    public synchronized int room() {
        if (pause == null) {
            return Integer.MAX_VALUE;
        }
        return answers && inside == 0 ? 1 : 0;
    }

    /** @return the pause that this ends */
    public synchronized Optional<Pause> accepted() {
        if (proven && refusals == 0) {
            return Optional.empty();
        }
        Optional<Pause> over = pause();
        proven = true;
        refusals = 0;
        pause = null;
        notifyAll();
        return over;
    }

    /**
     * @param reason what the store said
     * @return the pause that this begins
     */
    public synchronized Optional<Pause> refused(String reason) {
        refusals++;
        doubtEnds = System.nanoTime() + DOUBT_AFTER_REFUSAL.toNanos();
        if (pause != null) {
            boolean trial = answers;
            pause = new Pause(pause.since(), reason);
            answers = false;
            if (trial) {
                postpone();
            }
            return Optional.empty();
        }
        if (refusals < REFUSALS) {
            return Optional.empty();
        }
        pause = new Pause(Instant.now(), reason);
        answers = false;
        interval = firstProbe;
        nextProbe = System.nanoTime() + interval.toNanos();
        notifyAll();
        return Optional.of(pause);
    }

    /** @return empty when objects are put */
    public synchronized Optional<Pause> pause() {
        return Optional.ofNullable(pause);
    }

    /** @return false while the bucket is left alone and has not answered a probe */
    public synchronized boolean mayBeAsked() {
        return pause == null || answers;
    }

    /** @return true when the bucket is to be asked whether it is there again */
    public synchronized boolean probeIsDue() {
        return pause != null && !answers && System.nanoTime() - nextProbe >= 0;
    }

    /** It has answered a probe: the next object is put to the test. */
    public synchronized void answered() {
        answers = pause != null;
        notifyAll();
    }

    /** @param reason what the store said to a probe */
    public synchronized void unanswered(String reason) {
        if (pause != null) {
            pause = new Pause(pause.since(), reason);
            postpone();
        }
    }

    private void postpone() {
        Duration most = firstProbe.multipliedBy(16);
        interval = interval.multipliedBy(2).compareTo(most) > 0 ? most : interval.multipliedBy(2);
        nextProbe = System.nanoTime() + interval.toNanos();
    }
}
