package dev.mediaferry.deadletter;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A transfer that was given up, without its link, which may carry a signature.
 *
 * @param field the registry entry, like {@code Table.column}
 * @param row the row's id as text
 * @param kind label of the last failure
 * @param since when it was given up, in ISO 8601
 * @param stale true when the row no longer holds the link, so that moving it would serve nobody; null when the registry no
 *     longer has the field
 */
@JsonPropertyOrder({"id", "field", "row", "host", "kind", "message", "attempts", "since", "stale"})
public record DeadLetter(
        long id,
        String field,
        String row,
        String host,
        String kind,
        String message,
        int attempts,
        String since,
        Boolean stale) {

    DeadLetter stale(Boolean stale) {
        return new DeadLetter(id, field, row, host, kind, message, attempts, since, stale);
    }
}
