package dev.mediaferry.uploads;

import dev.mediaferry.object.ObjectName;

/**
 * A deleted medium whose object is to be removed.
 *
 * @param bucket as the ledger keeps it
 * @param etag null where the ledger never heard of an object
 */
public record Tombstone(long id, String bucket, String storageKey, String etag, String sha256) {

    ObjectName object() {
        return new ObjectName(bucket, storageKey);
    }
}
