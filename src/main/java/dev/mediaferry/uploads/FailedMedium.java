package dev.mediaferry.uploads;

/**
 * A medium that has just failed.
 *
 * @param failure a short name, like {@code expired}
 * @param step {@code upload}, or {@code processing} for what was verified before
 */
public record FailedMedium(String mediaType, String failure, String step) {}
