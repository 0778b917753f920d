package dev.mediaferry.uploads;

import dev.mediaferry.storage.IncomingObjects.Part;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What a medium that is being uploaded needs.
 *
 * @param incomingKey where the client's bytes arrive, in the bucket of the medium
 * @param uploadId of the store's multipart upload; null for a single PUT
 * @param partSize bytes of all its parts but the last; null for a single PUT
 * @param declaredSize bytes, as the client says; null where it says nothing
 * @param declaredSha256 null where the client says nothing
 * @param maxBytes what the user's tier may upload of this type
 * @param begun when something of it was seen, or null
 * @param etag of what lies there, as it was verified; null before
 * @param copyId of the multipart upload that the copy under the medium's own key becomes; null where it is copied at once
 * @param leaseUntil until when somebody has it who completes it; null when nobody does
 * @param expiresAt when it ends, whatever lies there
 */
public record UploadSession(
        UUID mediaId,
        String incomingKey,
        String uploadId,
        Long partSize,
        Long declaredSize,
        String declaredType,
        String declaredSha256,
        long maxBytes,
        Instant begun,
        String etag,
        String copyId,
        Instant leaseUntil,
        Instant createdAt,
        Instant expiresAt) {

    public boolean isMultipart() {
        return uploadId != null;
    }

    /** True when these parts of the store make what was announced; never where no size was. */
    boolean isWhole(List<Part> parts) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).number() != i + 1) {
                return false;
            }
        }
        return declaredSize != null && size(parts) == declaredSize;
    }

    /** True when these parts make more than this user may upload. */
    boolean isExceededBy(List<Part> parts) {
        return size(parts) > maxBytes;
    }

    private static long size(List<Part> parts) {
        return parts.stream().mapToLong(Part::size).sum();
    }
}
