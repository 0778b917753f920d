package dev.mediaferry.webhooks;

import java.time.Instant;
import java.util.UUID;

/**
 * An event that one target is to hear of now.
 *
 * @param attempts this one included
 * @param kind like {@code media.ready}
 * @param data as the ledger has it, a JSON object
 * @param createdAt of the event
 */
public record DueDelivery(
        long id,
        DeliveryTarget target,
        long eventId,
        UUID mediaId,
        int attempts,
        String kind,
        String userId,
        String data,
        Instant createdAt) {}
