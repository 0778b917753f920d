package dev.mediaferry.entry;

/**
 * Undoes what {@link Relink} wrote where it still stands, and marks the transfers {@code rolled_back}, in one transaction.
 *
 * @param sql takes {@code ids} and {@code entry}; answers {@code id, outcome}: restored, open, changed, over
 * @param preview what {@code sql} would answer if nobody had anything locked; changes nothing
 */
public record Restore(String sql, String preview) {}
