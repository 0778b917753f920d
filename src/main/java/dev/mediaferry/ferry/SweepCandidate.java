package dev.mediaferry.ferry;

/**
 * A transfer whose object no pointer will ever lead to: a row of {@code sweep-candidates.sql}.
 *
 * @param shared true when other transfers may have a part in the object
 * @param guarded true when others that this ledger knows nothing of may, too
 */
public record SweepCandidate(
        long id, String bucket, String objectKey, boolean shared, boolean guarded, String etag, String sha256) {}
