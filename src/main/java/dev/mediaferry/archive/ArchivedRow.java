package dev.mediaferry.archive;

import dev.mediaferry.archive.CacheFiles.Wanted;
import dev.mediaferry.object.ObjectName;

/**
 * A row whose file is in the bucket, as the ledger has it.
 *
 * @param bucket as the ledger keeps it
 */
record ArchivedRow(long transfer, String id, Wanted wanted, String bucket, String key, String sha256, long bytes) {

    ObjectName object() {
        return new ObjectName(bucket, key);
    }
}
