package dev.mediaferry.deadletter;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * One transfer with everything that was tried; the JSON document of {@code dead-letters show}.
 *
 * @param state as the ledger has it: dead, or what has become of it since
 * @param source the pointer's text
 * @param link what is requested; differs from the source when that had to be brought into form, or when the application
 *     named a fresh link
 * @param reason why an operator discarded it; null when none did
 * @param stale as in {@link DeadLetter}
 * @param attempts those that failed, in their order
 */
@JsonPropertyOrder({"id", "field", "row", "state", "kind", "message", "reason", "stale", "source", "link"})
public record History(
        long id,
        String field,
        String row,
        String state,
        String kind,
        String message,
        String reason,
        Boolean stale,
        String source,
        String link,
        List<Attempt> attempts) {

    public History {
        attempts = List.copyOf(attempts);
    }

    History stale(Boolean stale) {
        return new History(id, field, row, state, kind, message, reason, stale, source, link, attempts);
    }

    /**
     * One failed attempt.
     *
     * @param number from 1; starts anew after a retry by an operator
     * @param ended in ISO 8601
     * @param millis from claim to end; null for what happened before attempts were recorded
     * @param httpStatus what the source's server answered; null when it did not come to that
     * @param link what was requested, when that was not the pointer's text
     */
    @JsonPropertyOrder({"number", "ended", "millis", "kind", "httpStatus", "message", "link"})
    public record Attempt(
            int number, String ended, Long millis, String kind, Integer httpStatus, String message, String link) {}
}
