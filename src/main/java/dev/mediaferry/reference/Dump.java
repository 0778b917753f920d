package dev.mediaferry.reference;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What was written into the bucket before a retired column was dropped, and what has to be known to make it again.
 *
 * @param bucket as the ledger keeps it: null for the one that was configured first
 * @param sha256 of the object; null until it was read back
 * @param bytes of the object
 * @param rows whose old value is in it
 * @param notes of verify that are in it
 * @param columns statements that make the columns again, with what others may do with them
 * @param indexes that were dropped with the columns
 * @param constraints that were dropped with the columns
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Dump(
        String bucket,
        String key,
        String sha256,
        long bytes,
        long rows,
        long notes,
        List<String> types,
        List<String> columns,
        List<Made> indexes,
        List<Made> constraints) {

    /** Something of the table by its name, with the statement that makes it again. */
    public record Made(String name, String statement) {}

    public Dump {
        types = types == null ? List.of() : List.copyOf(types);
        columns = columns == null ? List.of() : List.copyOf(columns);
        indexes = indexes == null ? List.of() : List.copyOf(indexes);
        constraints = constraints == null ? List.of() : List.copyOf(constraints);
    }

    /** One that is not written yet. */
    static Dump begun(String bucket, String key) {
        return new Dump(bucket, key, null, 0, 0, 0, List.of(), List.of(), List.of(), List.of());
    }

    boolean isWritten() {
        return sha256 != null;
    }
}
