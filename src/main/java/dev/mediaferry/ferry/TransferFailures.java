package dev.mediaferry.ferry;

import dev.mediaferry.content.Content;
import dev.mediaferry.content.MediaType;
import dev.mediaferry.failure.FailureClassifier;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ferry.StoredObjects.NewObject;
import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.ledger.TransferResult;
import dev.mediaferry.ledger.TransferResult.Remains;
import dev.mediaferry.pace.Permit;
import dev.mediaferry.run.StoreCircuits;

/** Makes a settlement of what went wrong on a transfer's way. */
public final class TransferFailures {

    private final ResultWriter settlements;
    private final StoreCircuits circuits;

    public TransferFailures(ResultWriter settlements, StoreCircuits circuits) {
        this.settlements = settlements;
        this.circuits = circuits;
    }

    /**
     * @param content as far as the transfer got, or null
     * @param sent what the put was begun with; null when it did not come to that
     * @param visit to the transfer's host; null when it did not come to that
     */
    public TransferResult.Failed settle(
            Transfer transfer, Content content, NewObject sent, Throwable thrown, Permit visit) {
        TransferException failure = content != null && content.changed()
                ? new TransferException(FailureKind.CHANGED, "the file changed while it was stored", thrown)
                : shown(FailureClassifier.of(thrown), content);
        if (visit != null) {
            visit.end(failure);
        }
        circuits.failed(transfer, failure, thrown);
        return settlements.failure(transfer, failure, remains(failure, sent));
    }

    /** What was received whole is shown, too: it may be what stands for pictures that are gone. */
    private static TransferException shown(TransferException failure, Content content) {
        return content == null || content.bytes() == null
                ? failure
                : MediaType.shownOf(content.bytes(), content.bytes().length)
                        .map(failure::withAnswer)
                        .orElse(failure);
    }

    private static Remains remains(TransferException failure, NewObject sent) {
        if (sent == null) {
            // What was found by a look stays to be looked for, so that no later attempt is put in its place.
            return Remains.UNCHANGED;
        }
        return failure.kind() == FailureKind.KEY_TAKEN ? Remains.NONE : Remains.perhaps(sent.sha256());
    }
}
