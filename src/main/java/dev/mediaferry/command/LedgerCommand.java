package dev.mediaferry.command;

import dev.mediaferry.engine.Services;
import dev.mediaferry.ledger.History;
import dev.mediaferry.ledger.LedgerSize;
import dev.mediaferry.ledger.PruneReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "ledger",
        header = "How large the ledger is, the removal of its old part, and which objects are its own.",
        description = {
            "size and prune work beside runs.",
            "Every object carries the id of the ledger whose transfer has stored it, and only what carries the ledger's own "
                    + "id is ever deleted. A copy of a database has the id of the original: it is noticed at the start, and "
                    + "you say what it is. So is another store or bucket in the settings."
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  mediaferry ledger size",
            "  mediaferry ledger prune --older-than 365d --dry-run",
            "  mediaferry ledger prune --older-than 365d --give-up-undo",
            "  mediaferry ledger new-id                         # in a copy for tests, before anything else",
            "  mediaferry ledger keep-id                        # after the database has moved to another server",
            "  mediaferry ledger accept-store                   # new objects go to the bucket that is configured now",
            "  mediaferry ledger accept-store --same-objects    # the same bucket has another address"
        })
final class LedgerCommand implements Runnable {

    /** A run is over by then, and so is what somebody wants to undo at once. */
    private static final Duration SHORTEST = Duration.ofDays(1);

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "name a command: size, prune, new-id, keep-id or accept-store");
    }

    @Command(name = "size", description = "Tables and transfers, with their rows and bytes.")
    int size(@Mixin GlobalOptions global, @Mixin OutputOptions output) {
        try (Services services = global.services()) {
            LedgerSize size = new History(services.database()).size();
            output.print(size, () -> text(size));
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "prune",
            description = {
                "Removes failed attempts of transfers that have ended, reports of runs, and transfers that nothing came of. With "
                        + "--give-up-undo it also removes the old links of rows that were moved: these rows can neither be rolled "
                        + "back nor moved again with --force afterwards. What tells whose an object is and who shares it always "
                        + "stays, and so do dead letters, what waits, and what was rolled back."
            })
    int prune(
            @Mixin GlobalOptions global,
            @Mixin OutputOptions output,
            @Option(
                            names = "--older-than",
                            paramLabel = "AGE",
                            required = true,
                            description = "Leave what is younger (h, d); at least 1d.")
                    String olderThan,
            @Option(names = "--give-up-undo", description = "Remove old links, too.") boolean giveUpUndo,
            @Option(names = "--dry-run", description = "Change nothing; say what would be removed.") boolean dryRun) {
        Duration age = Ages.parse(spec, olderThan);
        if (age.compareTo(SHORTEST) < 0) {
            throw new ParameterException(spec.commandLine(), "--older-than must be at least 1d");
        }
        try (Services services = global.services()) {
            PruneReport report = new History(services.database()).prune(age, giveUpUndo, dryRun);
            output.print(report, () -> text(report));
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "new-id",
            description = "This database is a copy: it gets an id of its own. What was stored until now belongs to the "
                    + "original, and is never deleted from here.")
    int newId(@Mixin GlobalOptions global, @Mixin OutputOptions output) {
        try (Services services = global.servicesOfAnyLedger()) {
            String id = services.database().renewLedgerId().toString();
            output.print(Map.of("ledger", id), () -> "The ledger has a new id: " + id);
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "keep-id",
            description =
                    "This database has moved here, and where it was it is no more: what carries its id is its own.")
    int keepId(@Mixin GlobalOptions global, @Mixin OutputOptions output) {
        try (Services services = global.servicesOfAnyLedger()) {
            services.database().keepLedgerId();
            String id = services.database().ledgerId().toString();
            output.print(Map.of("ledger", id), () -> "The ledger keeps its id: " + id);
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "accept-store",
            description =
                    "New objects go to the bucket that is configured now. Those that are there already stay where they "
                            + "are, and are found, verified and rolled back there.")
    int acceptStore(
            @Mixin GlobalOptions global,
            @Mixin OutputOptions output,
            @Option(
                            names = "--same-objects",
                            description = "The bucket that is configured now is the same under another address, or all "
                                    + "objects were copied to it.")
                    boolean sameObjects) {
        try (Services services = global.servicesOfAnyLedger()) {
            if (sameObjects) {
                services.stores().acceptSameObjects();
            } else {
                services.stores().accept();
            }
            String where = services.storage().bucketAddress().toString();
            output.print(Map.of("store", where), () -> "Objects go to " + where);
            return ExitCode.DONE;
        }
    }

    private static String text(LedgerSize size) {
        List<String> lines = new ArrayList<>();
        lines.add("%,d rows, %s on the database's disk; %,d bytes a transfer with its indexes"
                .formatted(size.rows(), ReportText.bytes(size.bytes()), size.perLink()));
        lines.add("");
        TextTable tables = new TextTable("TABLE", "BYTES");
        size.tables().forEach(table -> tables.row(table.name(), ReportText.bytes(table.bytes())));
        lines.add(tables.toString());
        TextTable states = new TextTable("TRANSFERS", "ROWS", "BYTES");
        size.transfers().forEach(state -> states.row(state.state(), state.rows(), ReportText.bytes(state.bytes())));
        lines.add(states.toString());
        return String.join(System.lineSeparator(), lines);
    }

    private static String text(PruneReport report) {
        List<String> lines = new ArrayList<>();
        lines.add("%s %,d attempts, %,d reports of runs, %,d superseded transfers, all from before %s"
                .formatted(
                        report.dryRun() ? "Would remove" : "Removed",
                        report.attempts(),
                        report.runs(),
                        report.superseded(),
                        report.before()));
        if (report.links() > 0) {
            lines.add("%s undo of %,d moved rows: neither rollback nor migrate --force %s them any more"
                    .formatted(
                            report.dryRun() ? "Would give up the" : "Given up: the",
                            report.links(),
                            report.dryRun() ? "would take" : "takes"));
        }
        if (report.kept() > 0) {
            lines.add("%,d moved rows that are as old keep their undo; --give-up-undo removes their old links"
                    .formatted(report.kept()));
        }
        lines.add("Ledger: %,d rows, %s, %s of them transfers"
                .formatted(
                        report.rowsBefore(),
                        ReportText.bytes(report.bytesBefore()),
                        ReportText.bytes(report.contentBefore())));
        if (!report.dryRun()) {
            lines.add("   now: %,d rows, %s, %s of them transfers"
                    .formatted(
                            report.rowsAfter(),
                            ReportText.bytes(report.bytesAfter()),
                            ReportText.bytes(report.contentAfter())));
            lines.add("The room is free for new rows; `vacuum full mediaferry.transfer` gives it back to the disk");
        }
        return String.join(System.lineSeparator(), lines);
    }
}
