package dev.mediaferry.deadletter;

import java.util.List;

/** The row of {@code transfer.sql}. */
public record TransferRow(
        long id,
        String entry,
        String rowKey,
        String state,
        String failure,
        String message,
        String reason,
        String source,
        String link) {

    /** Without what only the table of its field tells. */
    History history(List<AttemptRow> attempts) {
        return new History(
                id,
                entry,
                rowKey,
                state,
                failure,
                message,
                reason,
                null,
                source,
                link == null ? source : link,
                attempts.stream().map(AttemptRow::attempt).toList());
    }
}
