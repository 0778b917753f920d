package dev.mediaferry.rollback;

/**
 * What became of one transfer that was to be undone: a row of an entry's restoring statement.
 *
 * @param kept why the medium stays that the row had become; null when there is none any more
 */
public record RestoredRow(long id, Outcome outcome, String kept) {

    /** Rows that somebody else has locked are missing from the answer. */
    public enum Outcome {
        RESTORED,
        /** The row was changed or deleted since it was moved. */
        CHANGED,
        /** The old link is in the ledger once more, not done yet. */
        OPEN,
        /** Its update changes nothing. */
        UNTOUCHED,
        /** It is not moved any more: another rollback was quicker. */
        OVER,
        LOCKED
    }
}
