package dev.mediaferry.command;

import dev.mediaferry.engine.Services;
import dev.mediaferry.engine.UseCases;
import dev.mediaferry.imports.FolderCleanReport;
import dev.mediaferry.imports.FolderCleaning;
import dev.mediaferry.registry.Registry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "clean",
        header = "Takes imported files out of the folder.",
        description = {
            "Without --delete or --move it is a dry run: everything is read and compared, and nothing changes.",
            "A file goes only after its object was read back to its end, with the SHA-256 that the ledger has, while the file is the "
                    + "one that was stored, its record is there and leads to that object, and no import is still to take it.",
            "Exit code 1 when an object or a record is not there, or is another."
        })
final class ImportCleanCommand extends FolderCommand {

    @ArgGroup
    private Way way = new Way();

    /** What is done with the files. */
    static final class Way {

        @Option(names = "--delete", description = "Delete the files.")
        private boolean delete;

        @Option(
                names = "--move",
                paramLabel = "DIR2",
                description = "Move the files there, under their paths; nothing there is replaced.")
        private Path moveTo;

        @Option(names = "--dry-run", description = "Change nothing. The default.")
        private boolean dryRun;
    }

    @Option(
            names = "--older-than",
            paramLabel = "AGE",
            defaultValue = "0m",
            description = "Keep files that were imported since (m, h, d). Default: none.")
    private String olderThan;

    @Override
    public Integer call() {
        Duration age = Ages.parse(spec, olderThan);
        Registry registry = global.registry();
        boolean dryRun = way.dryRun || (!way.delete && way.moveTo == null);
        try (Services services = global.services();
                UseCases cases = new UseCases(services, registry)) {
            FolderCleaning cleaning = cases.folderCleaning(
                    folder.options(true, OptionalLong.empty(), Optional.empty()),
                    Optional.ofNullable(way.moveTo)
                            .map(path -> path.toAbsolutePath().normalize()));
            FolderCleanReport report = cleaning.clean(age, dryRun);
            output.print(report, () -> text(report));
            return report.failed() ? ExitCode.SOME_FAILED : ExitCode.DONE;
        }
    }

    private static String text(FolderCleanReport report) {
        String done = report.movedTo() != null ? "moved to " + report.movedTo() : "deleted";
        String summary = "%,d files of %s %s; kept: %s"
                .formatted(
                        report.cleaned(),
                        ReportText.bytes(report.bytes()),
                        report.dryRun() ? "would be taken away (--delete or --move DIR2 does it)" : done,
                        ReportText.counts(report.kept()));
        return report.findings().stream()
                .map(finding -> LedgerOptions.plain(finding) + System.lineSeparator())
                .collect(Collectors.joining("", "", summary));
    }
}
