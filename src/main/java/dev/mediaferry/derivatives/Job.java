package dev.mediaferry.derivatives;

import dev.mediaferry.registry.Derivation;
import java.time.Instant;
import java.util.UUID;

/**
 * Work that this process has claimed: derivatives of one object that are made together.
 *
 * @param entry whose object it is; null for what was uploaded
 * @param mediaType type of its medium; null where the entry makes none
 * @param mediaId null where the entry makes none
 * @param bucket as the ledger keeps it
 * @param contentType of the object, as it was stored
 * @param part the height of a rendition; else empty
 * @param again true to make a new version of what is there, too
 * @param attempts of which this is the last
 * @param worker who has claimed it
 * @param claimed when
 */
public record Job(
        long id,
        String entry,
        String mediaType,
        UUID mediaId,
        String bucket,
        String objectKey,
        String contentType,
        Derivation.Kind kind,
        String part,
        boolean again,
        int attempts,
        int worker,
        Instant claimed) {}
