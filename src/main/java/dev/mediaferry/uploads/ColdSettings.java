package dev.mediaferry.uploads;

import dev.mediaferry.settings.Settings;
import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of media that nobody fetches.
 *
 * @param coldClass storage class that they are moved to; empty to leave them
 * @param coldAfter how long nobody has fetched them
 */
public record ColdSettings(Optional<String> coldClass, Duration coldAfter) {

    private static final Duration LEAST = Duration.ofDays(1);
    private static final Duration MOST = Duration.ofDays(36_500);

    public static ColdSettings of(Settings settings) {
        return new ColdSettings(
                settings.optional("media.cold-class")
                        .map(value -> settings.parse(
                                "media.cold-class",
                                value,
                                "a storage class of the store, like STANDARD_IA",
                                name -> name.matches("[A-Z][A-Z0-9_]*") ? name : null)),
                settings.duration("media.cold-after", LEAST, MOST));
    }
}
