package dev.mediaferry.archive;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/**
 * What became of the local files of archived rows.
 *
 * @param deleted files; in a dry run those that would be
 * @param bytes of those
 * @param kept files by reason: {@code pending} (a row of the same file, in any archive of the registry, is not
 *     archived yet), {@code row-changed} (the row or the ledger changed meanwhile, or somebody has locked it),
 *     {@code object-missing}, {@code object-differs}, {@code file-differs}
 * @param gone archived rows whose file was not there any more
 * @param findings the first of those kept for a bad reason
 */
public record CleanReport(
        boolean dryRun, long deleted, long bytes, Map<String, Long> kept, long gone, List<String> findings) {

    /** @return true when an object is not what the ledger says */
    @JsonProperty
    public boolean failed() {
        return kept.containsKey("object-missing") || kept.containsKey("object-differs");
    }
}
