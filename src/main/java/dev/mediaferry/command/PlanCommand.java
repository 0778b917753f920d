package dev.mediaferry.command;

import dev.mediaferry.engine.Capability;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.plan.Outline;
import dev.mediaferry.planning.PlanReport;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.run.RunReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "plan",
        header = "What a run would do, written down to be followed.",
        description = {
            "Searches the columns as a run does and changes nothing: which rows would be moved, from which hosts, what has a "
                    + "deadline soon, and what stands in the way.",
            "With --out it writes the rows into a file that can be looked through, kept with a change request, and followed "
                    + "by `mediaferry migrate --plan FILE`, which moves exactly these rows and says what is no longer as planned."
        },
        footerHeading = "%nThe file:%n",
        footer = {
            "  One JSON document per line: what the plan is for, with a summary; then each row with field, id, host, deadline "
                    + "and the SHA-256 of its link; last a digest of all lines before it. The links themselves are not in it, "
                    + "since a signed link opens its medium to anyone who reads it. Only you may read the file.",
            "",
            "Examples:",
            "  mediaferry plan",
            "  mediaferry plan --out plan.jsonl && mediaferry migrate --plan plan.jsonl",
            "  mediaferry plan LinkedInProfile.profilePic --head",
            "  head -1 plan.jsonl | jq .summary"
        })
final class PlanCommand implements Callable<Integer> {

    @Mixin
    private GlobalOptions global;

    @Mixin
    private OutputOptions output;

    @Parameters(paramLabel = "FIELD", arity = "0..*", description = "Table.column as in the registry. Default: all.")
    private List<String> fields = List.of();

    @Option(names = "--out", paramLabel = "FILE", description = "Write the plan there, over what is there already.")
    private Path file;

    @Option(
            names = "--head",
            description =
                    "Ask the hosts for the sizes of the media: one HEAD request per row, each host at its own pace "
                            + "(mediaferry.fetch.delay-per-host), so with the default two rows per second and host.")
    private boolean head;

    @Override
    public Integer call() {
        Registry registry = global.registry();
        List<String> chosen = registry.fieldNames(fields);
        try (Shutdown shutdown = new Shutdown();
                Engine engine = global.engine(true, registry, Capability.MIGRATE);
                Outline outline = new Outline(Optional.ofNullable(file), head, chosen)) {
            shutdown.onStop(engine::drain);
            PlanReport report = engine.plans().plan(chosen, outline, Optional.ofNullable(file));
            RunReport run = report.run();
            if (run.interrupted()) {
                System.err.println("mediaferry: stopped before the end, so no plan was written");
                return ExitCode.SOME_FAILED;
            }
            if (!run.failures().isEmpty()) {
                run.failures().forEach(failure -> System.err.println("mediaferry: " + failure));
                System.err.println("mediaferry: so no plan was written");
                return ExitCode.SOME_FAILED;
            }
            output.print(report, () -> PlanText.of(report));
            return ExitCode.DONE;
        }
    }
}
