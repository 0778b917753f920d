package dev.mediaferry.fetch;

import dev.mediaferry.content.Content;
import dev.mediaferry.content.MediaKind;
import dev.mediaferry.content.Reception;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ledger.Transfer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes content of what a server answered, or the failure that it means. */
public final class Answers {

    /** A server that asks for more is not believed: its host would be left alone for years. */
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(1);

    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

    private final Reception reception;

    public Answers(Reception reception) {
        this.reception = reception;
    }

    /** @throws TransferException when the link's own date has passed: then nobody is asked */
    public void checkDeadline(Transfer transfer) {
        if (transfer.expired()) {
            throw new TransferException(
                    FailureKind.EXPIRED,
                    "the link worked until " + transfer.deadline().orElseThrow());
        }
    }

    /**
     * @param body null when there is none
     * @param length Content-Length, or null
     * @param encoding Content-Encoding, or null; with one the length is that of the encoded bytes
     * @param retryAfter Retry-After in either of its forms, or null
     * @param kinds that the field takes
     */
    public Content content(
            InputStream body, int status, String length, String encoding, String retryAfter, Set<MediaKind> kinds)
            throws IOException {
        if (status != 200) {
            if (body != null) {
                body.close();
            }
            throw refusal(status, retryAfter(retryAfter, Instant.now())).withHttpStatus(status);
        }
        boolean counted = length != null && LENGTH.matcher(length).matches() && encoding == null;
        try {
            return reception.receive(
                    body == null ? new ByteArrayInputStream(new byte[0]) : body,
                    counted ? Long.valueOf(length) : null,
                    kinds);
        } catch (TransferException e) {
            throw e.withHttpStatus(status);
        }
    }

    private static TransferException refusal(int status, Duration retryAfter) {
        String answer = "the server answered HTTP " + status;
        return switch (status) {
            case 404, 410 -> new TransferException(FailureKind.GONE, answer);
            case 401, 403 -> new TransferException(FailureKind.FORBIDDEN, answer);
            case 408 -> new TransferException(FailureKind.TIMEOUT, answer);
            case 429 -> new TransferException(FailureKind.RATE_LIMITED, answer, retryAfter, null);
            case 425, 500, 502, 504 -> new TransferException(FailureKind.UNAVAILABLE, answer, retryAfter, null);
            case 503 ->
                new TransferException(
                        retryAfter == null ? FailureKind.UNAVAILABLE : FailureKind.RATE_LIMITED,
                        answer,
                        retryAfter,
                        null);
            default -> new TransferException(status >= 500 ? FailureKind.UNAVAILABLE : FailureKind.REFUSED, answer);
        };
    }

    /**
     * Seconds or an HTTP date (RFC 9110, section 10.2.3).
     *
     * @return a day at most; null when there is none, or nonsense
     */
    static Duration retryAfter(String value, Instant now) {
        if (value == null) {
            return null;
        }
        try {
            Duration wait = value.strip().matches("\\d+") ? seconds(value.strip()) : until(value.strip(), now);
            return wait.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : wait;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Duration seconds(String digits) {
        return digits.length() > 9 ? LONGEST_RETRY_AFTER : Duration.ofSeconds(Long.parseLong(digits));
    }

    private static Duration until(String date, Instant now) {
        Instant then =
                ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        return then.isBefore(now) ? Duration.ZERO : Duration.between(now, then);
    }
}
