package dev.mediaferry.uploads;

import java.util.UUID;

/**
 * What was found out about the bytes of a medium, once they are under its own key.
 *
 * @param mimeType by the first bytes
 * @param sha256 null where nobody has computed it yet
 * @param etag of the object under its own key
 * @param cdnUrl null for what only signed URLs lead to
 * @param width with height pixels; null for what has none, or is not known yet
 * @param duration seconds; null for what has none, or is not known yet
 */
public record VerifiedUpload(
        UUID id,
        long fileSize,
        String mimeType,
        String sha256,
        String etag,
        String cdnUrl,
        Integer width,
        Integer height,
        Double duration) {}
