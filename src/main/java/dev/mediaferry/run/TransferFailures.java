package dev.mediaferry.run;

import dev.mediaferry.content.Content;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.Failures;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.fetch.HostPace;
import dev.mediaferry.ledger.Settlement;
import dev.mediaferry.ledger.Transfer;

/** Makes a settlement of what went wrong on a transfer's way. */
public final class TransferFailures {

    private final Settlements settlements;
    private final HostPace pace;

    public TransferFailures(Settlements settlements, HostPace pace) {
        this.settlements = settlements;
        this.pace = pace;
    }

    /** @param content as far as the transfer got, or null */
    public Settlement.Failed settle(Transfer transfer, Content content, Throwable thrown) {
        TransferException failure = content != null && content.changed()
                ? new TransferException(FailureKind.CHANGED, "the file changed while it was stored", thrown)
                : Failures.of(thrown);
        if (failure.kind() == FailureKind.RATE_LIMITED) {
            failure.retryAfter().ifPresent(time -> pace.pause(transfer.host(), time));
        }
        return settlements.failure(transfer, failure);
    }
}
