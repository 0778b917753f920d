package dev.mediaferry.uploads;

import java.time.Instant;
import java.util.UUID;

/**
 * A medium as the ledger has it.
 *
 * @param storageKey where its object lies once it is UPLOADED
 * @param bucket as the ledger keeps it: null for the configured one
 * @param cdnUrl null until it is UPLOADED
 * @param originalUrl the link that it had elsewhere, or null
 * @param fileName for display only; null where nobody gave one
 * @param fileSize bytes: what the client says while PENDING, null where it says nothing
 * @param mimeType what the client says while PENDING
 * @param duration seconds
 * @param failure why it FAILED, as a short name like {@code expired}
 * @param message why it FAILED, as a sentence
 * @param unattachedSince null while an owner has it
 * @param ownerType with ownerId who has it; null when nobody has
 * @param begun true when something of its upload was seen
 * @param storageClass of its object, where that was moved to a colder one; else null
 * @param metadata a JSON object
 */
public record Medium(
        UUID id,
        String userId,
        String mediaType,
        String storageKey,
        String bucket,
        String cdnUrl,
        String originalUrl,
        String fileName,
        Long fileSize,
        String mimeType,
        String sha256,
        String etag,
        Integer width,
        Integer height,
        Double duration,
        MediaState status,
        Instant statusSince,
        String failure,
        String message,
        Origin origin,
        Instant unattachedSince,
        String ownerType,
        String ownerId,
        boolean begun,
        String storageClass,
        String metadata,
        String thumbnailUrl,
        Instant createdAt,
        Instant updatedAt) {

    /** How a medium came here. */
    public enum Origin {
        /** It was uploaded. */
        SESSION,
        /** A field, an import or an archive has moved it. */
        ENTRY
    }

    /** @param expectsOwner true when media of its type are removed unless somebody attaches them */
    public MediaPhase phase(boolean expectsOwner) {
        if (status == MediaState.PENDING && begun) {
            return MediaPhase.UPLOADING;
        }
        if (status == MediaState.READY && ownerId != null) {
            return MediaPhase.ATTACHED;
        }
        if (status == MediaState.READY && expectsOwner && origin == Origin.SESSION) {
            return MediaPhase.UNUSED;
        }
        return MediaPhase.valueOf(status.name());
    }
}
