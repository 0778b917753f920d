package dev.mediaferry.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mediaferry.content.Digests;
import java.nio.charset.StandardCharsets;

/**
 * A row that a run is to move. Its link is not in it, since a signed link opens the medium to anyone who reads it.
 *
 * @param field {@code Table.column}
 * @param id of the row, as text
 * @param deadline of the link in ISO 8601, or null
 * @param sha256 of the column's exact text, in UTF-8
 * @param bytes of the medium as its host says, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlannedRow(String field, String id, String host, String deadline, String sha256, Long bytes) {

    public static PlannedRow of(String field, String id, String host, String deadline, String source) {
        return new PlannedRow(field, id, host, deadline, hash(source), null);
    }

    public PlannedRow sized(long told) {
        return new PlannedRow(field, id, host, deadline, sha256, told);
    }

    /** @return true when the column still holds the text that was planned */
    public boolean holds(String source) {
        return source != null && sha256.equals(hash(source));
    }

    private static String hash(String source) {
        return Digests.sha256(source.getBytes(StandardCharsets.UTF_8));
    }
}
