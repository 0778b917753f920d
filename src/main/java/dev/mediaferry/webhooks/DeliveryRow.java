package dev.mediaferry.webhooks;

import java.time.Instant;
import java.util.UUID;

/**
 * A delivery as the ledger has it.
 *
 * @param due of the next attempt, while it is open
 * @param failure what the last attempt met, or null
 * @param endedAt when it was delivered or given up; null while it is open
 */
public record DeliveryRow(
        long id,
        String target,
        long eventId,
        UUID mediaId,
        String kind,
        String state,
        int attempts,
        Instant due,
        String failure,
        Instant createdAt,
        Instant endedAt) {}
