package dev.mediaferry.run;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a run is asked to do.
 *
 * @param fields {@code Table.column} each; none means all
 * @param dryRun true to plan only: neither bucket, rows nor ledger change
 * @param limit the most rows in all
 * @param batchSize rows claimed at once, instead of each field's own
 * @param force true to move rows again that are ours already, from the links the ledger remembers
 */
public record RunOptions(
        List<String> fields, boolean dryRun, OptionalLong limit, OptionalInt batchSize, boolean force) {

    /** Everything that is due, as the schedule asks for. */
    public static final RunOptions ALL =
            new RunOptions(List.of(), false, OptionalLong.empty(), OptionalInt.empty(), false);

    public RunOptions {
        fields = List.copyOf(fields);
    }
}
