package dev.mediaferry.command;

import dev.mediaferry.archive.Archives;
import dev.mediaferry.engine.Capability;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.engine.Services;
import dev.mediaferry.entry.ArchiveTable;
import dev.mediaferry.registry.Archive;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import dev.mediaferry.storage.Buckets;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "archive",
        header = "Files of a local cache into the bucket.",
        description = {
            "Finds the rows whose file is not archived yet, checks the file's MD5 against the table's, stores it under a "
                    + "dated key and writes its address into the row.",
            "It may be stopped at any time: the next run goes on where this one ended.",
            "On a terminal, or with -v, each file has its line as it ends; a dry run lists the files with their keys."
        },
        subcommands = {ArchiveStatusCommand.class, ArchiveCleanCommand.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  mediaferry archive --dry-run",
            "  mediaferry archive post-media --limit 100",
            "  mediaferry archive status --check-local",
            "  mediaferry archive clean --older-than 30d --dry-run"
        })
final class ArchiveCommand implements Callable<Integer> {

    @Mixin
    private GlobalOptions global;

    @Mixin
    private OutputOptions output;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ArchiveNames names;

    @Option(names = "--dry-run", description = "Change nothing; say what would be done.")
    private boolean dryRun;

    @Option(names = "--limit", paramLabel = "N", description = "The most rows in all.")
    private Long limit;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Rows claimed at once, 1 to 10000, instead of what the registry says (default 1000).")
    private Integer batchSize;

    @Option(names = "--force", description = "Archive rows once more that are archived already, under the same keys.")
    private boolean force;

    @Override
    public Integer call() {
        OptionalLong most = Bounds.limit(spec, limit);
        OptionalInt batch = Bounds.batchSize(spec, batchSize);
        Registry registry = global.registry();
        RunOptions options = new RunOptions(names.entries(registry), dryRun, most, batch, force);
        registry.archives().stream()
                .filter(archive -> options.fields().contains(archive.name()))
                .forEach(Archive::checkCache);
        try (Shutdown shutdown = new Shutdown();
                Engine engine = global.engine(dryRun, registry, Capability.MIGRATE)) {
            shutdown.onStop(engine::drain);
            RunReport report = run(engine, options);
            output.print(report, () -> ReportText.of(report));
            return ExitCode.of(report);
        }
    }

    /** Shows each file where somebody looks, and those of a dry run beside its report; else how far it is. */
    private RunReport run(Engine engine, RunOptions options) {
        boolean terminal = Integer.getInteger("mediaferry.terminal", 0) > 0;
        if (dryRun ? output.json() : !terminal && !global.verbose()) {
            try (Progress progress = Progress.of(engine)) {
                return engine.migrate(options);
            }
        }
        PrintStream out = dryRun ? System.out : System.err;
        Services services = engine.services();
        Buckets buckets = engine.cases().buckets();
        Archives archives = engine.cases().archives();
        List<ArchiveTable> tables = engine.cases().entries().archives().stream()
                .filter(table -> options.fields().contains(table.name()))
                .toList();
        long files = Math.min(
                limit == null ? Long.MAX_VALUE : limit,
                tables.stream()
                        .map(table -> archives.status(table, false, false, OptionalLong.empty()))
                        .mapToLong(status -> force
                                ? status.archived()
                                : status.notArchived()
                                        - status.dead().values().stream()
                                                .mapToLong(Long::longValue)
                                                .sum())
                        .sum());
        String targets = tables.stream()
                .map(table -> buckets.of(table.bucket()).bucket())
                .distinct()
                .collect(Collectors.joining(", "));
        out.printf(
                "%s %,d files into bucket %s, %s%n",
                dryRun ? "Would archive" : "Archiving",
                Math.max(0, files),
                targets,
                services.settings().optional("storage.access-key").isPresent()
                        ? "keys of the settings"
                        : "profile "
                                + Optional.ofNullable(System.getenv("AWS_PROFILE"))
                                        .orElse("default"));
        engine.watch(new ArchiveLines(
                out,
                Math.max(0, files),
                batchSize != null ? batchSize : tables.get(0).batch(),
                dryRun && limit != null ? limit : Long.MAX_VALUE));
        return engine.migrate(options);
    }
}
