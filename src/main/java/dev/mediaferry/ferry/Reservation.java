package dev.mediaferry.ferry;

/**
 * A key that a transfer is to store an object under, or to take one over from; what {@code choose-key.sql} and
 * {@code removals.sql} take.
 *
 * @param bucket null for the configured one
 * @param sha256 of the bytes; null as long as nobody has read them
 */
public record Reservation(long id, int worker, String objectKey, String bucket, String sha256) {}
