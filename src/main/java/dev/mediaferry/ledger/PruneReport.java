package dev.mediaferry.ledger;

/**
 * What was removed from the ledger, or would be; the JSON document of {@code ledger prune}.
 *
 * @param before what is older, in ISO 8601
 * @param attempts that were deleted: failed attempts of transfers that have ended
 * @param runs whose reports were deleted
 * @param superseded transfers that were deleted: nothing had come of them
 * @param links that cannot be put back any more
 * @param kept links that are as old and keep their undo
 * @param rowsBefore of transfers, attempts and runs
 * @param bytesBefore on the database's disk
 * @param contentBefore bytes of the transfers themselves
 */
public record PruneReport(
        String before,
        boolean dryRun,
        long attempts,
        long runs,
        long superseded,
        long links,
        long kept,
        long rowsBefore,
        long rowsAfter,
        long bytesBefore,
        long bytesAfter,
        long contentBefore,
        long contentAfter) {}
