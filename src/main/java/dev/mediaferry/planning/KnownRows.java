package dev.mediaferry.planning;

import dev.mediaferry.ledger.TransferState;

/**
 * Rows of a page that the ledger knew already.
 *
 * @param later true when those that wait do so for a time to come; null where nothing is due
 * @param atRisk how many of them have links that end before the next run
 */
public record KnownRows(TransferState state, Boolean later, long rows, long atRisk) {

    /** @return true when a run does not move them as it has planned them */
    boolean held() {
        return state != TransferState.WAITING || Boolean.TRUE.equals(later);
    }
}
