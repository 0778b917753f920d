package dev.mediaferry.webhooks;

import java.time.Duration;

/**
 * How one attempt to deliver ended.
 *
 * @param attempts of the delivery, so that a late answer changes no later attempt
 * @param state {@code delivered}, {@code open} for another attempt, {@code dead} for none
 * @param failure what the attempt met, or null
 * @param seconds until the next attempt
 */
public record DeliveryResult(long id, int attempts, String state, String failure, long seconds) {

    static DeliveryResult delivered(DueDelivery delivery) {
        return new DeliveryResult(delivery.id(), delivery.attempts(), "delivered", null, 0);
    }

    static DeliveryResult later(DueDelivery delivery, String failure, Duration pause) {
        return new DeliveryResult(delivery.id(), delivery.attempts(), "open", failure, pause.toSeconds());
    }

    static DeliveryResult dead(DueDelivery delivery, String failure) {
        return new DeliveryResult(delivery.id(), delivery.attempts(), "dead", failure, 0);
    }
}
