package dev.mediaferry.ledger;

import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.RetryPolicy;
import java.time.Duration;
import java.util.Optional;

/** How an attempt ended, to be written into the ledger. */
public sealed interface Settlement {

    Transfer transfer();

    /** The entry whose pointers a batch of settlements swaps. */
    default String entry() {
        return transfer().entry();
    }

    /**
     * The object is in the bucket; its pointer can be swapped.
     *
     * @param objectKey complete
     * @param target the pointer's new value
     * @param sha256 64 hexadecimal digits
     * @param etag as the store answered, or null
     */
    record Stored(
            Transfer transfer,
            String objectKey,
            String target,
            String sha256,
            long bytes,
            String contentType,
            String etag)
            implements Settlement {}

    /**
     * Nothing came of it this time.
     *
     * @param next when it is tried again; empty for a dead letter
     * @param objectUnknown true when the store may have the object all the same
     * @param httpStatus what the source's server answered; empty when it did not come to that
     * @param time from claim to end
     */
    record Failed(
            Transfer transfer,
            FailureKind kind,
            String message,
            Optional<RetryPolicy.Next> next,
            boolean objectUnknown,
            Optional<Integer> httpStatus,
            Duration time)
            implements Settlement {}
}
