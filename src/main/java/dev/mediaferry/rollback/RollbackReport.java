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
 * @param mediaKept media that rows had become and that stay, with their objects, since they are attached or referred to
 * @param objectsRemoved from the bucket
 * @param objectsGone that were not there any more
 * @param objectsKept because something else still needs them
 * @param objectsNotOurs kept since they do not carry this ledger's id, are not what was stored, or may be shared with
 *     another database
 * @param objectsFailed that the store did not remove; asking again removes them
 * @param rows the first {@value Rollback#MOST_LISTED} that were not restored
 * @param media the first {@value Rollback#MOST_LISTED} rows whose media stay, and why
 * @param kept the first {@value Rollback#MOST_LISTED} objects that were kept, and why
 */
@JsonPropertyOrder({
    "dryRun",
    "found",
    "restored",
    "conflicts",
    "locked",
    "refused",
    "mediaKept",
    "objectsRemoved",
    "objectsGone",
    "objectsKept",
    "objectsNotOurs",
    "objectsFailed",
    "rows",
    "media",
    "kept"
})
public record RollbackReport(
        boolean dryRun,
        long found,
        long restored,
        long conflicts,
        long locked,
        long refused,
        long mediaKept,
        long objectsRemoved,
        long objectsGone,
        long objectsKept,
        long objectsNotOurs,
        long objectsFailed,
        List<Left> rows,
        List<Left> media,
        List<Kept> kept) {

    /** One row that was left as it is. */
    public record Left(String field, String id, String reason) {}

    /** One object that stays in the bucket. */
    public record Kept(String key, String reason) {}

    /** @return true when something that was asked for was not done */
    public boolean failed() {
        return conflicts + locked + refused + objectsNotOurs + objectsFailed > 0;
    }
}
