package dev.mediaferry.run;

import dev.mediaferry.ledger.TransferState;

/**
 * How many transfers of one entry ended a run alike: a row of {@code run-outcomes.sql}.
 *
 * @param failure kind of failure, or null
 * @param bytes of those that are linked
 */
public record RunOutcome(String entry, TransferState state, String failure, long rows, long bytes) {}
