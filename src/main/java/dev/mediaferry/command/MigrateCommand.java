package dev.mediaferry.command;

import dev.mediaferry.engine.Capability;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.plan.PlanFile;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "migrate",
        header = "One run now.",
        description = {
            "Finds the rows whose links will die, downloads their media, stores it in the bucket and replaces the links, "
                    + "nearest deadline first.",
            "It may be stopped at any time: the next run goes on where this one ended."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  mediaferry migrate --dry-run",
            "  mediaferry migrate LinkedInProfile.profilePic --limit 10",
            "  mediaferry plan --out plan.jsonl && mediaferry migrate --plan plan.jsonl",
            "  mediaferry migrate --strict",
            "  mediaferry migrate LinkedInProfile.profilePic --force --row cm3x9k2 --row cm3x9k5",
            "  mediaferry migrate --json > report.json"
        })
final class MigrateCommand implements Callable<Integer> {

    @Mixin
    private GlobalOptions global;

    @Mixin
    private OutputOptions output;

    @Spec
    private picocli.CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "FIELD", arity = "0..*", description = "Table.column as in the registry. Default: all.")
    private List<String> fields = List.of();

    @Option(
            names = "--dry-run",
            description = "Change nothing; say what would be done, by host and with the nearest deadlines.")
    private boolean dryRun;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "The most rows in all; of each field those with the nearest deadlines.")
    private Long limit;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Rows claimed at once, 1 to 10000, instead of what the registry says (default 1000).")
    private Integer batchSize;

    @Option(
            names = "--force",
            description = "Move rows again that are ours already, from the links that the ledger remembers.")
    private boolean force;

    @Option(
            names = "--row",
            paramLabel = "ID",
            description =
                    "With --force and one FIELD: only this row; may be repeated. Once its new object is in place, the old one "
                            + "is removed. Exit code 1 when a row was not moved again.")
    private List<String> rows = List.of();

    @Option(
            names = "--strict",
            description =
                    "The gate before old links are given up: read the columns once more afterwards, and end with exit code 1 "
                            + "unless no row holds a link any more that is to be moved: none pending, waiting, dead or rolled back. "
                            + "Discarded ones do not count.")
    private boolean strict;

    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description =
                    "Move exactly the rows of a plan that `mediaferry plan --out FILE` wrote, whose links are still what "
                            + "they were; say how many are not, and how many are new. A plan that was changed, or made for another "
                            + "database, bucket or registry entry, is refused. With --dry-run it only says what is no longer as "
                            + "planned. Exit code 1 when planned rows had changed, were gone or are held back.")
    private Path plan;

    @Override
    public Integer call() {
        if (plan != null && (!fields.isEmpty() || limit != null || force)) {
            throw new ParameterException(
                    spec.commandLine(), "--plan says which rows: it goes with neither FIELD, --limit nor --force");
        }
        if (!rows.isEmpty() && (!force || fields.size() != 1 || limit != null)) {
            throw new ParameterException(
                    spec.commandLine(), "--row goes with --force and one FIELD, and not with --limit");
        }
        if (strict && dryRun) {
            throw new ParameterException(
                    spec.commandLine(), "--strict looks at what a run has left: not with --dry-run");
        }
        OptionalLong most = Bounds.limit(spec, limit);
        OptionalInt batch = Bounds.batchSize(spec, batchSize);
        Optional<PlanFile> followed = Optional.ofNullable(plan).map(PlanFile::open);
        RunOptions options = rows.isEmpty()
                ? new RunOptions(fields, dryRun, most, batch, force)
                : RunOptions.forcing(fields.get(0), rows, dryRun, batch);
        Registry registry = global.registry();
        registry.fieldNames(fields);
        try (Shutdown shutdown = new Shutdown();
                Engine engine = global.engine(dryRun, registry, Capability.MIGRATE)) {
            shutdown.onStop(engine::drain);

            RunReport report;
            try (Progress progress = Progress.of(engine)) {
                report = followed.map(file -> engine.plans().follow(file, dryRun, batch))
                        .orElseGet(() -> engine.migrate(options));
            }
            output.print(report, () -> ReportText.of(report));
            if (strict && !passes(engine, report)) {
                return Math.max(ExitCode.SOME_FAILED, ExitCode.of(report));
            }
            boolean missed = report.found() < options.rows().size();
            return missed && report.refusal() == null ? ExitCode.SOME_FAILED : ExitCode.of(report);
        }
    }

    private static boolean passes(Engine engine, RunReport report) {
        Map<String, Map<String, Long>> unmoved = engine.plans().unmoved(report);
        unmoved.forEach(
                (field, left) -> System.err.println("mediaferry: not done: " + field + ": " + ReportText.counts(left)));
        return unmoved.isEmpty();
    }
}
