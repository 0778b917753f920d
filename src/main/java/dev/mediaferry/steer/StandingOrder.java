package dev.mediaferry.steer;

import dev.mediaferry.failure.ConfigurationException;
import java.time.Instant;

/**
 * What an operator wants of a host or an entry, until it is taken back.
 *
 * @param name of the host, in lower case, or of the entry
 * @param paused nobody asks the host; no rows of the entry are claimed
 * @param rate requests per second to the host at most; null for no wish
 * @param who gave it
 */
public record StandingOrder(Kind kind, String name, boolean paused, Double rate, String who, Instant at) {

    /** Slower than the longest pause that can be configured. */
    private static final double LEAST_RATE = 1.0 / 3600;

    private static final double MOST_RATE = 10_000;

    /** What it is about. */
    public enum Kind {
        HOST,
        ENTRY
    }

    public StandingOrder {
        if (name.isBlank() || name.length() > 255 || name.chars().anyMatch(Character::isISOControl)) {
            throw new ConfigurationException("a host or an entry has a name of 1 to 255 characters");
        }
        if (rate != null && (kind == Kind.ENTRY || !(rate >= LEAST_RATE && rate <= MOST_RATE))) {
            throw new ConfigurationException(
                    kind == Kind.ENTRY
                            ? "an entry has no rate; its hosts have"
                            : "the rate must be from 0.0003 to 10000 requests per second, and is " + rate);
        }
    }
}
