package dev.mediaferry.uploads;

import java.util.UUID;

/**
 * What a sweep does with one medium.
 *
 * @param action {@code fail}, {@code delete}, {@code detach}, or {@code remove} for objects in the bucket
 * @param reason like {@code expired}, {@code unattached}, {@code replaced}
 */
public record SweepFinding(UUID id, String userId, String mediaType, String action, String reason) {}
