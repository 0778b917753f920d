package dev.mediaferry.command;

import dev.mediaferry.reference.Dump;
import dev.mediaferry.reference.Finding;
import dev.mediaferry.reference.ReferencePlan;
import dev.mediaferry.reference.ReferenceProof;
import dev.mediaferry.reference.ReferenceReport;
import dev.mediaferry.reference.ReferenceStatus;
import java.util.List;
import java.util.TreeMap;

/** References for a person. */
final class ReferenceText {

    private ReferenceText() {}

    static String of(List<ReferencePlan> plans) {
        StringBuilder text = new StringBuilder();
        for (ReferencePlan plan : plans) {
            text.append("%s%s: %s, %s, %s%n"
                    .formatted(
                            text.isEmpty() ? "" : System.lineSeparator(),
                            plan.reference(),
                            plan.table(),
                            plan.kind(),
                            plan.state()));
            if (!plan.classes().isEmpty()) {
                TextTable classes = new TextTable("VALUES", "ROWS", "MEANING", "WHAT BECOMES OF THEM");
                plan.classes().forEach(one -> classes.row(one.kind(), one.rows(), one.meaning(), one.treatment()));
                text.append(classes);
                plan.classes().forEach(one -> one.samples()
                        .forEach(sample ->
                                text.append("  %s  %s%n".formatted(one.kind(), LedgerOptions.plain(sample)))));
                text.append("%,d rows to fill: about %,d minutes, %s of log, the table grows by up to %s%n"
                        .formatted(
                                plan.rowsToFill(),
                                plan.minutes(),
                                ReportText.bytes(plan.walBytes()),
                                ReportText.bytes(plan.heapBytes())));
            }
            TextTable steps = new TextTable("STEP", "LOCK", "STOPS", "DONE");
            plan.steps().forEach(step -> steps.row(step.step(), step.lock(), step.stops(), step.done() ? "yes" : "no"));
            text.append(steps);
            lines(text, "uses the old side", plan.dependents());
            lines(text, "publishes the table: each subscriber needs the new column first", plan.publications());
            lines(text, "open transaction", plan.transactions());
            lines(text, "reads all columns, also those that go", plan.starReaders());
            lines(text, "refused", plan.missingRights());
            text.append(findings(plan.obstacles()));
        }
        return text.toString().stripTrailing();
    }

    private static void lines(StringBuilder text, String what, List<String> lines) {
        lines.forEach(line -> text.append("%s: %s%n".formatted(what, LedgerOptions.plain(line))));
    }

    static String of(ReferenceReport report) {
        TextTable steps = new TextTable("STEP", "LOCK", "TRIES", "WAITED MS", "HELD MS");
        report.steps()
                .forEach(step ->
                        steps.row(step.step(), step.lock(), step.attempts(), step.waitedMillis(), step.heldMillis()));
        return (report.steps().isEmpty() ? "" : steps.toString())
                + (report.passes() == 0 && report.filled() == 0 ? "" : "%,d rows filled%n".formatted(report.filled()))
                + (report.dump() == null ? "" : dump(report.dump()))
                + findings(report.refused())
                + (report.refused().isEmpty() ? "" : "Nothing was changed: ")
                + report.reference() + " is " + report.state() + ".";
    }

    private static String dump(Dump dump) {
        return "the bucket has %,d rows (%s) as %s, SHA-256 %s%n"
                .formatted(dump.rows(), ReportText.bytes(dump.bytes()), dump.key(), dump.sha256());
    }

    static String of(ReferenceProof.Proof proof) {
        TextTable classes = new TextTable("ROWS WHOSE SIDES SAY", "ROWS");
        new TreeMap<>(proof.classes()).forEach((kind, rows) -> classes.row(kind, rows));
        StringBuilder text = new StringBuilder(classes.row("all", proof.rows()).toString());
        new TreeMap<>(proof.millis()).forEach((what, millis) -> text.append("%s: %.1f ms%n".formatted(what, millis)));
        proof.warnings().forEach(warning -> text.append("note: %s%n".formatted(LedgerOptions.plain(warning))));
        return text.append(findings(proof.findings()))
                .append(proof.reference())
                .append(proof.proved() ? " is proved." : " is not proved.")
                .toString();
    }

    private static String findings(List<Finding> findings) {
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            text.append("%s (%,d): %s%n".formatted(finding.clause(), finding.count(), finding.words()));
            finding.samples().forEach(sample -> text.append("  %s%n".formatted(LedgerOptions.plain(sample))));
        }
        return text.toString();
    }

    /** What a person wants to know besides the table, where there is something. */
    private static String around(ReferenceStatus one) {
        StringBuilder text = new StringBuilder();
        if (one.building() != null) {
            text.append("%s builds an index: %s%n".formatted(one.reference(), LedgerOptions.plain(one.building())));
        }
        if (one.lagSeconds() != null) {
            text.append("%s: the slowest replica is %.1f s behind%n".formatted(one.reference(), one.lagSeconds()));
        }
        if (one.dump() != null) {
            text.append(dump(one.dump()));
        }
        if (!one.uses().isEmpty()) {
            TextTable uses = new TextTable("OLD SIDE", "ROLE", "APPLICATION", "CALLS", "LAST SEEN", "STATEMENT");
            one.uses()
                    .forEach(use -> uses.row(
                            use.side(),
                            LedgerOptions.plain(use.role()),
                            LedgerOptions.plain(use.application()),
                            use.calls(),
                            use.seen(),
                            LedgerOptions.plain(use.query())));
            text.append("%n%s%n%s".formatted(one.reference(), uses));
        }
        return text.toString();
    }

    static String status(List<ReferenceStatus> states) {
        TextTable table = new TextTable("REFERENCE", "TABLE", "STATE", "SINCE", "FILLED", "OLD WRITES", "CONFLICTS");
        for (ReferenceStatus one : states) {
            table.row(
                    one.reference(),
                    one.table(),
                    one.state()
                            + (one.paused() ? ", paused" : "")
                            + (one.until() == null ? "" : ", until " + one.until()),
                    one.since(),
                    one.filled(),
                    one.oldWrites(),
                    one.conflicts());
        }
        StringBuilder text = new StringBuilder(table.toString());
        for (ReferenceStatus one : states) {
            text.append(around(one));
            if (!one.steps().isEmpty()) {
                TextTable steps =
                        new TextTable("STEP", "LOCK", "TRIES", "WAITED MS", "HELD MS", "FINISHED", "IN THE WAY");
                one.steps()
                        .forEach(step -> steps.row(
                                step.step(),
                                step.lock(),
                                step.attempts(),
                                step.waitedMillis(),
                                step.heldMillis(),
                                step.error() != null ? LedgerOptions.plain(step.error()) : step.finished(),
                                step.blockedBy() == null ? "" : LedgerOptions.plain(step.blockedBy())));
                text.append("%n%s%n%s".formatted(one.reference(), steps));
            }
        }
        return text.toString().stripTrailing();
    }
}
