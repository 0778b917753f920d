package dev.mediaferry.uploads;

import dev.mediaferry.object.ObjectName;
import java.util.UUID;

/**
 * A medium whose object is to be moved to another storage class, or back.
 *
 * @param bucket as the ledger keeps it
 * @param storageClass that it is in; null for the one that objects are stored in
 * @param action {@code cool} or {@code restore}
 */
public record ColdMedium(
        UUID id,
        String userId,
        String mediaType,
        String storageKey,
        String bucket,
        String etag,
        String storageClass,
        String action) {

    ObjectName object() {
        return new ObjectName(bucket, storageKey);
    }

    boolean isToBeRestored() {
        return action.equals("restore");
    }

    SweepFinding finding() {
        return new SweepFinding(id, userId, mediaType, action, isToBeRestored() ? "asked" : "unfetched");
    }
}
