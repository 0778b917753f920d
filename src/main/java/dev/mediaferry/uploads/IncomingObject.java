package dev.mediaferry.uploads;

import dev.mediaferry.object.ObjectName;
import java.util.UUID;

/**
 * What arrived for a medium that needs it no more.
 *
 * @param bucket as the ledger keeps it
 * @param uploadId of a multipart upload, or null
 * @param storageKey with copyId what it was about to become, part by part; copyId is null where it was not
 * @param last false while a signed URL may still be valid, and more may arrive
 */
public record IncomingObject(
        UUID mediaId,
        String bucket,
        String incomingKey,
        String uploadId,
        String storageKey,
        String copyId,
        boolean last) {

    ObjectName object() {
        return new ObjectName(bucket, incomingKey);
    }

    ObjectName copy() {
        return new ObjectName(bucket, storageKey);
    }
}
