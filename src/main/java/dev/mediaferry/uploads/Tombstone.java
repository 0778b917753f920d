package dev.mediaferry.uploads;

import dev.mediaferry.object.ObjectName;

/**
 * A deleted medium whose object is to be removed.
 *
 * @param bucket as the ledger keeps it
 * @param etag null where the ledger never heard of an object
 * @param shared true where a transfer has stored it under a key of its bytes: rows of other ledgers may lead there, and transfers have
 *     a sweep of their own
 */
public record Tombstone(long id, String bucket, String storageKey, String etag, String sha256, boolean shared) {

    ObjectName object() {
        return new ObjectName(bucket, storageKey);
    }
}
