package dev.mediaferry.ledger;

/** The number of a transfer, where a statement answers nothing else. */
public record TransferId(long id) {}
