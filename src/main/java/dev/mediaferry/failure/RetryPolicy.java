package dev.mediaferry.failure;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When a failed transfer is tried again: three times within a run (after about 1 s and 4 s, or when the server's
 * Retry-After says), then by later runs after 1 h, 2 h, 4 h … 24 h. After {@value #MAX_ATTEMPTS} attempts it is dead, unless
 * it failed for a reason that has nothing to do with it.
 */
public final class RetryPolicy {

    /** Attempts in all, after which a transient failure is given up. */
    public static final int MAX_ATTEMPTS = 30;

    /** Attempts within one run. */
    static final int ATTEMPTS_PER_RUN = 3;

    /** The longest wait that a run sits through; what is due later is left to a later run. */
    public static final Duration LONGEST_WAIT_IN_RUN = Duration.ofSeconds(60);

    private static final Duration FIRST_LATER = Duration.ofHours(1);
    private static final Duration LONGEST_LATER = Duration.ofHours(24);

    private RetryPolicy() {}

    /**
     * @param inRun true when the run that saw the failure tries it again itself
     * @param delay from now until the next attempt
     */
    public record Next(boolean inRun, Duration delay) {}

    /**
     * @param attempt the number of the attempt that failed, from 1, over all runs
     * @return empty for a dead letter
     */
    public static Optional<Next> next(FailureKind kind, int attempt, Optional<Duration> retryAfter) {
        if (kind.retry() == FailureKind.Retry.UNTRIED) {
            Duration wait = retryAfter.orElse(LONGEST_WAIT_IN_RUN);
            return Optional.of(new Next(wait.compareTo(LONGEST_WAIT_IN_RUN) <= 0, wait));
        }
        boolean last = attempt >= MAX_ATTEMPTS && kind.retry() != FailureKind.Retry.ALWAYS;
        if (kind.retry() == FailureKind.Retry.NEVER || last) {
            return Optional.empty();
        }
        int inThisRun = (attempt - 1) % ATTEMPTS_PER_RUN + 1;
        if (kind.retry() == FailureKind.Retry.SOON && inThisRun < ATTEMPTS_PER_RUN) {
            Duration wait = retryAfter.orElseGet(() -> withJitter(Duration.ofSeconds(inThisRun == 1 ? 1 : 4)));
            return Optional.of(new Next(wait.compareTo(LONGEST_WAIT_IN_RUN) <= 0, wait));
        }
        int round = Math.min(5, (attempt - 1) / ATTEMPTS_PER_RUN);
        Duration wait = withJitter(FIRST_LATER.multipliedBy(1L << round));
        wait = wait.compareTo(LONGEST_LATER) > 0 ? LONGEST_LATER : wait;
        Duration asked = retryAfter.orElse(Duration.ZERO);
        return Optional.of(new Next(false, asked.compareTo(wait) > 0 ? asked : wait));
    }

    /** Spreads waits by a quarter to either side, so that many failures do not come back at once. */
    private static Duration withJitter(Duration wait) {
        double factor = ThreadLocalRandom.current().nextDouble(0.75, 1.25);
        return Duration.ofMillis((long) (wait.toMillis() * factor));
    }
}
