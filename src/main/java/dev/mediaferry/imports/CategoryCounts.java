package dev.mediaferry.imports;

import dev.mediaferry.imports.Inventory.Sum;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Counts of one category, or of several. */
final class CategoryCounts {
    long files;
    long bytes;
    long migratable;
    long migratableBytes;
    long migrated;
    long failed;
    long waiting;
    long left;
    long deadBefore;
    long compressed;
    long originalBytes;
    long storedBytes;
    private final Map<String, Long> skipped = new TreeMap<>();
    private final Map<String, Long> kept = new TreeMap<>();

    void add(Sum sum) {
        files += sum.files();
        bytes += sum.bytes();
        if (sum.reason() == null) {
            migratable += sum.files();
            migratableBytes += sum.bytes();
        } else {
            skipped.merge(sum.reason(), sum.files(), Long::sum);
            deadBefore += sum.dead();
        }
    }

    /** @param foreseen by reason */
    void keep(Map<String, Long> foreseen) {
        foreseen.forEach((reason, count) -> kept.merge(reason, count, Long::sum));
    }

    void add(ImportOutcome outcome) {
        long rows = outcome.rows();
        switch (outcome.state()) {
            case LINKED -> {
                migrated += rows;
                compressed += outcome.compressed();
                if (outcome.kept() != null) {
                    kept.merge(outcome.kept(), rows, Long::sum);
                }
                originalBytes += outcome.original();
                storedBytes += outcome.stored();
            }
            case DEAD, DISCARDED -> failed += rows;
            case WAITING, CLAIMED -> waiting += rows;
            // Superseded by a run over another folder, or rolled back already.
            default -> left += rows;
        }
    }

    void add(CategoryCounts other) {
        files += other.files;
        bytes += other.bytes;
        migratable += other.migratable;
        migratableBytes += other.migratableBytes;
        migrated += other.migrated;
        failed += other.failed;
        waiting += other.waiting;
        left += other.left;
        deadBefore += other.deadBefore;
        other.skipped.forEach((reason, count) -> skipped.merge(reason, count, Long::sum));
        compressed += other.compressed;
        originalBytes += other.originalBytes;
        storedBytes += other.storedBytes;
    }

    long skipped() {
        return skipped.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Compares what was counted when the folder was listed with what the ledger says of the run.
     *
     * @return how they differ
     */
    Optional<String> problem(boolean ran) {
        if (files != migratable + skipped()) {
            return Optional.of("the numbers do not add up: %,d files are not %,d to import and %,d skipped"
                    .formatted(files, migratable, skipped()));
        }
        if (ran && migratable != migrated + failed + waiting + left) {
            return Optional.of(
                    "the numbers do not add up: %,d files to import are not %,d imported, %,d failed, %,d waiting and %,d left"
                            .formatted(migratable, migrated, failed, waiting, left));
        }
        return Optional.empty();
    }

    /**
     * @param sound true when nothing was found that is not in order
     * @param seen true when every file could be looked at, and some fit
     */
    String validation(boolean sound, boolean seen) {
        if (!sound) {
            return ImportReport.INVALID;
        }
        return !seen || failed + waiting + left + deadBefore > 0 ? ImportReport.INCOMPLETE : ImportReport.VALID;
    }

    ImportReport.Imported imported(String name) {
        return new ImportReport.Imported(
                ofCategory(name),
                migrated,
                compressed,
                originalBytes,
                storedBytes,
                ImportReport.savings(originalBytes, storedBytes));
    }

    private static String ofCategory(String name) {
        return name.substring(name.indexOf('/') + 1);
    }

    ImportReport.OfCategory report(String name) {
        return new ImportReport.OfCategory(
                ofCategory(name),
                files,
                bytes,
                migratable,
                migratableBytes,
                migrated,
                failed,
                waiting,
                left,
                skipped,
                compressed,
                originalBytes,
                storedBytes,
                ImportReport.savings(originalBytes, storedBytes),
                kept);
    }
}
