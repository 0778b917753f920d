package dev.mediaferry.run;

/**
 * A run as it is written down when it begins; what {@code open-run.sql} takes.
 *
 * @param worker that runs it
 * @param options in JSON
 */
public record RunOpening(int worker, String kind, String options) {}
