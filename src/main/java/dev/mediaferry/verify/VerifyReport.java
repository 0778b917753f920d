package dev.mediaferry.verify;

import java.util.List;
import java.util.Map;

/**
 * What a verification found.
 *
 * @param objects whose transfers say that they are in the bucket
 * @param read how many of them were read to their end
 * @param theirs objects in our folders that another ledger has stored
 * @param claimed objects that carry the ledger's id since now
 * @param counts findings by kind, all of them
 * @param findings the first of them, up to a bound
 */
public record VerifyReport(
        long objects, long read, long theirs, long claimed, Map<String, Long> counts, List<Finding> findings) {

    public long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
