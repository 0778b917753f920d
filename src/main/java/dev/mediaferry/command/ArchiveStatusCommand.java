package dev.mediaferry.command;

import dev.mediaferry.archive.ArchiveStatus;
import dev.mediaferry.engine.Services;
import dev.mediaferry.engine.UseCases;
import dev.mediaferry.registry.Registry;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        header = "How many rows are archived.",
        description = {
            "By type, with dead letters. Reads the table once and changes nothing.",
            "Exit code 1 when --verify found an object that is not there, or has another size."
        })
final class ArchiveStatusCommand implements Callable<Integer> {

    @Mixin
    private GlobalOptions global;

    @Mixin
    private OutputOptions output;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ArchiveNames names;

    @Option(
            names = "--check-local",
            description = "Look for the files of the rows that are not archived, and for files without a row.")
    private boolean local;

    @Option(names = "--verify", description = "Ask the bucket for the object of every archived row.")
    private boolean verify;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "The most rows that --check-local and --verify look for, each.")
    private Long limit;

    @Override
    public Integer call() {
        OptionalLong most = Bounds.limit(spec, limit);
        Registry registry = global.registry();
        List<String> chosen = names.entries(registry);
        try (Services services = global.services();
                UseCases cases = new UseCases(services, registry)) {
            List<ArchiveStatus> statuses = cases.archives().status(chosen, local, verify, most);
            output.print(Map.of("archives", statuses), () -> text(statuses));
            return statuses.stream().anyMatch(ArchiveStatus::bad) ? ExitCode.SOME_FAILED : ExitCode.DONE;
        }
    }

    private static String text(List<ArchiveStatus> statuses) {
        StringBuilder text = new StringBuilder();
        TextTable table = new TextTable("ARCHIVE", "TYPE", "ROWS", "ARCHIVED", "NOT", "PERCENT");
        for (ArchiveStatus status : statuses) {
            status.types()
                    .forEach(type -> table.row(
                            status.archive(),
                            LedgerOptions.plain(type.type()),
                            type.rows(),
                            type.archived(),
                            type.rows() - type.archived(),
                            type.percent() + " %"));
            table.row(
                    status.archive(),
                    "all",
                    status.rows(),
                    status.archived(),
                    status.notArchived(),
                    status.percent() + " %");
        }
        text.append(table);
        for (ArchiveStatus status : statuses) {
            if (!status.dead().isEmpty()) {
                line(text, status.archive() + ": dead letters: " + ReportText.counts(status.dead()));
            }
            if (status.local() != null) {
                line(
                        text,
                        "%s: of %,d rows not archived, %,d have no file; %,d files have no row"
                                .formatted(
                                        status.archive(),
                                        status.local().rows(),
                                        status.local().withoutFile(),
                                        status.local().filesWithoutRow()));
                status.local().missing().forEach(id -> line(text, "  no file  " + LedgerOptions.plain(id)));
                status.local().strays().forEach(name -> line(text, "  no row   " + LedgerOptions.plain(name)));
            }
            if (status.objects() != null) {
                line(
                        text,
                        "%s: %,d objects asked for, %,d not as they should be; %,d rows lead to no bucket"
                                .formatted(
                                        status.archive(),
                                        status.objects().checked(),
                                        status.objects().bad(),
                                        status.objects().elsewhere()));
                status.objects().findings().forEach(finding -> line(text, "  " + LedgerOptions.plain(finding)));
            }
        }
        return text.toString().stripTrailing();
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append(System.lineSeparator());
    }
}
