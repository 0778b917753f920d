package dev.mediaferry.run;

import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.ledger.TransferState;
import java.time.Instant;
import java.util.Optional;

/**
 * A line of a claim's answer. Where nothing was claimed there is one, which only says whether the worker is registered.
 *
 * @param registered false when others have taken this process for dead
 * @param id of the transfer, or null
 * @param attempts of the transfer with this one; null with its id
 * @param asked true when the user's application was asked for a fresh link already; null with the id
 * @param found true when the run has not had the transfer before
 */
public record ClaimedRow(
        boolean registered,
        Long id,
        String rowKey,
        String source,
        String url,
        String host,
        Instant deadline,
        String objectKey,
        String bucket,
        Transfer.ObjectState objectState,
        Integer attempts,
        Boolean asked,
        TransferState state,
        boolean found) {

    boolean exists() {
        return id != null;
    }

    Transfer transfer(FieldRun field, int worker) {
        return new Transfer(
                id,
                field.run().id(),
                worker,
                field.name(),
                rowKey,
                source,
                url,
                host,
                Optional.ofNullable(deadline),
                objectKey,
                bucket,
                objectState,
                attempts,
                asked,
                Instant.now(),
                null,
                false);
    }
}
