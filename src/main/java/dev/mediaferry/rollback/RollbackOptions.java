package dev.mediaferry.rollback;

import dev.mediaferry.failure.ConfigurationException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which transfers are undone, and how. What is chosen satisfies all that is given.
 *
 * @param run the run that moved the rows last
 * @param field {@code Table.column}
 * @param since when the pointers were swapped, or later
 * @param rowKey the row's id as text; needs a field
 */
public record RollbackOptions(
        OptionalLong run,
        Optional<String> field,
        Optional<Instant> since,
        Optional<String> rowKey,
        boolean dryRun,
        boolean deleteObjects) {

    /** @throws ConfigurationException when nothing is chosen: undoing everything has to be asked for */
    public RollbackOptions {
        if (run.isEmpty() && field.isEmpty() && since.isEmpty()) {
            throw new ConfigurationException("say what is to be undone: --run, --field, --since or --row");
        }
        if (rowKey.isPresent() && field.isEmpty()) {
            throw new ConfigurationException("--row needs a field: Table.column:ID");
        }
    }
}
