package dev.mediaferry.command;

import dev.mediaferry.engine.Capability;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.engine.Services;
import dev.mediaferry.engine.UseCases;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.verify.OrphanOptions;
import dev.mediaferry.verify.OrphanReport;
import dev.mediaferry.verify.OrphanReport.Orphan;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "orphans",
        header = "Objects that nobody owns.",
        description = {
            "Objects under the registry's folders that no row of the ledger owns, one line each. Removed is only what "
                    + "carries this ledger's id: what another ledger has stored is shown as theirs, what carries no id "
                    + "as unknown, what a row of the registry's tables leads to as held, and all of these are kept.",
            "Exit code 1 when orphans are left."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  mediaferry orphans",
            "  mediaferry orphans --older-than 7d --delete",
            "  mediaferry orphans --resume"
        })
final class OrphansCommand implements Callable<Integer> {

    /** A transfer writes its row long before its object; clocks of store and machine may differ. */
    private static final Duration SHORTEST_TO_DELETE = Duration.ofHours(1);

    @Mixin
    private GlobalOptions global;

    @Mixin
    private OutputOptions output;

    @Spec
    private CommandSpec spec;

    @Option(names = "--delete", description = "Remove those that are ours.")
    private boolean delete;

    @Option(
            names = "--older-than",
            paramLabel = "AGE",
            defaultValue = "24h",
            description = "Leave out what is younger (m, h, d). Default: 24h; at least 1h with --delete.")
    private String olderThan;

    @Option(
            names = "--resume",
            description =
                    "Go on where a search with the same options was interrupted, without naming again what it has found.")
    private boolean resume;

    @Override
    public Integer call() {
        Duration age = Ages.parse(spec, olderThan);
        if (delete && age.compareTo(SHORTEST_TO_DELETE) < 0) {
            throw new ParameterException(spec.commandLine(), "--older-than must be at least 1h with --delete");
        }
        Registry registry = global.registry();
        Consumer<Orphan> line = output.json() ? orphan -> {} : orphan -> System.out.println(text(orphan));
        OrphanOptions options = new OrphanOptions(age, delete, resume);
        OrphanReport report = delete ? delete(registry, options, line) : list(registry, options, line);
        output.print(report, () -> text(report));
        return report.found() > report.removed() ? ExitCode.SOME_FAILED : ExitCode.DONE;
    }

    private OrphanReport list(Registry registry, OrphanOptions options, Consumer<Orphan> line) {
        try (Services services = global.services();
                UseCases cases = new UseCases(services, registry)) {
            return cases.orphans().run(options, line);
        }
    }

    private OrphanReport delete(Registry registry, OrphanOptions options, Consumer<Orphan> line) {
        try (Engine engine = global.engine(registry, Capability.SWEEP)) {
            return engine.orphans().run(options, line);
        }
    }

    private static String text(Orphan orphan) {
        return "%-8s %s  %s  %s"
                .formatted(orphan.outcome(), orphan.key(), ReportText.bytes(orphan.bytes()), orphan.modified());
    }

    private static String text(OrphanReport report) {
        return ("%,d orphans of %s; %,d removed, %,d held by a row that the ledger does not know, %,d without any ledger's id"
                        + " (kept); besides %,d of other ledgers")
                .formatted(
                        report.found(),
                        ReportText.bytes(report.bytes()),
                        report.removed(),
                        report.held(),
                        report.unknown(),
                        report.theirs());
    }
}
