package dev.mediaferry.backup;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/**
 * What became of the files of a folder that was imported.
 *
 * @param movedTo where they are now; null when they were deleted
 * @param cleaned files; in a dry run those that would be
 * @param bytes of those
 * @param kept files by reason: {@code not-imported}, {@code pending} (an import is still to take the file), {@code recent},
 *     {@code record-changed} (the record is gone or leads elsewhere), {@code row-changed} (record or ledger changed meanwhile, or
 *     somebody has locked them), {@code object-of-others}, {@code object-missing}, {@code object-differs},
 *     {@code file-differs}, {@code file-gone}, {@code target-exists}, {@code unseen}
 * @param findings the first of those kept for a bad reason
 */
public record FolderCleanReport(
        boolean dryRun, String movedTo, long cleaned, long bytes, Map<String, Long> kept, List<String> findings) {

    /** @return true when an object or a record is not what the ledger says */
    @JsonProperty
    public boolean failed() {
        return kept.containsKey("object-missing")
                || kept.containsKey("object-differs")
                || kept.containsKey("record-changed");
    }
}
