package dev.mediaferry.ledger;

import java.time.Instant;
import java.util.Optional;

/**
 * One medium on its way, as claimed from the ledger.
 *
 * @param worker id under which this process has claimed it
 * @param entry the registry entry, like {@code Table.column}
 * @param rowKey the row's id as text
 * @param source the exact old value of the pointer
 * @param url what is requested: the source in the form of a valid link, or another link to the same medium
 * @param host of the url
 * @param deadline until when the link works, if it says
 * @param objectKey {@code {ext}} and {@code {sha256}} stand in it until the bytes are known
 * @param bucket that the object is in; null for the configured one
 * @param objectState whether an earlier attempt has stored the object already
 * @param attempt from 1, over all runs
 * @param asked true when the user's application was asked for a fresh link already
 * @param claimed when this attempt began
 * @param repair what was mended in the link so that it answered in this attempt, or null
 * @param contended true when other transfers had a part in its object, or may have, when it was claimed
 */
public record Transfer(
        long id,
        long run,
        int worker,
        String entry,
        String rowKey,
        String source,
        String url,
        String host,
        Optional<Instant> deadline,
        String objectKey,
        String bucket,
        ObjectState objectState,
        int attempt,
        boolean asked,
        Instant claimed,
        String repair,
        boolean contended) {

    /** What the ledger knows of the object under the key. */
    public enum ObjectState {
        NONE,
        /** A put was under way when its process died, or its answer got lost. */
        UNKNOWN,
        PRESENT,
        REMOVING,
        REMOVED,
        /** Its turn to be deleted had come, but it is not ours, not what was stored, or in use. */
        KEPT,
        /** Somebody else has stored it, with the same bytes. */
        FOREIGN
    }

    /** @return the same transfer with the link that answered instead of its own */
    public Transfer repaired(String answering, String how) {
        return new Transfer(
                id,
                run,
                worker,
                entry,
                rowKey,
                source,
                answering,
                host,
                deadline,
                objectKey,
                bucket,
                objectState,
                attempt,
                asked,
                claimed,
                how,
                contended);
    }

    /** @return the same transfer, known to share its object */
    public Transfer sharing() {
        return new Transfer(
                id,
                run,
                worker,
                entry,
                rowKey,
                source,
                url,
                host,
                deadline,
                objectKey,
                bucket,
                objectState,
                attempt,
                asked,
                claimed,
                repair,
                true);
    }

    /** True when the object may be in the bucket already, so that nothing needs to be fetched. */
    public boolean mayBeStored() {
        return objectState == ObjectState.UNKNOWN || objectState == ObjectState.PRESENT;
    }

    /** True when the date that the link carries has passed. */
    public boolean expired() {
        return deadline.filter(date -> date.isBefore(Instant.now())).isPresent();
    }
}
