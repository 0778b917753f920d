package dev.mediaferry.deadletter;

import java.time.Instant;

/** A row of {@code attempts.sql}. */
public record AttemptRow(
        int number, Instant ended, Long millis, String failure, Integer httpStatus, String message, String link) {

    History.Attempt attempt() {
        return new History.Attempt(
                number, ended == null ? null : ended.toString(), millis, failure, httpStatus, message, link);
    }
}
