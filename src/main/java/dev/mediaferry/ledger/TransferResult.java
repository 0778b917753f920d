package dev.mediaferry.ledger;

import dev.mediaferry.content.Dimensions;
import dev.mediaferry.content.Original;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.RetryPolicy;
import dev.mediaferry.link.Link;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How an attempt ended, to be written into the ledger. */
public sealed interface TransferResult {

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
     * @param dimensions of a picture, where they are known and the entry asks for them; else null
     * @param foreign true when somebody else has stored it, so that it stays when the pointer goes
     */
    record Stored(
            Transfer transfer,
            String objectKey,
            String target,
            String sha256,
            long bytes,
            String contentType,
            String etag,
            Original original,
            Dimensions dimensions,
            boolean foreign)
            implements TransferResult {

        public Transfer.ObjectState objectState() {
            return foreign ? Transfer.ObjectState.FOREIGN : Transfer.ObjectState.PRESENT;
        }
    }

    /**
     * Nothing came of it this time.
     *
     * @param next when it is tried again; empty for a dead letter
     * @param remains what it left in the store
     * @param httpStatus what the source's server answered; empty when it did not come to that
     * @param answer the beginning of what the server sent, when that is a picture; null when it is none
     * @param time from claim to end
     * @param resolution what the user's application said of the link; empty when it was not asked
     */
    record Failed(
            Transfer transfer,
            FailureKind kind,
            String message,
            Optional<RetryPolicy.Next> next,
            Remains remains,
            Optional<Integer> httpStatus,
            byte[] answer,
            Duration time,
            Optional<Resolution> resolution)
            implements TransferResult {

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
                    remains,
                    httpStatus,
                    this.answer,
                    time,
                    Optional.of(answer));
        }
    }

    /**
     * What a failed attempt left in the store, so that the next one takes it over and a cleanup finds it.
     *
     * @param state null when nothing changed, so that the ledger keeps what it knows
     * @param objectKey complete; null for the planned one, which every object of the transfer begins with
     * @param sha256 of what was sent, or null
     * @param etag as the store answered, or null
     */
    record Remains(
            Transfer.ObjectState state, String objectKey, String sha256, Long bytes, String contentType, String etag) {

        /** The attempt did not come to the put. */
        public static final Remains UNCHANGED = new Remains(null, null, null, null, null, null);

        /** The put began, and nobody knows how it ended. */
        public static Remains perhaps(String sha256) {
            return new Remains(Transfer.ObjectState.UNKNOWN, null, sha256, null, null, null);
        }

        /** There is no object of this transfer: under its key lies another one. */
        public static final Remains NONE = new Remains(Transfer.ObjectState.NONE, null, null, null, null, null);

        /** The object is there, only its pointer is not. */
        public static Remains of(Stored stored) {
            return new Remains(
                    stored.objectState(),
                    stored.objectKey(),
                    stored.sha256(),
                    stored.bytes(),
                    stored.contentType(),
                    stored.etag());
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
