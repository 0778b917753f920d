package dev.mediaferry.command;

import dev.mediaferry.archive.CleanOptions;
import dev.mediaferry.archive.CleanReport;
import dev.mediaferry.engine.Services;
import dev.mediaferry.engine.UseCases;
import dev.mediaferry.registry.Registry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "clean",
        header = "Deletes local files that are safe in the bucket.",
        description = {
            "A file goes only after its object was read back to its end, with the SHA-256 that the ledger and the file have, "
                    + "while its row leads to that object, and no row of any archive that has the file waits for it.",
            "Exit code 1 when an object is not there, or is another."
        })
final class ArchiveCleanCommand implements Callable<Integer> {

    @Mixin
    private GlobalOptions global;

    @Mixin
    private OutputOptions output;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ArchiveNames names;

    @Option(
            names = "--older-than",
            paramLabel = "AGE",
            defaultValue = "0m",
            description = "Keep the files of rows that were archived since (m, h, d). Default: none.")
    private String olderThan;

    @Option(names = "--dry-run", description = "Read and compare everything, delete nothing.")
    private boolean dryRun;

    @Override
    public Integer call() {
        Duration age = Ages.parse(spec, olderThan);
        Registry registry = global.registry();
        List<String> chosen = names.entries(registry);
        try (Services services = global.services();
                UseCases cases = new UseCases(services, registry)) {
            CleanReport report = cases.archives().clean(new CleanOptions(chosen, age, dryRun));
            output.print(report, () -> text(report));
            return report.failed() ? ExitCode.SOME_FAILED : ExitCode.DONE;
        }
    }

    private static String text(CleanReport report) {
        String summary = "%,d files of %s %s; kept: %s; %,d were gone already"
                .formatted(
                        report.deleted(),
                        ReportText.bytes(report.bytes()),
                        report.dryRun() ? "would be deleted" : "deleted",
                        ReportText.counts(report.kept()),
                        report.gone());
        return report.findings().stream()
                .map(finding -> LedgerOptions.plain(finding) + System.lineSeparator())
                .collect(Collectors.joining("", "", summary));
    }
}
