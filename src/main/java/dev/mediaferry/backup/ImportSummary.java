package dev.mediaferry.backup;

import dev.mediaferry.backup.ImportReport.OfCategory;
import dev.mediaferry.compress.Kept;
import dev.mediaferry.settings.Shown;
import dev.mediaferry.settings.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The report of a run for a person, as the command prints it and the import directory keeps it. */
public final class ImportSummary {

    /** Files that no pattern fits and that a text names; the inventory has them all. */
    private static final int MOST_NAMED = 20;

    private static final String HEADINGS = "  %9s  %9s  %7s  %7s  %7s  %7s  %10s  %10s  %10s";
    private static final String FIGURES = "  %,9d  %,9d  %,7d  %,7d  %,7d  %,7d  %,10d  %10s  %10s";

    private ImportSummary() {}

    public static String of(ImportReport report) {
        List<String> lines = new ArrayList<>();
        double rate = report.seconds() == 0 ? 0 : report.migrated() / report.seconds();
        lines.add(format(
                "Run %d: %,d of %,d files imported in %.1f s (%,.0f files/s)%s",
                report.run(),
                report.migrated(),
                report.migratable(),
                report.seconds(),
                rate,
                report.interrupted() ? " - stopped before the end" : ""));
        lines.add("");
        lines.addAll(categories(report));
        lines.add("");
        lines.add(format(
                "Processed %,d, imported %,d, failed %,d, waiting %,d, left %,d, skipped %,d",
                report.processed(),
                report.migrated(),
                report.failed(),
                report.waiting(),
                report.left(),
                report.skipped()));
        lines.add(format(
                "Original %s, stored %s, saved %.1f %%; %,d compressed",
                Sizes.text(report.originalBytes()),
                Sizes.text(report.storedBytes()),
                report.savings(),
                report.compressed()));
        lines.addAll(skipped(report));
        lines.addAll(failures(report));
        report.blockers().forEach(blocker -> lines.add("Blocked: " + blocker));
        lines.add("Validation: " + report.validation());
        report.problems().forEach(problem -> lines.add("  " + problem));
        if (report.failedBefore() > 0) {
            lines.add(format("  %,d dead letters of earlier runs: mediaferry dead-letters", report.failedBefore()));
        }
        return String.join(System.lineSeparator(), lines);
    }

    private static List<String> categories(ImportReport report) {
        int width = report.categories().stream()
                .mapToInt(category -> category.category().length())
                .max()
                .orElse(0);
        String name = "%-" + Math.max(width, "CATEGORY".length()) + "s";
        List<String> lines = new ArrayList<>();
        lines.add(format(
                name + HEADINGS,
                "CATEGORY",
                "FILES",
                "IMPORTED",
                "FAILED",
                "WAITING",
                "LEFT",
                "SKIPPED",
                "COMPRESSED",
                "BYTES",
                "STORED"));
        for (OfCategory category : report.categories()) {
            lines.add(format(
                    name + FIGURES,
                    category.category(),
                    category.files(),
                    category.migrated(),
                    category.failed(),
                    category.waiting(),
                    category.left(),
                    category.files() - category.migratable(),
                    category.compressed(),
                    Sizes.text(category.originalBytes()),
                    Sizes.text(category.storedBytes())));
        }
        return lines;
    }

    /** @return what is left out and why, line by line */
    public static List<String> skipped(ImportReport report) {
        List<String> lines = new ArrayList<>();
        for (OfCategory category : report.categories()) {
            category.skipped()
                    .forEach((reason, files) ->
                            lines.add(format("Skipped %s: %,d, %s", category.category(), files, Shown.text(reason))));
            category.kept()
                    .forEach((reason, files) -> lines.add(
                            format("Stored as it is %s: %,d, %s", category.category(), files, Kept.explain(reason))));
        }
        if (report.unseen() > 0) {
            lines.add(format("Could not be looked at: %,d", report.unseen()));
            report.unseenFiles().stream().limit(MOST_NAMED).forEach(file -> lines.add("  " + file));
        }
        if (report.ignored() > 0) {
            lines.add(format(
                    "Ignored, left by the Finder of macOS: %,d, like %s",
                    report.ignored(), report.ignoredFiles().get(0)));
        }
        if (report.nothingFits()) {
            lines.add("No file fits any pattern of the import " + report.name()
                    + ": is it this folder, and this import?");
        }
        if (!report.unmatched().isEmpty()) {
            lines.add("No pattern fits: "
                    + String.join(
                            ", ", report.unmatched().stream().limit(MOST_NAMED).toList())
                    + (report.unmatched().size() > MOST_NAMED ? " and more" : ""));
        }
        return lines;
    }

    private static List<String> failures(ImportReport report) {
        List<String> lines = new ArrayList<>();
        for (ImportReport.Failure failure : report.failures()) {
            lines.add(format(
                    "Failed %s: %s: %s, %s",
                    failure.field(),
                    Shown.text(failure.path()),
                    failure.failure(),
                    Shown.text(String.valueOf(failure.message())
                            .lines()
                            .findFirst()
                            .orElse(""))));
        }
        report.failures().stream()
                .map(ImportReport.Failure::field)
                .distinct()
                .forEach(field -> lines.add(format(
                        "All of them: mediaferry dead-letters --field %s; once more: mediaferry dead-letters retry --field %s",
                        field, field)));
        return lines;
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
