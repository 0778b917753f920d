package dev.mediaferry.rollback;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * What became of the chosen transfers: {@code found = restored + conflicts + locked + refused}.
 *
 * @param restored rows that hold their old value again; in a dry run those that would
 * @param conflicts rows that were changed since they were moved, and left as they are
 * @param locked rows that another transaction kept locked
 * @param refused rows whose old value the database did not take back
 * @param objectsRemoved from the bucket
 * @param objectsKept because something else still needs them
 * @param objectsFailed that the store did not remove; asking again removes them
 * @param rows the first {@value Rollback#MOST_LISTED} that were not restored
 */
@JsonPropertyOrder({
    "dryRun",
    "found",
    "restored",
    "conflicts",
    "locked",
    "refused",
    "objectsRemoved",
    "objectsKept",
    "objectsFailed",
    "rows"
})
public record RollbackReport(
        boolean dryRun,
        long found,
        long restored,
        long conflicts,
        long locked,
        long refused,
        long objectsRemoved,
        long objectsKept,
        long objectsFailed,
        List<Left> rows) {

    /** One row that was left as it is. */
    public record Left(String field, String id, String reason) {}

    /** @return true when something that was asked for was not done */
    public boolean failed() {
        return conflicts + locked + refused + objectsFailed > 0;
    }
}
