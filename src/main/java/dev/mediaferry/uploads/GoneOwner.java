package dev.mediaferry.uploads;

import java.util.UUID;

/** A medium that is attached to a row which is gone. */
public record GoneOwner(UUID id, String userId, String mediaType, String ownerId) {

    SweepFinding finding() {
        return new SweepFinding(id, userId, mediaType, "detach", "owner-gone");
    }
}
