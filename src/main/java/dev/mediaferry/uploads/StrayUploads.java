package dev.mediaferry.uploads;

import dev.mediaferry.storage.IncomingObjects.Started;
import dev.mediaferry.storage.StorageSettings;
import java.util.List;

/**
 * The old multipart uploads of one bucket.
 *
 * @param started none before they are listed
 */
public record StrayUploads(MediaSweep sweep, StorageSettings bucket, List<Started> started) {

    public StrayUploads {
        started = List.copyOf(started);
    }

    /** One that the ledger has. */
    public record Known(String uploadId) {}

    /** Parameter of {@code media-known-uploads.sql}. */
    public String[] uploads() {
        return started.stream().map(Started::uploadId).toArray(String[]::new);
    }
}
