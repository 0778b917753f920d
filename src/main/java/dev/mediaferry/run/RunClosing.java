package dev.mediaferry.run;

/**
 * A run as it is written down when it ends; what {@code close-run.sql} takes.
 *
 * @param run its number
 * @param report in JSON
 */
public record RunClosing(long run, String report, boolean interrupted) {}
