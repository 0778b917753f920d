package dev.mediaferry.uploads;

import dev.mediaferry.object.ObjectName;
import java.util.UUID;

/**
 * What arrived for a medium that needs it no more.
 *
 * @param bucket as the ledger keeps it
 * @param uploadId of a multipart upload, or null
 */
public record IncomingObject(UUID mediaId, String bucket, String incomingKey, String uploadId) {

    ObjectName object() {
        return new ObjectName(bucket, incomingKey);
    }
}
