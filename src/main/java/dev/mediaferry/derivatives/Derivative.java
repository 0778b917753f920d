package dev.mediaferry.derivatives;

import java.time.Instant;

/**
 * What is made of an object, or could not be made, as the ledger has it.
 *
 * @param bucket of the original with its objectKey, as the ledger keeps it
 * @param kind thumbnail, optimized, poster, rendition, playlist or master
 * @param size longest side of a picture, height of a film; 0 for the size of the original
 * @param version from 1
 * @param storageKey in the bucket of the object; null unless it is ready
 * @param cdnUrl null where only signed URLs lead to it
 * @param bitrate bits per second, or null
 * @param message why it is not ready
 */
public record Derivative(
        long id,
        String bucket,
        String objectKey,
        String kind,
        int size,
        String format,
        int version,
        String storageKey,
        String cdnUrl,
        String contentType,
        Integer width,
        Integer height,
        Long bytes,
        Integer bitrate,
        State state,
        String message,
        Instant updatedAt) {

    /** How it stands. */
    public enum State {
        /** It is in the bucket. */
        READY,
        /** Something is not installed that it needs. */
        UNAVAILABLE,
        /** Of this original it cannot be made. */
        FAILED
    }
}
