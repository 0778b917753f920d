package dev.mediaferry.command;

import dev.mediaferry.engine.Capability;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.engine.Services;
import dev.mediaferry.engine.UseCases;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.uploads.MediaLedger;
import dev.mediaferry.uploads.MediaQuery;
import dev.mediaferry.uploads.MediaState;
import dev.mediaferry.uploads.MediaUsage;
import dev.mediaferry.uploads.RestoreReport;
import dev.mediaferry.uploads.SweepFinding;
import dev.mediaferry.uploads.SweepReport;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "media",
        header = "What users have uploaded.",
        description = {
            "Lists media, shows one with everything that happened to it, deletes one, brings one back from colder storage, takes away what nobody needs, and says "
                    + "how much there is. All of it works beside the service.",
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = WebhooksCommand.class,
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  mediaferry media list --user ann --status FAILED",
            "  mediaferry media show 019fb5c1-7a00-7c1e-9f0a-3a9a6f7d2b11",
            "  mediaferry media sweep --dry-run",
            "  mediaferry media usage --by user"
        })
final class MediaCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "name a command: list, show, delete, restore, sweep, usage or webhooks");
    }

    @Command(name = "list", description = "Media, newest first.")
    int list(
            @Mixin GlobalOptions global,
            @Mixin OutputOptions output,
            @Option(names = "--user", paramLabel = "ID", description = "Only this user's.") String user,
            @Option(names = "--type", paramLabel = "TYPE", description = "Only this type's, like POST_IMAGE.")
                    String type,
            @Option(
                            names = "--status",
                            paramLabel = "STATUS",
                            description = "Only those that are ${COMPLETION-CANDIDATES}.")
                    MediaState status,
            @Mixin LimitOption limit,
            @Option(names = "--before", paramLabel = "ID", description = "Go on behind the last one of a list.")
                    UUID before) {
        Registry registry = global.registry();
        MediaQuery query = new MediaQuery(user, type, status == null ? null : status.name(), before, limit.value());
        List<MediumDocument> media = ask(global, registry, ledger -> ledger.list(query)).stream()
                .map(medium -> MediumDocument.of(medium, registry))
                .toList();
        output.print(media, () -> text(media, limit.value()));
        return ExitCode.DONE;
    }

    @Command(
            name = "show",
            description = "One medium with its owner and everything that happened to it, also when it is deleted.")
    int show(@Mixin GlobalOptions global, @Mixin OutputOptions output, @Parameters(paramLabel = "ID") UUID id) {
        Registry registry = global.registry();
        MediumDocument.WithEvents found = ask(
                global,
                registry,
                ledger -> new MediumDocument.WithEvents(
                        ledger.find(id)
                                .map(medium -> MediumDocument.of(medium, registry))
                                .orElse(null),
                        ledger.events(id).stream().map(MediumDocument.Event::of).toList()));
        if (found.medium() == null && found.events().isEmpty()) {
            throw unknown(id);
        }
        output.print(found, () -> text(found));
        return ExitCode.DONE;
    }

    @Command(
            name = "delete",
            description = {
                "Deletes a medium of any user. Foreign keys of your tables act as they are declared: RESTRICT keeps the medium, and "
                        + "the exit code is 1. The next sweep removes its objects."
            })
    int delete(@Mixin GlobalOptions global, @Mixin OutputOptions output, @Parameters(paramLabel = "ID") UUID id) {
        boolean deleted = cases(global, global.registry(), cases -> Audited.act(
                        cases.audit(),
                        "delete-medium",
                        Map.of("medium", id.toString()),
                        who -> Map.of("deleted", cases.media().delete(id, null)))
                .get("deleted"));
        if (!deleted) {
            throw unknown(id);
        }
        output.print(Map.of("deleted", id.toString()), () -> "Deleted; the next sweep removes its objects.");
        return ExitCode.DONE;
    }

    @Command(
            name = "restore",
            description = {
                "Brings a medium back from a colder storage class (mediaferry.media.cold-class). What the store cannot read at once it "
                        + "restores first, which takes hours: then it says until when, and the sweeps go on."
            })
    int restore(@Mixin GlobalOptions global, @Mixin OutputOptions output, @Parameters(paramLabel = "ID") UUID id) {
        RestoreReport report = cases(
                global,
                global.registry(),
                cases -> Audited.act(
                        cases.audit(),
                        "restore-medium",
                        Map.of("medium", id.toString()),
                        who -> cases.restoreMedium(id)));
        output.print(report, () -> switch (report.state()) {
            case "restored" -> "Restored.";
            case "restoring" -> "The store restores it, until " + report.readyBy() + " at the latest.";
            default -> "It is not in a colder storage class.";
        });
        return ExitCode.DONE;
    }

    @Command(
            name = "sweep",
            description = {
                "Completes what was uploaded and not reported, fails what took too long, deletes what nobody needs, removes objects "
                        + "of what is deleted, as the service does by itself. What a row, an attachment or a foreign key names "
                        + "stays.",
                "Exit code 1 when the store did not remove an object."
            })
    int sweep(
            @Mixin GlobalOptions global,
            @Mixin OutputOptions output,
            @Option(names = "--dry-run", description = "Change nothing; say what would be done.") boolean dryRun) {
        Registry registry = global.registry();
        if (registry.uploads().isEmpty()) {
            throw new ConfigurationException("the registry has no uploads: name types of media under uploads:");
        }
        try (Engine engine = global.engine(registry, Capability.UPLOAD_SWEEPS)) {
            SweepReport report = dryRun
                    ? engine.sweepUploads(true)
                    : Audited.act(engine.cases().audit(), "sweep-media", Map.of(), who -> engine.sweepUploads(false));
            output.print(report, () -> text(report));
            return report.failures() > 0 ? ExitCode.SOME_FAILED : ExitCode.DONE;
        }
    }

    @Command(name = "usage", description = "How many media there are and how large they are, the most first.")
    int usage(
            @Mixin GlobalOptions global,
            @Mixin OutputOptions output,
            @Option(
                            names = "--by",
                            paramLabel = "WHAT",
                            defaultValue = "type",
                            description = "type, state, user or class (of storage). Default: ${DEFAULT-VALUE}")
                    String by,
            @Mixin LimitOption limit) {
        if (!List.of("type", "state", "user", "class").contains(by)) {
            throw new ParameterException(spec.commandLine(), "--by must be type, state, user or class");
        }
        List<MediaUsage> usage = ask(
                global,
                global.registry(),
                ledger -> ledger.usage(MediaUsage.By.valueOf(by.toUpperCase(Locale.ROOT)), limit.value()));
        output.print(usage, () -> text(by, usage));
        return ExitCode.DONE;
    }

    private static <T> T ask(GlobalOptions global, Registry registry, Function<MediaLedger, T> question) {
        return cases(global, registry, cases -> question.apply(cases.media()));
    }

    private static <T> T cases(GlobalOptions global, Registry registry, Function<UseCases, T> question) {
        try (Services services = global.services();
                UseCases cases = new UseCases(services, registry)) {
            return question.apply(cases);
        }
    }

    private static ConfigurationException unknown(UUID id) {
        return new ConfigurationException("there is no medium " + id);
    }

    private static String text(List<MediumDocument> media, int limit) {
        if (media.isEmpty()) {
            return "No media.";
        }
        TextTable table = new TextTable("ID", "USER", "TYPE", "PHASE", "SIZE", "CREATED", "FILE");
        for (MediumDocument medium : media) {
            table.row(
                    medium.id(),
                    LedgerOptions.plain(medium.userId()),
                    medium.mediaType(),
                    medium.phase(),
                    size(medium.fileSize()),
                    medium.createdAt(),
                    LedgerOptions.plain(medium.fileName()));
        }
        String last = media.get(media.size() - 1).id();
        return table + (media.size() < limit ? "%,d media".formatted(media.size()) : "go on with --before " + last);
    }

    private static String text(MediumDocument.WithEvents found) {
        StringBuilder text = new StringBuilder();
        MediumDocument medium = found.medium();
        if (medium == null) {
            text.append("Deleted.%n".formatted());
        } else {
            line(text, "Medium", medium.id() + ", " + medium.phase());
            line(text, "User", medium.userId());
            line(text, "Type", medium.mediaType());
            line(
                    text,
                    "File",
                    LedgerOptions.plain(medium.fileName()) + ", " + size(medium.fileSize()) + ", " + medium.mimeType());
            line(text, "Key", medium.storageKey());
            line(text, "Address", medium.cdnUrl());
            line(text, "Class", medium.storageClass());
            line(text, "Owner", medium.ownerId() == null ? null : medium.ownerType() + " " + medium.ownerId());
            line(text, "Failure", medium.failure());
            line(text, "Message", medium.message());
        }
        TextTable events = new TextTable("EVENT", "KIND", "AT");
        found.events().forEach(event -> events.row(Long.toString(event.id()), event.kind(), event.at()));
        return text.append(System.lineSeparator()) + events.toString().strip();
    }

    private static void line(StringBuilder text, String name, String value) {
        if (value != null) {
            text.append("%-8s %s%n".formatted(name, LedgerOptions.plain(value)));
        }
    }

    private static String text(SweepReport report) {
        TextTable table = new TextTable("ACTION", "REASON", "MEDIUM", "TYPE", "USER");
        for (SweepFinding finding : report.findings()) {
            table.row(
                    finding.action(),
                    finding.reason(),
                    finding.id().toString(),
                    finding.mediaType(),
                    LedgerOptions.plain(finding.userId()));
        }
        String found = report.findings().isEmpty()
                ? "Nothing to sweep."
                : table.toString().strip();
        String objects = report.kept() + report.failures() == 0
                ? ""
                : "%n%,d objects are kept, %,d could not be removed".formatted(report.kept(), report.failures());
        return found + objects + (report.dryRun() ? "%nDry run: nothing was changed.".formatted() : "");
    }

    private static String text(String by, List<MediaUsage> usage) {
        TextTable table = new TextTable(by.toUpperCase(Locale.ROOT), "MEDIA", "BYTES");
        usage.forEach(line -> table.row(LedgerOptions.plain(line.name()), line.media(), line.bytes()));
        return table.toString().strip();
    }

    private static String size(Long bytes) {
        return bytes == null ? "-" : ReportText.bytes(bytes);
    }
}
