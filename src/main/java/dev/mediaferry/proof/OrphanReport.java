package dev.mediaferry.proof;

import java.util.List;

/**
 * Objects under our folders that no ledger row owns.
 *
 * @param found old enough to be judged
 * @param bytes of all that were found
 * @param held by a row of the registry's columns, although the ledger does not know why: never removed
 * @param removed from the bucket
 * @param orphans the first of them, up to a bound
 */
public record OrphanReport(long found, long bytes, long held, long removed, List<Orphan> orphans) {

    /**
     * @param modified in ISO 8601
     * @param outcome left, held or removed
     */
    public record Orphan(String key, long bytes, String modified, String outcome) {}
}
