package dev.mediaferry.run;

/**
 * The buckets that a process leaves alone, side by side with since when and why; what {@code remember-pauses.sql} takes.
 *
 * @param since in ISO 8601
 * @param text all of it, to compare it with
 */
public record StorePauses(int worker, String[] buckets, String[] since, String[] reasons, String text) {}
