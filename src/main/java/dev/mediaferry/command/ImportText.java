package dev.mediaferry.command;

import dev.mediaferry.backup.ImportReport;
import dev.mediaferry.backup.ImportReport.Imported;
import dev.mediaferry.backup.ImportReport.OfCategory;
import dev.mediaferry.backup.ImportSummary;
import dev.mediaferry.proof.LinkReport;
import java.util.ArrayList;
import java.util.List;

/** What an import would do, and whether it is all there, for a person. */
final class ImportText {

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
        lines.addAll(ImportSummary.skipped(report));
        lines.addAll(ReportText.first(ReportText.TAKEN, report.taken()));
        lines.addAll(ReportText.first("Records have the key or address already of", report.held()));
        report.room().forEach(room -> lines.add("Room: " + room));
        report.blockers().forEach(blocker -> lines.add("Blocked: " + blocker));
        return String.join(System.lineSeparator(), lines);
    }

    static String verified(ImportCommand.Verified verified) {
        List<String> lines = new ArrayList<>();
        for (Imported imported : verified.imported()) {
            lines.add("%s: %,d files imported, %,d of them compressed; original %s, stored %s, saved %.1f %%"
                    .formatted(
                            imported.category(),
                            imported.files(),
                            imported.compressed(),
                            ReportText.bytes(imported.originalBytes()),
                            ReportText.bytes(imported.storedBytes()),
                            imported.savings()));
        }
        ImportReport folder = verified.folder();
        long found = verified.verification().total();
        if (!folder.understood()) {
            lines.addAll(ImportSummary.skipped(folder));
        }
        lines.add("%,d files, %,d of them to be imported yet, %,d dead letters; %,d objects compared: %s"
                .formatted(
                        folder.processed(),
                        folder.migratable(),
                        folder.failedBefore(),
                        verified.verification().objects(),
                        found == 0
                                ? folder.understood() ? "everything agrees" : "what could be seen agrees"
                                : ReportText.counts(verified.verification().counts())));
        if (verified.urls() != null) {
            lines.add("Public addresses: " + links(verified.urls()));
        }
        return String.join(System.lineSeparator(), lines);
    }

    static String links(LinkReport links) {
        if (links.asked() == 0) {
            return "there are none";
        }
        return links.failed()
                ? "%,d of %,d do not answer as they should".formatted(links.asked() - links.answered(), links.asked())
                : "all %,d answer".formatted(links.asked());
    }
}
