package dev.mediaferry.run;

import dev.mediaferry.ledger.Transfer;
import java.time.Instant;
import java.util.Optional;

/** A row of {@code read-claim.sql}: a transfer that another process has claimed. */
public record OthersClaim(
        long id,
        long run,
        int worker,
        String entry,
        String rowKey,
        String source,
        String url,
        String host,
        Instant deadline,
        String objectKey,
        String bucket,
        Transfer.ObjectState objectState,
        int attempts,
        boolean asked) {

    /** Who else has a part in its object was asked by the process that claimed it; here it counts as shared. */
    Transfer transfer() {
        return new Transfer(
                id,
                run,
                worker,
                entry,
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
                true);
    }
}
