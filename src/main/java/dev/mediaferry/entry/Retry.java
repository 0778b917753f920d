package dev.mediaferry.entry;

/**
 * Has dead letters tried again.
 *
 * @param held which of the dead letters {@code ids} still have something to do
 * @param sql has a selection of dead letters tried again; answers {@code retried, superseded}
 */
public record Retry(String held, String sql) {}
