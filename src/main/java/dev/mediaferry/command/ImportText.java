package dev.mediaferry.command;

import dev.mediaferry.backup.ImportReport;
import dev.mediaferry.backup.ImportReport.OfCategory;
import java.util.ArrayList;
import java.util.List;

/** An import's report for a person. */
final class ImportText {

    /** Files that no pattern fits and that a text names; the inventory has them all. */
    private static final int MOST_NAMED = 20;

    private ImportText() {}

    static String planned(ImportReport report) {
        List<String> lines = new ArrayList<>();
        lines.add("%s: %,d files, %s; %,d can be imported, %s"
                .formatted(
                        report.folder(),
                        report.processed(),
                        ReportText.bytes(report.bytes()),
                        report.migratable(),
                        ReportText.bytes(report.migratableBytes())));
        lines.add("");
        TextTable table = new TextTable("CATEGORY", "FILES", "BYTES", "TO IMPORT", "SKIPPED");
        for (OfCategory category : report.categories()) {
            table.row(
                    category.category(),
                    category.files(),
                    ReportText.bytes(category.bytes()),
                    category.migratable(),
                    category.files() - category.migratable());
        }
        lines.add(table.toString());
        lines.addAll(skipped(report));
        return String.join(System.lineSeparator(), lines);
    }

    static String done(ImportReport report) {
        List<String> lines = new ArrayList<>();
        double rate = report.seconds() == 0 ? 0 : report.migrated() / report.seconds();
        lines.add("Run %d: %,d of %,d files imported in %.1f s (%,.0f files/s)%s"
                .formatted(
                        report.run(),
                        report.migrated(),
                        report.migratable(),
                        report.seconds(),
                        rate,
                        report.interrupted() ? " - stopped before the end" : ""));
        lines.add("");
        TextTable table =
                new TextTable("CATEGORY", "FILES", "IMPORTED", "FAILED", "WAITING", "SKIPPED", "BYTES", "STORED");
        for (OfCategory category : report.categories()) {
            table.row(
                    category.category(),
                    category.files(),
                    category.migrated(),
                    category.failed(),
                    category.waiting(),
                    category.files() - category.migratable(),
                    ReportText.bytes(category.originalBytes()),
                    ReportText.bytes(category.storedBytes()));
        }
        lines.add(table.toString());
        lines.add("Processed %,d, imported %,d, failed %,d, waiting %,d, skipped %,d"
                .formatted(report.processed(), report.migrated(), report.failed(), report.waiting(), report.skipped()));
        lines.add("Original %s, stored %s, saved %.1f %%"
                .formatted(
                        ReportText.bytes(report.originalBytes()),
                        ReportText.bytes(report.storedBytes()),
                        report.savings()));
        lines.addAll(skipped(report));
        lines.add("Validation: " + report.validation());
        report.problems().forEach(problem -> lines.add("  " + problem));
        return String.join(System.lineSeparator(), lines);
    }

    static String verified(ImportCommand.Verified verified) {
        ImportReport folder = verified.folder();
        long found = verified.verification().total();
        return "%,d files, %,d of them to be imported yet; %,d objects compared: %s"
                .formatted(
                        folder.processed(),
                        folder.migratable(),
                        verified.verification().objects(),
                        found == 0
                                ? "everything agrees"
                                : ReportText.counts(verified.verification().counts()));
    }

    private static List<String> skipped(ImportReport report) {
        List<String> lines = new ArrayList<>();
        for (OfCategory category : report.categories()) {
            category.skipped()
                    .forEach((reason, files) ->
                            lines.add("Skipped %s: %,d, %s".formatted(category.category(), files, reason)));
        }
        if (!report.unmatched().isEmpty()) {
            lines.add("No pattern fits: "
                    + String.join(
                            ", ", report.unmatched().stream().limit(MOST_NAMED).toList())
                    + (report.unmatched().size() > MOST_NAMED ? " and more" : ""));
        }
        return lines;
    }
}
