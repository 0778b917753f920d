package dev.mediaferry.pace;

import dev.mediaferry.pace.HostLimits.Learnt;
import dev.mediaferry.pace.HostLimits.State;
import java.time.Duration;

/**
 * The requests to one host: when the next may go, how many may be under way, and when nobody is to ask it. A host that never
 * complained goes at the configured pace, any other at its {@link AdaptiveRate}. Times are nanoseconds of one clock.
 */
public final class HostLimiter {

    /** Failures in a row after which a host counts as down. */
    static final int DOWN = 5;

    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    /** The answer to a request that is to find out whether the host is well again. */
    public static final long PROBE = -1;

    /** How far ahead times are reserved: rows that would have to wait longer are not claimed yet. */
    private static final long HORIZON = Duration.ofSeconds(5).toNanos();

    /** The same where the pace is learnt, and may change in the meantime. */
    private static final long LEARNT_HORIZON = Duration.ofSeconds(2).toNanos();

    /** Between two handfuls of rows of a host that has not answered yet. */
    private static final long UNKNOWN_PAUSE = Duration.ofMillis(500).toNanos();

    /** A host that was well so short a time ago is left alone for no longer than that, unless it says so. */
    private static final long RECENT = Duration.ofMinutes(2).toNanos();

    private static final long RECENT_PAUSE = Duration.ofSeconds(4).toNanos();

    private static final long LOOK_AGAIN = Duration.ofMillis(50).toNanos();

    /** For so long a host is closed that an operator has paused: longer than any run waits. */
    private static final long PAUSED = Duration.ofDays(1).toNanos();

    private static final double SECOND = 1e9;

    private final long ceiling;
    private final int most;
    private final AdaptiveRate learnt;
    private final TokenWindow spacing = new TokenWindow();

    private int inFlight;
    private boolean answered;
    private long lastGood;
    private long lastHandful;
    private long nextSlot;
    private long nextReturn;

    private long reacted;
    private int failures;
    private int strikes;
    private long closedUntil;
    private boolean suspect;
    private boolean probing;
    private boolean changed;

    /** An operator's order: nanoseconds between two requests at the least, and whether nobody is to ask at all. */
    private long ordered;

    private boolean paused;

    /**
     * @param ceiling nanoseconds between two requests at the least
     * @param most requests at the same time
     */
    public HostLimiter(long ceiling, int most, long now) {
        this.ceiling = ceiling;
        this.most = most;
        this.learnt = new AdaptiveRate(ceiling == 0 ? Double.POSITIVE_INFINITY : SECOND / ceiling, most, now);
        this.nextSlot = now;
        this.nextReturn = now;
        this.closedUntil = now;
        this.reacted = now;
        this.lastHandful = now - UNKNOWN_PAUSE;
        this.lastGood = now - RECENT;
    }

    // Asking

    public synchronized boolean isPaced(long now) {
        return interval() > 0 || suspect || closedFor(now) > 0;
    }

    /** @return nanoseconds until the request may come; its time is reserved, unless that is later than {@code longest} */
    public synchronized long reserve(long now, long longest) {
        long mine = Math.max(closedFor(now), nextSlot - now);
        if (mine <= longest) {
            nextSlot = now + mine + interval();
        }
        return mine;
    }

    /**
     * Lets a request go, or not yet.
     *
     * @return 0 when it may go, {@link #PROBE} when it goes alone to see whether the host is well, else nanoseconds after which
     *     it is worth coming back
     */
    public synchronized long enter(long now) {
        if (closedFor(now) > 0) {
            return closedFor(now);
        }
        long interval = interval();
        if (probing || inFlight >= concurrency()) {
            return Math.max(interval, LOOK_AGAIN);
        }
        if (learnt.isLimited() || ordered > 0) {
            long wait = spacing.until(now, interval);
            if (wait > 0) {
                // Not all at once, else one of many would get in each time.
                nextReturn = later(nextReturn + interval / 2, now + wait);
                return nextReturn - now;
            }
            spacing.went(now);
        }
        probing = suspect;
        inFlight++;
        return probing ? PROBE : 0;
    }

    /** @return how many rows may be claimed now, at most {@code wanted} */
    public synchronized int room(long now, int wanted) {
        if (suspect || paused) {
            return probing || closedFor(now) > 0 ? 0 : 1;
        }
        long interval = interval();
        long backlog = nextSlot - now;
        long horizon = learnt.isLimited() ? LEARNT_HORIZON : HORIZON;
        if (backlog > horizon || (learnt.isLimited() && backlog > horizon / 2 && interval < horizon / 4)) {
            return 0;
        }
        if (interval > 0) {
            return (int) Math.min(wanted, 1 + (horizon - Math.max(0, backlog)) / interval);
        }
        return answered ? wanted : handful(now, wanted);
    }

    /** A host that has not answered yet gets a part of all requests, since each may wait for long. */
    private int handful(long now, int wanted) {
        int part = Math.max(4, most / 4);
        if (inFlight >= part || now - lastHandful < UNKNOWN_PAUSE) {
            return 0;
        }
        lastHandful = now;
        return Math.min(wanted, part);
    }

    // Learning

    /** The host answered, whatever it said of the medium. */
    public synchronized void good(long now, long started, boolean probe) {
        leave(probe);
        answered = true;
        lastGood = now;
        failures = 0;
        if (started - reacted < 0) {
            learnt.late(started);
            return;
        }
        boolean taught = learnt.good(started);
        changed = changed || taught || suspect;
        if (suspect) {
            suspect = false;
            strikes = 0;
        }
    }

    /** The host wants less of us. Requests that were under way at the last complaint say nothing new. */
    public synchronized void complaint(long now, long started, boolean probe, Duration retryAfter) {
        int together = inFlight;
        leave(probe);
        answered = true;
        if (started - reacted >= 0) {
            slowDown(together);
            close(now, retryAfter);
        } else if (retryAfter != null) {
            close(now + retryAfter.toNanos());
            changed = true;
        }
    }

    /**
     * The host failed, or does not answer.
     *
     * @param refused true when it does not even take connections, which an overloaded one does, too
     */
    synchronized void failure(long now, long started, boolean probe, boolean refused) {
        int together = inFlight;
        leave(probe);
        if (started - reacted < 0) {
            return;
        }
        failures++;
        if (answered && failures == (refused ? 1 : DOWN)) {
            slowDown(together);
        }
        if (probe || failures >= DOWN) {
            strikes = Math.max(1, strikes);
            close(now, null);
        }
    }

    /** The request ended without saying anything about the host. */
    synchronized void leave(boolean probe) {
        inFlight--;
        if (probe) {
            probing = false;
        }
    }

    private void slowDown(int together) {
        if (suspect) {
            return; // Nothing good was heard since the last time, so this is not about the rate.
        }
        learnt.complaint(together);
        changed = true;
    }

    private void close(long now, Duration retryAfter) {
        strikes++;
        long own = FIRST_PAUSE.toNanos() << Math.min(20, strikes - 1);
        long pause = Math.min(own, LONGEST_PAUSE.toNanos());
        if (now - lastGood < RECENT) {
            pause = Math.min(pause, RECENT_PAUSE); // Perhaps it is only some links that fail.
        }
        if (retryAfter != null) {
            pause = Math.max(retryAfter.toNanos(), strikes == 1 ? 0 : pause / 2);
        }
        suspect = true;
        reacted = now;
        changed = true;
        close(now + pause);
    }

    /** Nobody asks the host before this time. */
    synchronized void close(long until) {
        closedUntil = later(closedUntil, until);
        nextSlot = later(nextSlot, closedUntil);
    }

    // What is known

    synchronized long closedFor(long now) {
        return paused ? PAUSED : Math.max(0, closedUntil - now);
    }

    /**
     * Does what an operator wants from now on.
     *
     * @param interval nanoseconds between two requests at the least; 0 for what is configured and learnt
     * @param pause true to let nobody ask
     */
    synchronized void order(long interval, boolean pause) {
        ordered = interval;
        paused = pause;
    }

    /** True when nothing good was heard between several complaints or failures. */
    synchronized boolean isOpen() {
        return suspect && strikes > 1;
    }

    /** Requests per second; infinite when nothing holds them. */
    synchronized double rate() {
        return learnt.perSecond();
    }

    synchronized int concurrency() {
        return learnt.together();
    }

    /** @return empty for a host of which nothing has been learnt */
    synchronized Learnt learnt(String host, long now) {
        boolean closed = closedFor(now) > 0;
        State state = closed ? State.SHUT_OUT : suspect ? State.PROBED : learnt.isLimited() ? State.SLOWED : State.FREE;
        return new Learnt(
                host,
                state,
                rate() == Double.POSITIVE_INFINITY ? 0 : rate(),
                concurrency(),
                learnt.limit(),
                learnt.width(),
                learnt.clean(),
                learnt.hold(),
                suspect ? strikes : 0,
                // An order is known to all by itself, and ends with it.
                Duration.ofNanos(Math.max(0, closedUntil - now)));
    }

    /** @return whether there is something new since the last call */
    synchronized boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /** Goes on from what another process, or an earlier one, has learnt; what this one has learnt itself is newer. */
    synchronized void recall(Learnt known, long now) {
        learnt.recall(known.limit(), known.width(), known.clean(), known.hold());
        if (!suspect && known.strikes() > 0) {
            suspect = true;
            strikes = known.strikes();
        }
        close(now + known.closedFor().toNanos());
    }

    private long interval() {
        double rate = rate();
        long own = rate == Double.POSITIVE_INFINITY ? 0 : Math.max(ceiling, (long) (SECOND / rate));
        return Math.max(own, ordered);
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }
}
