package dev.mediaferry.uploads;

import java.util.UUID;

/**
 * What a sweep does with one medium.
 *
 * @param userId null with the type where the ledger does not know it
 * @param action {@code complete}, {@code fail}, {@code delete}, {@code detach}, {@code remove} for objects in the bucket,
 *     {@code abort} for multipart uploads there, or {@code cool} and {@code restore} for objects that go to another storage class
 * @param reason like {@code expired}, {@code unattached}, {@code replaced}
 */
public record SweepFinding(UUID id, String userId, String mediaType, String action, String reason) {

    static final String COMPLETE = "complete";

    static SweepFinding of(Medium medium, String action, String reason) {
        return new SweepFinding(medium.id(), medium.userId(), medium.mediaType(), action, reason);
    }
}
