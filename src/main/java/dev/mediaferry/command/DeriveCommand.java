package dev.mediaferry.command;

import dev.mediaferry.derivatives.Derivations;
import dev.mediaferry.derivatives.DeriveOptions;
import dev.mediaferry.derivatives.DeriveReport;
import dev.mediaferry.derivatives.DeriveStatus;
import dev.mediaferry.engine.Capability;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.engine.Services;
import dev.mediaferry.engine.UseCases;
import dev.mediaferry.registry.Registry;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "derive",
        header = "Makes thumbnails, posters and renditions of what is there already.",
        description = {
            "Asks for what is missing: after a size was added to the registry, or when something was not installed. It works on it "
                    + "beside the service, and ends when all that it has asked for is done.",
            "Exit code 1 when something was given up, or is tried again later."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  mediaferry derive",
            "  mediaferry derive --entry Profile.photo --force",
            "  mediaferry derive --failed",
            "  mediaferry derive status"
        })
final class DeriveCommand implements Callable<Integer> {

    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration LINE = Duration.ofSeconds(10);

    @Mixin
    private GlobalOptions global;

    @Mixin
    private OutputOptions output;

    @Spec
    private CommandSpec spec;

    @Option(names = "--missing", description = "What is missing. This is the default.")
    private boolean missing;

    @Option(names = "--failed", description = "What was given up, instead.")
    private boolean failed;

    @Option(names = "--media", paramLabel = "ID", description = "Only of this medium.")
    private UUID media;

    @Option(
            names = "--entry",
            paramLabel = "NAME",
            description = "Only of this entry, like Profile.photo, or type of uploads.")
    private String entry;

    @Option(
            names = "--force",
            description = "Make new versions of what is there, too. The old ones go when they have left caches.")
    private boolean force;

    @Option(names = "--dry-run", description = "Ask for nothing; say how much would be made.")
    private boolean dryRun;

    @Override
    public Integer call() throws InterruptedException {
        if (failed && (missing || force)) {
            throw new ParameterException(spec.commandLine(), "--failed goes with neither --missing nor --force");
        }
        if (missing && force) {
            throw new ParameterException(spec.commandLine(), "--missing leaves what is there, --force does not");
        }
        if (media != null && entry != null) {
            throw new ParameterException(spec.commandLine(), "--media and --entry are two choices");
        }
        DeriveOptions options = new DeriveOptions(
                Optional.ofNullable(media),
                Optional.ofNullable(entry),
                failed ? DeriveOptions.Mode.FAILED : force ? DeriveOptions.Mode.ALL : DeriveOptions.Mode.MISSING,
                force,
                dryRun);
        Registry registry = global.registry();
        DeriveReport report = dryRun ? count(registry, options) : make(registry, options);
        output.print(report, () -> text(report));
        return report.failed() + report.later() > 0 ? ExitCode.SOME_FAILED : ExitCode.DONE;
    }

    private DeriveReport count(Registry registry, DeriveOptions options) {
        try (Services services = global.services();
                UseCases cases = new UseCases(services, registry)) {
            return new DeriveReport(cases.derivations().ask(options, null), 0, 0, 0, true);
        }
    }

    private DeriveReport make(Registry registry, DeriveOptions options) throws InterruptedException {
        UUID request = UUID.randomUUID();
        try (Shutdown shutdown = new Shutdown();
                Engine engine = global.engine(registry, Capability.DERIVE)) {
            shutdown.onStop(engine::drain);
            Derivations derivations = engine.cases().derivations();
            long asked = Audited.act(
                            engine.cases().audit(),
                            "derive-media",
                            subject(options),
                            who -> Map.of("asked", derivations.ask(options, request)))
                    .get("asked");
            DeriveReport report = derivations.progress(request);
            long told = System.nanoTime();
            while (asked > 0 && !report.isOver() && !shutdown.await(LOOK)) {
                report = derivations.progress(request);
                if (System.nanoTime() - told > LINE.toNanos()) {
                    told = System.nanoTime();
                    System.err.printf("%,d of %,d done, %,d failed%n", report.done(), report.asked(), report.failed());
                }
            }
            return report;
        }
    }

    private static Map<String, String> subject(DeriveOptions options) {
        Map<String, String> subject = new TreeMap<>();
        options.medium().ifPresent(id -> subject.put("medium", id.toString()));
        options.entry().ifPresent(name -> subject.put("entry", name));
        subject.put("which", options.mode().name().toLowerCase(Locale.ROOT));
        return subject;
    }

    @Command(
            name = "status",
            description = "How jobs and derivatives stand, and what was given up, with every attempt.")
    int status(@Mixin GlobalOptions options, @Mixin OutputOptions shown) {
        try (Services services = options.services();
                UseCases cases = new UseCases(services, options.registry())) {
            DeriveStatus status = cases.derivations().status();
            shown.print(status, () -> text(status));
            return ExitCode.DONE;
        }
    }

    private static String text(DeriveReport report) {
        return report.dryRun()
                ? "%,d jobs would be done.".formatted(report.asked())
                : "%,d jobs: %,d done, %,d failed, %,d tried again later"
                        .formatted(report.asked(), report.done(), report.failed(), report.later());
    }

    private static String text(DeriveStatus status) {
        TextTable jobs = new TextTable("JOBS", "STATE", "NUMBER", "OLDEST DUE");
        status.jobs().forEach(one -> jobs.row(one.kind(), one.state(), one.jobs(), one.oldest()));
        TextTable made = new TextTable("DERIVATIVES", "FORMAT", "STATE", "NUMBER", "SIZE", "MESSAGE");
        status.derivatives()
                .forEach(one -> made.row(
                        one.kind(),
                        one.format(),
                        one.state(),
                        one.derivatives(),
                        ReportText.bytes(one.bytes()),
                        LedgerOptions.plain(one.message())));
        TextTable dead = new TextTable("GIVEN UP", "OF", "KIND", "FAILURE", "KEY", "MESSAGE");
        status.dead()
                .forEach(one -> dead.row(
                        one.id(),
                        LedgerOptions.plain(one.origin()),
                        one.kind() + (one.part().isEmpty() ? "" : " " + one.part()),
                        one.failure(),
                        LedgerOptions.plain(one.objectKey()),
                        LedgerOptions.plain(one.message())));
        return status.jobs().isEmpty()
                ? "Nothing was asked for yet."
                : jobs + System.lineSeparator() + made + (status.dead().isEmpty() ? "" : System.lineSeparator() + dead);
    }
}
