package dev.mediaferry.command;

import dev.mediaferry.plan.Outline;
import dev.mediaferry.planning.PlanReport;
import dev.mediaferry.run.DriftReport;
import dev.mediaferry.run.ScanIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A plan, and what has become of it, for a person. */
final class PlanText {

    private PlanText() {}

    static String of(PlanReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(ReportText.of(report.run()));
        if (report.sizes() != null) {
            Outline.Sizes sizes = report.sizes();
            lines.add("Sizes: %s in %,d media%s"
                    .formatted(
                            ReportText.bytes(sizes.bytes()),
                            sizes.told(),
                            sizes.untold().isEmpty() ? "" : "; not told: " + ReportText.counts(sizes.untold())));
        }
        if (!report.blockers().isEmpty()) {
            TextTable table = new TextTable("BLOCKED", "ROWS", "KIND", "WHY");
            report.blockers()
                    .forEach(blocker -> table.row(blocker.field(), blocker.rows(), blocker.kind(), blocker.message()));
            lines.add("");
            lines.add(table.toString());
        }
        for (ScanIndex index : report.indexes()) {
            lines.add("");
            lines.add(
                    index.create() == null
                            ? "%s is searched by the index %s".formatted(index.field(), index.index())
                            : "%s: each run searches %,d rows. This index makes the search quick:%n  %s;"
                                    .formatted(index.field(), index.rows(), index.create()));
        }
        if (!report.leftOut().isEmpty()) {
            lines.add("");
            lines.add("Left alone, some of each field; all of them: mediaferry status --invalid");
            lines.add(LeftOutText.of(report.leftOut()));
        }
        if (report.file() != null) {
            lines.add("");
            lines.add("%,d rows in %s, %s".formatted(report.rows(), report.file(), report.digest()));
            lines.add("Follow it:  mediaferry migrate --plan " + report.file());
        }
        return String.join(System.lineSeparator(), lines);
    }

    static String of(DriftReport drift) {
        List<String> lines = new ArrayList<>();
        Map<String, Long> counts = drift.counts();
        lines.add("Plan of %,d rows: %s"
                .formatted(
                        drift.planned(),
                        counts.isEmpty() ? "everything is as planned" : "no longer so: " + ReportText.counts(counts)));
        drift.rows()
                .forEach(row ->
                        lines.add("  %s %s:%s".formatted(row.reason(), row.field(), LedgerOptions.plain(row.id()))));
        if (counts.containsKey("new")) {
            lines.add("Rows that are new since the plan were left alone; a new plan, or a run without one, takes them");
        }
        return String.join(System.lineSeparator(), lines);
    }
}
