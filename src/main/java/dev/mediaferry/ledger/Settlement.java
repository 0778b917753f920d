package dev.mediaferry.ledger;

import dev.mediaferry.content.Original;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.RetryPolicy;
import dev.mediaferry.link.Link;
import java.time.Duration;
import java.time.Instant;
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
     * @param original what was compressed to these bytes; null when they are as they came
     */
    record Stored(
            Transfer transfer,
            String objectKey,
            String target,
            String sha256,
            long bytes,
            String contentType,
            String etag,
            Original original)
            implements Settlement {}

    /**
     * Nothing came of it this time.
     *
     * @param next when it is tried again; empty for a dead letter
     * @param objectUnknown true when the store may have the object all the same
     * @param httpStatus what the source's server answered; empty when it did not come to that
     * @param time from claim to end
     * @param resolution what the user's application said of the link; empty when it was not asked
     */
    record Failed(
            Transfer transfer,
            FailureKind kind,
            String message,
            Optional<RetryPolicy.Next> next,
            boolean objectUnknown,
            Optional<Integer> httpStatus,
            Duration time,
            Optional<Resolution> resolution)
            implements Settlement {

        /** @return the link that the failed one is replaced by, if there is one */
        public Optional<Link> fresh() {
            return resolution.flatMap(Resolution::link);
        }

        /** @return the same failure, to be tried again at once with the fresh link; or final, when there is none */
        public Failed resolved(Resolution answer, String note) {
            return new Failed(
                    transfer,
                    kind,
                    message + "; " + note,
                    answer.link().map(fresh -> new RetryPolicy.Next(true, Duration.ZERO)),
                    objectUnknown,
                    httpStatus,
                    time,
                    Optional.of(answer));
        }
    }

    /**
     * What the user's application answered when it was asked for another link.
     *
     * @param link the fresh one; empty when it has none
     * @param deadline until when that works, if it says
     */
    record Resolution(Optional<Link> link, Optional<Instant> deadline) {}
}
