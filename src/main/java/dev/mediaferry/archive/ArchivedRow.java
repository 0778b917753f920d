package dev.mediaferry.archive;

import dev.mediaferry.archive.CacheFiles.Wanted;
import dev.mediaferry.object.ObjectName;

/**
 * A row whose file is in the bucket, as the ledger has it.
 *
 * @param position id of its transfer
 * @param bucket as the ledger keeps it
 */
record ArchivedRow(
        long position,
        String id,
        String md5,
        String path,
        String mime,
        String type,
        String bucket,
        String objectKey,
        String sha256,
        long bytes) {

    long transfer() {
        return position;
    }

    Wanted wanted() {
        return new Wanted(md5, path, mime, type);
    }

    ObjectName object() {
        return new ObjectName(bucket, objectKey);
    }
}
