package dev.mediaferry.webhooks;

import java.util.UUID;

/**
 * Which deliveries are wanted.
 *
 * @param state {@code open}, {@code delivered} or {@code dead}; null for all
 * @param mediaId of whose events; null for all
 * @param before the last one of the page before, or null
 */
public record DeliveryQuery(String state, UUID mediaId, Long before, int limit) {}
