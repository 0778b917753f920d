package dev.mediaferry.command;

import dev.mediaferry.run.FieldReport;
import dev.mediaferry.run.RunReport;
import dev.mediaferry.settings.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A run's report for a person. */
final class ReportText {

    static final String TAKEN = "The bucket has other objects under the keys of";

    private static final int MOST_NAMED = 5;

    private ReportText() {}

    static String of(RunReport report) {
        String text = (report.dryRun() ? planned(report) : done(report)) + failures(report);
        for (String finding : report.findings()) {
            text += System.lineSeparator() + "Finding: " + finding;
        }
        return report.drift() == null ? text : text + System.lineSeparator() + PlanText.of(report.drift());
    }

    private static String done(RunReport report) {
        List<String> lines = new ArrayList<>();
        double rate = report.seconds() == 0 ? 0 : report.migrated() / report.seconds();
        lines.add("Run %d: %,d of %,d rows moved, %s in %.1f s (%,.0f rows/s)%s"
                .formatted(
                        report.run(),
                        report.migrated(),
                        report.found(),
                        bytes(report.bytes()),
                        report.seconds(),
                        rate,
                        report.interrupted() ? " - stopped before the end" : ""));
        lines.add("");
        TextTable table = new TextTable("FIELD", "FOUND", "MOVED", "SUPERSEDED", "WAITING", "DEAD", "SKIPPED");
        for (FieldReport field : report.fields()) {
            table.row(
                    field.field() + (field.suspended() ? " (suspended)" : ""),
                    field.found(),
                    field.migrated(),
                    field.superseded(),
                    field.waiting(),
                    sum(field.dead()),
                    sum(field.skipped()));
        }
        lines.add(table.toString());
        lines.add("Skipped: " + counts(report.skipped()));
        if (sum(report.left()) > 0) {
            lines.add("Left alone, the ledger holding them back: " + counts(report.left()));
        }
        if (report.refusal() != null) {
            lines.add("The store refused everything until the run gave up, the rest waits for a later one: "
                    + report.refusal());
        }
        if (!report.dead().isEmpty()) {
            lines.add("Dead letters: " + counts(report.dead()));
        }
        if (report.waiting() > 0) {
            lines.add("Waiting: %,d, a later run tries them again".formatted(report.waiting()));
        }
        if (report.superseded() > 0) {
            lines.add("Superseded: %,d, their rows had changed meanwhile and were left as they are"
                    .formatted(report.superseded()));
        }
        if (!report.adds()) {
            lines.add("The ledger's outcomes do not add up to the rows found: please report this");
        }
        return String.join(System.lineSeparator(), lines);
    }

    private static String planned(RunReport report) {
        List<String> lines = new ArrayList<>();
        lines.add("Dry run: %,d rows would be moved, nothing was changed".formatted(report.waiting()));
        lines.add("");
        TextTable table = new TextTable("FIELD", "ROWS", "EXPIRED", "HOSTS", "NEAREST DEADLINE");
        for (FieldReport field : report.fields()) {
            table.row(
                    field.field(),
                    field.waiting(),
                    sum(field.dead()),
                    field.hosts().isEmpty() ? "-" : counts(field.hosts()),
                    field.nearestDeadlines().isEmpty()
                            ? "-"
                            : field.nearestDeadlines().get(0).deadline() + " (row "
                                    + field.nearestDeadlines().get(0).id() + ")");
        }
        lines.add(table.toString());
        lines.add("Skipped: " + counts(report.skipped()));
        lines.addAll(first(
                TAKEN,
                report.fields().stream()
                        .flatMap(field -> field.taken().stream())
                        .toList()));
        if (sum(report.left()) > 0) {
            lines.add("Left alone, the ledger holding them back: " + counts(report.left()));
        }
        return String.join(System.lineSeparator(), lines);
    }

    private static String failures(RunReport report) {
        return report.failures().stream()
                .map(failure -> System.lineSeparator() + "Ended early: " + failure)
                .collect(Collectors.joining());
    }

    /** @param files none for nothing to say @return a line that names a few of them */
    static List<String> first(String what, List<String> files) {
        return files.isEmpty()
                ? List.of()
                : List.of(what + ": "
                        + LedgerOptions.plain(String.join(
                                ", ", files.stream().limit(MOST_NAMED).toList()))
                        + (files.size() > MOST_NAMED ? " and more" : ""));
    }

    static String counts(Map<String, Long> counts) {
        String text = counts.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .map(entry -> entry.getKey() + " %,d".formatted(entry.getValue()))
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? "none" : text;
    }

    static String bytes(long bytes) {
        return Sizes.text(bytes);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
