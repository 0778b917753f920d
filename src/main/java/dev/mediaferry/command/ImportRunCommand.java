package dev.mediaferry.command;

import dev.mediaferry.engine.Capability;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.entry.Category;
import dev.mediaferry.entry.Entries;
import dev.mediaferry.imports.Artifacts;
import dev.mediaferry.imports.ImportOptions;
import dev.mediaferry.imports.ImportReport;
import dev.mediaferry.imports.ImportSummary;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.verify.VerifyOptions;
import dev.mediaferry.verify.VerifyReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

@Command(
        name = "run",
        description =
                "Imports what can be imported. It may be stopped at any time: asked again, it goes on where it ended.")
final class ImportRunCommand extends FolderCommand {

    @Option(names = "--limit", paramLabel = "N", description = "The most files.")
    private Long limit;

    @Option(names = "--dry-run", description = "Change nothing; say what would be done.")
    private boolean dryRun;

    @Option(
            names = "--artifacts",
            paramLabel = "DIR",
            description =
                    "At the end verify, and write there what became of each file, which records were created, and whether "
                            + "objects and records are in order: CATEGORY-migrated.json, media-records-created.json, "
                            + "media-migration-validation.json. They tell of all runs together, and replace those that are there.")
    private Path artifacts;

    @Option(
            names = "--backup",
            paramLabel = "FILE",
            description =
                    "Before anything changes, write the tables of the records there, for psql: COPY ... FROM stdin.")
    private Path backup;

    @Override
    public Integer call() {
        OptionalLong most = Bounds.limit(spec, limit);
        if (dryRun && (artifacts != null || backup != null)) {
            throw new ParameterException(
                    spec.commandLine(), "--artifacts and --backup are of a run: leave out --dry-run");
        }
        ImportOptions plain = folder.options(dryRun, most, Optional.empty());
        ImportOptions options = backup == null ? plain : plain.withBackup(backup.toAbsolutePath());
        Registry registry = global.registry();
        try (Shutdown shutdown = new Shutdown();
                Engine engine = global.engine(dryRun, registry, Capability.IMPORT, Capability.VERIFY)) {
            Optional<Artifacts> documents = Optional.ofNullable(artifacts)
                    .map(directory -> new Artifacts(
                            directory.toAbsolutePath(), engine.services().database()));
            shutdown.onStop(engine::drain);
            ImportReport report;
            try (Progress progress = Progress.of(engine)) {
                report = engine.importFolder(options);
            }
            Optional<Written> written =
                    report.interrupted() ? Optional.empty() : documents.map(one -> write(one, engine, report));
            output.print(report, () -> text(report, written));
            boolean unfinished = report.incomplete()
                    || (limit == null && report.left() > 0)
                    || !report.blockers().isEmpty();
            boolean fine = report.understood()
                    && (dryRun || !unfinished)
                    && written.map(Written::agrees).orElse(true);
            return fine ? ExitCode.DONE : ExitCode.SOME_FAILED;
        }
    }

    private record Written(List<Path> files, boolean agrees) {}

    private static Written write(Artifacts documents, Engine engine, ImportReport report) {
        Entries entries = engine.cases().entries();
        List<Category> categories = report.categories().stream()
                .flatMap(category -> entries.find(report.name() + "/" + category.category()).stream())
                .map(Category.class::cast)
                .toList();
        VerifyReport verified =
                categories.isEmpty() ? new VerifyReport(0, 0, 0, 0, Map.of(), List.of()) : verify(categories, engine);
        return new Written(documents.write(categories, report, verified), verified.total() == 0);
    }

    private static VerifyReport verify(List<Category> categories, Engine engine) {
        VerifyOptions options =
                new VerifyOptions(categories.stream().map(Category::name).toList(), OptionalLong.empty(), 0, false);
        return engine.verifications().run(options);
    }

    private String text(ImportReport report, Optional<Written> written) {
        List<String> lines = new ArrayList<>();
        if (backup != null) {
            lines.add("Records as they were before: " + backup);
        }
        lines.add(dryRun ? ImportText.planned(report) : ImportSummary.of(report));
        written.ifPresent(documents -> {
            documents.files().forEach(file -> lines.add("Artifact: " + file));
            if (!documents.agrees()) {
                lines.add("Records, ledger and bucket do not agree: mediaferry import verify tells in what");
            }
        });
        if (artifacts != null && written.isEmpty()) {
            lines.add("No artifacts are written, since the run was stopped: they come with the run that goes on");
        }
        return String.join(System.lineSeparator(), lines);
    }
}
