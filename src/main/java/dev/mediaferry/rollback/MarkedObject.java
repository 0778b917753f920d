package dev.mediaferry.rollback;

import dev.mediaferry.object.ObjectName;
import dev.mediaferry.storage.Removal;

/** The object of a transfer that is undone, marked as about to be deleted: a row of {@code rollback-objects.sql}. */
public record MarkedObject(long id, String bucket, String objectKey, boolean shared, String etag, String sha256) {

    Removal removal() {
        return new Removal(id, new ObjectName(bucket, objectKey), shared, etag, sha256);
    }
}
