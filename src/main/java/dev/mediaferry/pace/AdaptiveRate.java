package dev.mediaferry.pace;

/**
 * How many requests a host bears, per second and at the same time, as its complaints have taught.
 *
 * <p>From the first complaint on the rate is a share of the {@code limit} at which the host complained: {@value #CUT} at once,
 * {@value #CRUISE} after some seconds, that for a while, then slowly more, and faster the longer nothing happens (the shape
 * is that of CUBIC, RFC 9438). A complaint above the limit confirms it, and the next probing is put off twice as long. One
 * below lowers it, the more the sooner it comes: a rate just over what a host allows is borne for long, since most allow for
 * a small surplus.
 */
final class AdaptiveRate {

    static final double CUT = 0.85;
    static final double CRUISE = 0.93;

    /** Seconds from cut to cruise. */
    static final double RAMP = 4;

    /** Seconds at cruise before more is tried: at first, and at most. */
    static final double FIRST_HOLD = 60;

    static final double LONGEST_HOLD = 1800;

    /** Seconds of probing after which a host counts as one that never complained. */
    static final double FORGIVEN = 300;

    /** Requests per second that a first complaint is taken for at least: few requests say little about a limit. */
    static final double FLOOR = 8;

    /** What a complaint below the limit leaves at least, of the rate and of the requests at the same time. */
    static final double LEFT = 2.0 / 3;

    /** What it leaves of the requests at the same time at most. */
    private static final double NARROWED = 0.8;

    /** Seconds' worth of requests that a host is thought to have borne above what it allows, before it complained. */
    private static final double SURPLUS = 0.7;

    private final double ceiling;
    private final int most;
    private final Goodput goodput;

    private double limit;
    private double width;
    private double clean;
    private double hold = FIRST_HOLD;
    private boolean rough;

    /**
     * @param ceiling requests per second at the most; infinite for any number
     * @param most requests at the same time
     */
    AdaptiveRate(double ceiling, int most, long now) {
        this.ceiling = ceiling;
        this.most = most;
        this.goodput = new Goodput(now);
    }

    /** @return the share of the limit that is used after {@code clean} seconds of good answers */
    static double share(double clean, double hold) {
        if (clean < RAMP) {
            return CUT + (CRUISE - CUT) * clean / RAMP;
        }
        double probing = Math.max(0, clean - RAMP - hold);
        return CRUISE + 0.005 * probing + 0.0005 * probing * probing;
    }

    /** True when the host has complained. */
    boolean isLimited() {
        return limit > 0;
    }

    double perSecond() {
        return limit > 0 ? Math.min(ceiling, limit * share(clean, hold)) : ceiling;
    }

    int together() {
        return limit > 0 ? (int) Math.max(1, Math.min(most, width * share(clean, hold))) : most;
    }

    /**
     * A request was answered well that was made after the last complaint.
     *
     * @param started when it was made
     * @return whether that changed anything
     */
    boolean good(long started) {
        goodput.count(started);
        rough = false;
        if (limit == 0) {
            return false;
        }
        clean += 1 / perSecond();
        if (clean - RAMP - hold > FORGIVEN || (perSecond() >= ceiling && width * share(clean, hold) >= most)) {
            limit = 0;
        }
        return true;
    }

    /** The same of one that was under way already. Refusals come sooner than media: what was granted beside the first counts. */
    void late(long started) {
        goodput.count(started);
        if (rough) {
            limit = Math.min(ceiling, Math.max(limit, goodput.lastSecond()));
        }
    }

    /** @param together requests that were under way */
    void complaint(int together) {
        double share = share(clean, hold);
        double rate = perSecond();
        if (limit == 0) {
            limit = Math.min(ceiling, Math.max(FLOOR, goodput.lastSecond()));
            width = Math.max(1, together);
            hold = FIRST_HOLD;
            rough = true;
        } else if (share >= 1) {
            hold = share < 1.25 ? Math.min(LONGEST_HOLD, hold * 2) : FIRST_HOLD;
            limit = rate;
            width = Math.min(most, width * share);
        } else {
            double left = Math.max(LEFT, 1 - SURPLUS / clean);
            limit = rate * left;
            width = Math.max(1, width * Math.min(NARROWED, left));
        }
        clean = 0;
    }

    double limit() {
        return limit;
    }

    double width() {
        return width;
    }

    double clean() {
        return clean;
    }

    double hold() {
        return hold;
    }

    /** Goes on from what another process, or an earlier one, has learnt; what this one has learnt itself is newer. */
    void recall(double knownLimit, double knownWidth, double knownClean, double knownHold) {
        if (limit == 0 && knownLimit > 0) {
            limit = Math.min(ceiling, knownLimit);
            width = Math.max(1, knownWidth);
            clean = knownClean;
            hold = knownHold;
        }
    }
}
