package dev.mediaferry.deadletter;

import java.time.Instant;

/** A row of {@code dead-letters.sql}. */
public record LetterRow(
        long id,
        String entry,
        String rowKey,
        String host,
        String failure,
        String message,
        int attempts,
        Instant updated) {

    /** Without what only the table of its field tells. */
    DeadLetter letter() {
        return new DeadLetter(id, entry, rowKey, host, failure, message, attempts, updated.toString(), null);
    }
}
