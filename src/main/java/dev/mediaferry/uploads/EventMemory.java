package dev.mediaferry.uploads;

import dev.mediaferry.settings.Settings;
import java.time.Duration;

/**
 * How long the ledger knows what happened to media.
 *
 * @param events how long events are kept
 * @param delivered how long it is kept that somebody has heard of one
 */
public record EventMemory(Duration events, Duration delivered) {

    private static final Duration LONGEST = Duration.ofDays(36_500);

    public static EventMemory of(Settings settings) {
        return new EventMemory(
                settings.duration("media.keep-events", Duration.ofDays(1), LONGEST),
                settings.duration("webhook.keep-delivered", Duration.ZERO, LONGEST));
    }
}
