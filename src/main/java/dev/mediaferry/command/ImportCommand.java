package dev.mediaferry.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mediaferry.engine.Capability;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.engine.Services;
import dev.mediaferry.engine.UseCases;
import dev.mediaferry.entry.Category;
import dev.mediaferry.imports.ImportJob;
import dev.mediaferry.imports.ImportOptions;
import dev.mediaferry.imports.ImportReport;
import dev.mediaferry.imports.Imports;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.rollback.RollbackOptions;
import dev.mediaferry.rollback.RollbackReport;
import dev.mediaferry.verify.Finding;
import dev.mediaferry.verify.LinkReport;
import dev.mediaferry.verify.PublicLinks;
import dev.mediaferry.verify.VerifyOptions;
import dev.mediaferry.verify.VerifyReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "import",
        header = "Take in the backup of another system.",
        description = {
            "Files of a folder become objects in the bucket and media records in the database, as imports of the registry say: "
                    + "docs/import.md. The folder is only read, but by clean."
        },
        subcommands = {ImportRunCommand.class, ImportCleanCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  mediaferry import plan /backup",
            "  mediaferry import run /backup --category avatars --limit 10",
            "  mediaferry import verify /backup",
            "  mediaferry import rollback --category avatars --dry-run"
        })
final class ImportCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command: plan, run, verify, clean or rollback");
    }

    /** The options of whatever looks at a folder. */
    static final class FolderOptions {

        @Parameters(paramLabel = "DIR", description = "Folder of the backup.")
        private Path folder;

        @Mixin
        private ImportName name;

        ImportOptions options(boolean dryRun, OptionalLong limit, Optional<Path> inventory) {
            return new ImportOptions(
                    folder.toAbsolutePath().normalize(), name.name(), name.category(), dryRun, limit, inventory);
        }
    }

    /** Which import, and what of it. */
    static final class ImportName {

        @Option(
                names = "--import",
                paramLabel = "NAME",
                description =
                        "Import of the registry. Default: the only one, or the one that the folder is named after, or whose "
                                + "patterns fit.")
        private String name;

        @Option(names = "--category", paramLabel = "C", description = "Only this category.")
        private String category;

        Optional<String> name() {
            return Optional.ofNullable(name);
        }

        Optional<String> category() {
            return Optional.ofNullable(category);
        }
    }

    @Command(
            name = "plan",
            description =
                    "Looks at every file: what it is, where it belongs, whether it can be imported, and if not, why; and whether "
                            + "there is room. Changes nothing. Exit code 1 when files cannot be looked at, or none fits.")
    int plan(
            @Mixin GlobalOptions global,
            @Mixin OutputOptions output,
            @Mixin FolderOptions folder,
            @Option(
                            names = "--inventory",
                            paramLabel = "FILE",
                            description = "Write the list of all files there, over what is there already.")
                    Path inventory) {
        ImportOptions options = folder.options(
                true, OptionalLong.empty(), Optional.ofNullable(inventory).map(Path::toAbsolutePath));
        Registry registry = global.registry();
        try (Services services = global.services();
                UseCases cases = new UseCases(services, registry)) {
            Imports imports = cases.imports();
            ImportReport report = imports.scan(imports.begin(options));
            output.print(
                    report,
                    () -> ImportText.planned(report)
                            + (inventory == null ? "" : System.lineSeparator() + "All files: " + inventory));
            return report.understood() ? ExitCode.DONE : ExitCode.SOME_FAILED;
        }
    }

    /**
     * What a verification of an import says.
     *
     * @param urls null when public addresses were not asked for
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Verified(
            ImportReport folder, List<ImportReport.Imported> imported, VerifyReport verification, LinkReport urls) {

        boolean fine() {
            return folder.understood()
                    && folder.migratable() == 0
                    && folder.failedBefore() == 0
                    && verification.total() == 0
                    && (urls == null || !urls.failed());
        }
    }

    @Command(
            name = "verify",
            description = "Are all files imported, and do records, ledger and bucket agree? Exit code 1 when not.")
    int verify(
            @Mixin GlobalOptions global,
            @Mixin OutputOptions output,
            @Mixin FolderOptions folder,
            @Option(names = "--deep", description = "Read every object to its end and compare its hash.") boolean deep,
            @Option(
                            names = "--urls",
                            description = "Ask for the public address of every object, too, as a browser would.")
                    boolean urls) {
        ImportOptions options = folder.options(true, OptionalLong.empty(), Optional.empty());
        Registry registry = global.registry();
        Consumer<Finding> line = output.json() ? finding -> {} : System.out::println;
        try (Engine engine = global.engine(registry, Capability.VERIFY)) {
            Imports imports = engine.cases().imports();
            ImportJob importing = imports.begin(options);
            ImportReport report = imports.scan(importing);
            VerifyOptions verify = new VerifyOptions(importing.names(), OptionalLong.empty(), deep ? 100 : 0, false);
            VerifyReport compared = engine.verifications().run(verify, line, objects -> {});
            LinkReport asked = urls ? ask(engine.cases(), importing.names(), line) : null;
            Verified verified = new Verified(report, imports.imported(importing), compared, asked);
            output.print(verified, () -> ImportText.verified(verified));
            return verified.fine() ? ExitCode.DONE : ExitCode.SOME_FAILED;
        }
    }

    private static LinkReport ask(UseCases cases, List<String> names, Consumer<Finding> line) {
        try (PublicLinks links = cases.publicLinks(line)) {
            return links.ofObjects(names);
        }
    }

    @Command(
            name = "rollback",
            description =
                    "Deletes the records that were inserted, where they still are as they were. Their objects stay unless "
                            + "--delete-objects is given.")
    int rollback(
            @Mixin GlobalOptions global,
            @Mixin OutputOptions output,
            @Mixin ImportName name,
            @Option(names = "--run", paramLabel = "ID", description = "Only what this run has imported.") Long run,
            @Option(
                            names = "--delete-objects",
                            description =
                                    "Remove the objects, too: those that this ledger has stored, that are unchanged,"
                                            + " and that nothing else leads to.")
                    boolean deleteObjects,
            @Option(
                            names = "--check-links",
                            paramLabel = "N",
                            arity = "0..1",
                            fallbackValue = "100",
                            description =
                                    "Afterwards ask whether what the records lead to that are there still answers: the first N of each"
                                            + " category (100). Exit code 1 when something does not.")
                    Integer checkLinks,
            @Option(names = "--dry-run", description = "Change nothing; say what would be done.") boolean dryRun) {
        Registry registry = global.registry();
        try (Engine engine = global.engine(registry, Capability.ROLLBACK)) {
            List<String> names = registry.categories(name.name(), name.category());
            Map<String, RollbackReport> reports = new java.util.TreeMap<>();
            for (String category : names) {
                reports.put(
                        category,
                        engine.rollback(new RollbackOptions(
                                run == null ? OptionalLong.empty() : OptionalLong.of(run),
                                Optional.of(category),
                                Optional.empty(),
                                Optional.empty(),
                                dryRun,
                                deleteObjects)));
            }
            Consumer<Finding> line = output.json() ? finding -> {} : System.out::println;
            Optional<LinkReport> links =
                    Optional.ofNullable(checkLinks).map(most -> stillAnswering(engine.cases(), names, most, line));
            Map<String, Object> document = new java.util.LinkedHashMap<>(reports);
            links.ifPresent(report -> document.put("links", report));
            output.print(document, () -> {
                List<String> lines = new ArrayList<>();
                reports.forEach((category, report) -> lines.add(category + ": " + RollbackCommand.text(report)));
                links.ifPresent(
                        report -> lines.add("Links of the records that are there: " + ImportText.links(report)));
                return String.join(System.lineSeparator(), lines);
            });
            boolean failed = reports.values().stream().anyMatch(RollbackReport::failed)
                    || links.filter(LinkReport::failed).isPresent();
            return failed ? ExitCode.SOME_FAILED : ExitCode.DONE;
        }
    }

    private static LinkReport stillAnswering(UseCases cases, List<String> names, int most, Consumer<Finding> line) {
        List<Category> categories =
                cases.entries().chosen(names).stream().map(Category.class::cast).toList();
        try (PublicLinks links = cases.publicLinks(line)) {
            return links.ofRecords(categories, most);
        }
    }
}
