package dev.mediaferry.verify;

import java.util.List;

/**
 * Objects under our folders that no ledger row owns.
 *
 * @param found old enough to be judged; what another ledger has stored is not counted
 * @param bytes of all that were listed
 * @param held by a row of the registry's tables, although the ledger does not know why: never removed
 * @param removed from the bucket
 * @param theirs stored by another ledger: never removed
 * @param unknown carry no ledger's id, so they may be anybody's: never removed
 * @param orphans the first of them, up to a bound
 */
public record OrphanReport(
        long found, long bytes, long held, long removed, long theirs, long unknown, List<Orphan> orphans) {

    /**
     * @param modified in ISO 8601
     * @param outcome left, removed, held, theirs, unknown, or shared when equal bytes of another database may lie there
     */
    public record Orphan(String key, long bytes, String modified, String outcome) {}
}
