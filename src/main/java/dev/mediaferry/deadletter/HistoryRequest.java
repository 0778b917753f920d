package dev.mediaferry.deadletter;

/**
 * Asks for everything that was tried for one transfer.
 *
 * @param id in the ledger
 */
public record HistoryRequest(long id) {}
