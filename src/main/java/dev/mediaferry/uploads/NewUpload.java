package dev.mediaferry.uploads;

import java.util.UUID;

/**
 * A medium that a user is about to upload, with its session.
 *
 * @param bucket as the ledger keeps it: null for the configured one
 * @param fileName for display, sanitised; null where the client gives none
 * @param fileSize bytes, as the client says; null where it says nothing
 * @param mimeType as the client says
 * @param sha256 as the client says, 64 hexadecimal digits; null where it says nothing
 * @param uploadId of the store's multipart upload; null for a single PUT
 * @param partSize bytes; null for a single PUT
 * @param maxBytes what the user's tier may upload of this type
 * @param lifeSeconds of the session
 */
public record NewUpload(
        UUID id,
        String userId,
        String mediaType,
        String storageKey,
        String bucket,
        String fileName,
        Long fileSize,
        String mimeType,
        String sha256,
        String incomingKey,
        String uploadId,
        Long partSize,
        long maxBytes,
        long lifeSeconds) {

    public NewUpload {
        if (fileSize != null && (fileSize <= 0 || fileSize > maxBytes)) {
            throw new IllegalArgumentException("fileSize is " + fileSize + ", but must be from 1 to " + maxBytes);
        }
        if (sha256 != null && !sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("sha256 is '" + sha256 + "', but must be 64 hexadecimal digits");
        }
        if ((uploadId == null) != (partSize == null)) {
            throw new IllegalArgumentException("a multipart upload has an id and a part size, a single PUT neither");
        }
    }
}
