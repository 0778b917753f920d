package dev.mediaferry.webhooks;

import dev.mediaferry.ledger.LedgerId;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes requests of events, and decides what becomes of one by its answer. */
public final class Deliveries {

    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

    /** After each attempt that has failed, until there is none left: about three days. */
    private static final List<Duration> PAUSES = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));

    private static final Duration LONGEST_PAUSE = Duration.ofHours(24);

    private static final int GONE = 410;

    private final WebhookSettings settings;
    private final String ids;
    private final Clock clock;
    private final EventDocuments documents = new EventDocuments();

    public Deliveries(WebhookSettings settings, LedgerId ledger, Clock clock) {
        this.settings = settings;
        // Events of several ledgers may go to one receiver.
        this.ids = "evt_" + ledger.toString().substring(0, 8) + "_";
        this.clock = clock;
    }

    public DeliveryRound round() {
        return new DeliveryRound(settings.targets());
    }

    public List<DueDelivery> claimed(DeliveryRound round, List<DueDelivery> due) {
        round.claimed(due);
        return due;
    }

    public DeliveryRequest request(DueDelivery delivery) {
        return delivery.target() == DeliveryTarget.WEBHOOK ? webhook(delivery) : purge(delivery);
    }

    private DeliveryRequest webhook(DueDelivery delivery) {
        String body = documents.message(delivery);
        String id = ids + delivery.eventId();
        long timestamp = clock.instant().getEpochSecond();
        return new DeliveryRequest(
                settings.url().orElseThrow(),
                Map.of(
                        "Content-Type",
                        "application/json",
                        "webhook-id",
                        id,
                        "webhook-timestamp",
                        Long.toString(timestamp),
                        "webhook-signature",
                        settings.secrets().stream()
                                .map(secret -> secret.sign(id, timestamp, body))
                                .collect(Collectors.joining(" "))),
                body);
    }

    private DeliveryRequest purge(DueDelivery delivery) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.putAll(settings.purgeHeaders());
        return new DeliveryRequest(
                settings.purgeUrl().orElseThrow(),
                headers,
                settings.purgeBody().replace(WebhookSettings.URLS, documents.urls(delivery)));
    }

    /** @param retryAfter as the header says, or null */
    public DeliveryResult answered(DueDelivery delivery, int status, String retryAfter) {
        if (status >= 200 && status < 300) {
            return DeliveryResult.delivered(delivery);
        }
        String failure = "HTTP " + status + (status >= 300 && status < 400 ? ", and redirects are not followed" : "");
        if (status == GONE) {
            return dead(delivery, failure + ": the receiver wants no more");
        }
        return again(delivery, failure, wanted(retryAfter));
    }

    /** The target could not be asked, or has not answered. */
    public DeliveryResult unanswered(DueDelivery delivery, Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedIOException) {
                return again(delivery, "no answer within " + settings.timeout().toSeconds() + " s", Duration.ZERO);
            }
        }
        return again(delivery, thrown.getClass().getSimpleName(), Duration.ZERO);
    }

    private DeliveryResult again(DueDelivery delivery, String failure, Duration wanted) {
        if (delivery.attempts() > PAUSES.size()) {
            return dead(delivery, failure);
        }
        Duration pause = PAUSES.get(delivery.attempts() - 1);
        return DeliveryResult.later(delivery, failure, pause.compareTo(wanted) < 0 ? wanted : pause);
    }

    private static DeliveryResult dead(DueDelivery delivery, String failure) {
        LOG.warn(
                "{} of medium {} is not delivered: {}; media webhooks replay --dead sends it again",
                delivery.kind(),
                delivery.mediaId(),
                failure);
        return DeliveryResult.dead(delivery, failure);
    }

    /** @return what Retry-After asks for, a day at most */
    private Duration wanted(String retryAfter) {
        if (retryAfter == null) {
            return Duration.ZERO;
        }
        Duration wanted;
        try {
            wanted = retryAfter.strip().matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(retryAfter.strip()))
                    : Duration.between(
                            clock.instant(),
                            Instant.from(ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME)));
        } catch (DateTimeParseException e) {
            return Duration.ZERO;
        }
        return wanted.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wanted;
    }
}
