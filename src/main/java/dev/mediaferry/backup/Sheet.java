package dev.mediaferry.backup;

import dev.mediaferry.backup.Inventory.Sum;
import java.util.Map;
import java.util.TreeMap;

/** Counts of one category, or of several. */
final class Sheet {
    long files;
    long bytes;
    long migratable;
    long migratableBytes;
    long migrated;
    long failed;
    long waiting;
    long compressed;
    long originalBytes;
    long storedBytes;
    private final Map<String, Long> skipped = new TreeMap<>();

    void add(Sum sum) {
        files += sum.files();
        bytes += sum.bytes();
        if (sum.reason() == null) {
            migratable += sum.files();
            migratableBytes += sum.bytes();
        } else {
            skipped.merge(sum.reason(), sum.files(), Long::sum);
        }
    }

    void add(Map<String, Object> outcome) {
        long rows = ((Number) outcome.get("rows")).longValue();
        switch ((String) outcome.get("state")) {
            case "linked" -> {
                migrated += rows;
                compressed += ((Number) outcome.get("compressed")).longValue();
                originalBytes += ((Number) outcome.get("original")).longValue();
                storedBytes += ((Number) outcome.get("stored")).longValue();
            }
            case "dead", "discarded" -> failed += rows;
            case "waiting", "claimed" -> waiting += rows;
            default -> {
                // Superseded: the file was taken out of the plan.
            }
        }
    }

    void add(Sheet other) {
        files += other.files;
        bytes += other.bytes;
        migratable += other.migratable;
        migratableBytes += other.migratableBytes;
        migrated += other.migrated;
        failed += other.failed;
        waiting += other.waiting;
        compressed += other.compressed;
        originalBytes += other.originalBytes;
        storedBytes += other.storedBytes;
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
                skipped,
                compressed,
                originalBytes,
                storedBytes,
                ImportReport.savings(originalBytes, storedBytes));
    }
}
