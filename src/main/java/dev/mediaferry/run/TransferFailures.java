package dev.mediaferry.run;

import dev.mediaferry.failure.Failures;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.fetch.Visit;
import dev.mediaferry.ledger.Settlement;
import dev.mediaferry.ledger.Transfer;

/** Makes a settlement of what went wrong on a transfer's way. */
public final class TransferFailures {

    private final Settlements settlements;

    public TransferFailures(Settlements settlements) {
        this.settlements = settlements;
    }

    /** @param visit to the transfer's host; null when it did not come to that */
    public Settlement.Failed settle(Transfer transfer, Throwable thrown, Visit visit) {
        TransferException failure = Failures.of(thrown);
        if (visit != null) {
            visit.end(failure);
        }
        return settlements.failure(transfer, failure);
    }
}
