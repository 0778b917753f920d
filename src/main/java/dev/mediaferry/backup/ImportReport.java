package dev.mediaferry.backup;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;

/**
 * What became of a folder; the JSON document of {@code import}.
 *
 * @param run its number in the ledger; 0 when nothing was run
 * @param processed files that were found
 * @param migratable of them, as planned: those that a run imports
 * @param room that a run needs, and that there is; empty after a run
 * @param blockers disks that are too small, and what imports may store; after a run, why it ended before it was done
 * @param failed dead letters of this run
 * @param waiting files that a later run tries again
 * @param left files to be imported that the run did not take on: beyond its limit, not planned before it was stopped, not due yet, or
 *     taken by another run
 * @param skipped files that are left out; {@code processed = migrated + failed + waiting + left + skipped} after a run
 * @param failedBefore of the skipped files, dead letters of earlier runs
 * @param compressed of the migrated files, as they lie in the bucket
 * @param originalBytes of what was migrated, as it lies in the folder
 * @param storedBytes of what was migrated, as it lies in the bucket
 * @param savings share of the bytes that the bucket need not hold, in percent
 * @param validation valid; incomplete when some files are not imported, dead letters of earlier runs included; invalid when something
 *     is not in order, or numbers do not add up; not run
 * @param problems why it is invalid
 * @param failures the first dead letters of this run
 * @param unseen files and folders that nobody could look at
 * @param unseenFiles the first of them, with the reason
 * @param ignored files that the Finder has left
 * @param ignoredFiles the first of them
 * @param nothingFits true when there are files, and no pattern fits any of them
 * @param unmatched files that no pattern fits, the first of them
 * @param taken files that are left out since the bucket has other bytes under their key, with that key, the first of them;
 *     looked for in a plan
 * @param held files that are to be imported although a record has their key or address already, the first of them
 */
@JsonPropertyOrder({
    "name",
    "folder",
    "run",
    "dryRun",
    "processed",
    "bytes",
    "migratable",
    "migratableBytes",
    "room",
    "blockers",
    "migrated",
    "failed",
    "waiting",
    "left",
    "skipped",
    "failedBefore",
    "compressed",
    "originalBytes",
    "storedBytes",
    "savings",
    "seconds",
    "interrupted",
    "validation",
    "problems",
    "categories",
    "failures",
    "unseen",
    "unseenFiles",
    "ignored",
    "ignoredFiles",
    "nothingFits",
    "unmatched",
    "taken",
    "held"
})
public record ImportReport(
        String name,
        String folder,
        long run,
        boolean dryRun,
        long processed,
        long bytes,
        long migratable,
        long migratableBytes,
        List<Disks.Room> room,
        List<String> blockers,
        long migrated,
        long failed,
        long waiting,
        long left,
        long skipped,
        long failedBefore,
        long compressed,
        long originalBytes,
        long storedBytes,
        double savings,
        double seconds,
        boolean interrupted,
        String validation,
        List<String> problems,
        List<OfCategory> categories,
        List<Failure> failures,
        long unseen,
        List<String> unseenFiles,
        long ignored,
        List<String> ignoredFiles,
        boolean nothingFits,
        List<String> unmatched,
        List<String> taken,
        List<String> held) {

    static final String VALID = "valid";
    static final String INCOMPLETE = "incomplete";
    static final String INVALID = "invalid";
    static final String NOT_RUN = "not run";

    /**
     * A file that is given up.
     *
     * @param field as {@code dead-letters --field} takes it
     */
    @JsonPropertyOrder({"field", "path", "failure", "message"})
    public record Failure(String field, String path, String failure, String message) {}

    /**
     * @param skipped by reason
     * @param kept pictures that were to be compressed and are stored as they are, by reason; in a plan as far as headers tell
     */
    @JsonPropertyOrder({
        "category",
        "files",
        "bytes",
        "migratable",
        "migratableBytes",
        "migrated",
        "failed",
        "waiting",
        "left",
        "skipped",
        "compressed",
        "originalBytes",
        "storedBytes",
        "savings",
        "kept"
    })
    public record OfCategory(
            String category,
            long files,
            long bytes,
            long migratable,
            long migratableBytes,
            long migrated,
            long failed,
            long waiting,
            long left,
            Map<String, Long> skipped,
            long compressed,
            long originalBytes,
            long storedBytes,
            double savings,
            Map<String, Long> kept) {}

    /**
     * What all runs have imported of a category.
     *
     * @param compressed of the files
     */
    @JsonPropertyOrder({"category", "files", "compressed", "originalBytes", "storedBytes", "savings"})
    public record Imported(
            String category, long files, long compressed, long originalBytes, long storedBytes, double savings) {}

    ImportReport finding(List<String> keysTaken, List<String> keysHeld) {
        return new ImportReport(
                name,
                folder,
                run,
                dryRun,
                processed,
                bytes,
                migratable,
                migratableBytes,
                room,
                blockers,
                migrated,
                failed,
                waiting,
                left,
                skipped,
                failedBefore,
                compressed,
                originalBytes,
                storedBytes,
                savings,
                seconds,
                interrupted,
                validation,
                problems,
                categories,
                failures,
                unseen,
                unseenFiles,
                ignored,
                ignoredFiles,
                nothingFits,
                unmatched,
                List.copyOf(keysTaken),
                List.copyOf(keysHeld));
    }

    /** @return true when some files were not imported although the run tried, or what it left is not in order */
    public boolean incomplete() {
        return failed > 0 || waiting > 0 || validation.equals(INVALID) || !understood();
    }

    /** @return true when every file that belongs to an import is imported, or there was nothing to do */
    boolean complete() {
        return understood() && (validation.equals(VALID) || validation.equals(NOT_RUN));
    }

    /** @return false when some files could not be looked at, or the folder is of no import that is known */
    public boolean understood() {
        return unseen == 0 && !nothingFits;
    }

    /** Decimal percent with one place. */
    static double savings(long original, long stored) {
        return original == 0 ? 0 : Math.round(1000.0 * (original - stored) / original) / 10.0;
    }
}
