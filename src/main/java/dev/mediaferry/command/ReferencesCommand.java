package dev.mediaferry.command;

import dev.mediaferry.engine.Capability;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.engine.Services;
import dev.mediaferry.engine.UseCases;
import dev.mediaferry.reference.ReferencePlan;
import dev.mediaferry.reference.ReferenceProof;
import dev.mediaferry.reference.ReferenceReport;
import dev.mediaferry.reference.ReferenceStatus;
import dev.mediaferry.reference.ReferenceWork;
import dev.mediaferry.reference.References;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "references",
        header = "Changes how columns name media, on a live database.",
        description = {
            "Keys become ids of a table with a foreign key, several columns become one, columns get new names: while users read and "
                    + "write, and with a way back. The registry says what, under references:.",
            "Exit code 1 when something is in the way, 2 when the registry does not fit the database.",
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  mediaferry references plan", "  mediaferry references status post-image --json"})
final class ReferencesCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "name a command: plan, expand, backfill, verify, contract, revert, finish, restore, status, pause or resume");
    }

    @Command(
            name = "plan",
            description = {
                "What a change means here: kinds of values with counts and samples, the locks of each step, who else uses the old "
                        + "columns, what the database user may not do. Reads the table once and changes nothing. Exit code 1 when a "
                        + "right is missing."
            })
    int plan(
            @Mixin GlobalOptions global,
            @Mixin OutputOptions output,
            @Parameters(paramLabel = "NAME", arity = "0..*", description = "References. Default: all")
                    List<String> names) {
        List<ReferencePlan> plans = ask(global, references -> references.plan(listed(names)));
        output.print(plans, () -> ReferenceText.of(plans));
        return plans.stream().anyMatch(ReferencePlan::refused) ? ExitCode.SOME_FAILED : ExitCode.DONE;
    }

    @Command(
            name = "status",
            description =
                    "How far each is, with its latest steps: who is in the way of one, how long it held its lock.")
    int status(
            @Mixin GlobalOptions global,
            @Mixin OutputOptions output,
            @Parameters(paramLabel = "NAME", arity = "0..*", description = "References. Default: all")
                    List<String> names) {
        List<ReferenceStatus> states = ask(global, references -> references.status(listed(names)));
        output.print(states, () -> ReferenceText.status(states));
        return ExitCode.DONE;
    }

    @Command(
            name = "expand",
            description = {
                "Makes the new column with its index, foreign key and triggers that keep both sides alike. Each step looks who is in "
                        + "its way before it asks for a lock. What is done already is not done again."
            })
    int expand(@Mixin GlobalOptions global, @Mixin OutputOptions output, @Parameters(paramLabel = "NAME") String name) {
        return change(global, output, "expand-reference", name, work -> work.expand(name));
    }

    @Command(
            name = "backfill",
            description = {
                "Fills the new column, page by page, and has the foreign key checked at its end. Begun anew it goes on where it was. "
                        + "It waits while it is paused, while somebody waits for a lock of the table, and while a replica is behind."
            })
    int backfill(
            @Mixin GlobalOptions global,
            @Mixin OutputOptions output,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--limit", paramLabel = "N", description = "Fill no more rows than these.") Long limit,
            @Option(
                            names = "--share",
                            paramLabel = "PERCENT",
                            description =
                                    "Be at work for this share of the time, 1 to 100, from now on: a backfill under way follows it, too. Default: 50")
                    Integer share) {
        if (limit != null && limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be at least 1");
        }
        if (share != null && (share < 1 || share > 100)) {
            throw new ParameterException(spec.commandLine(), "--share must be from 1 to 100");
        }
        return change(
                global,
                output,
                "backfill-reference",
                name,
                work -> work.backfill(
                        name,
                        limit == null ? OptionalLong.empty() : OptionalLong.of(limit),
                        share == null ? OptionalInt.empty() : OptionalInt.of(share)));
    }

    @Command(
            name = "verify",
            description = {
                "Proves that both sides say the same: the catalogue, every row, every old value byte for byte, the speed of your queries "
                        + "and of deletes. The proof holds for 24 hours. Exit code 1 when anything was found."
            })
    int verify(
            @Mixin GlobalOptions global,
            @Mixin OutputOptions output,
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--acknowledge-conflicts",
                            description =
                                    "You know of the writes that gave both sides values which contradict each other.")
                    boolean acknowledged) {
        Registry registry = global.registry();
        registry.references(List.of());
        try (Engine engine = global.engine(registry, Capability.REFERENCES)) {
            ReferenceProof.Proof proof = Audited.act(
                    engine.cases().audit(), "verify-reference", Map.of("reference", name), who -> engine.references()
                            .verify(name, acknowledged));
            output.print(proof, () -> ReferenceText.of(proof));
            return proof.proved() ? ExitCode.DONE : ExitCode.SOME_FAILED;
        }
    }

    @Command(
            name = "contract",
            description = {
                "Retires the old column: it gets a name that nobody uses, and follows the new one, so that revert loses nothing. Names "
                        + "every reason not to, and then does nothing; exit code 1."
            })
    int contract(
            @Mixin GlobalOptions global,
            @Mixin OutputOptions output,
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--accept",
                            paramLabel = "REASON=WHY",
                            description =
                                    "Go on although there is this reason, like soak=\"Monday's release is everywhere\"; repeatable. The ledger keeps it.")
                    Map<String, String> accepted,
            @Option(
                            names = "--until",
                            paramLabel = "TIME",
                            description =
                                    "Retire it for this time only, like 10m, and wait until it has its name again: who still uses it finds out. 10s to 24h. When the command is interrupted, a service or the next command ends it.")
                    String until) {
        Map<String, String> reasons = accepted == null ? Map.of() : accepted;
        if (until == null) {
            return change(global, output, "contract-reference", name, work -> work.contract(name, reasons));
        }
        Duration time;
        try {
            time = Settings.duration(until);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ParameterException(spec.commandLine(), "--until must be a time like 10m, from 10s to 24h");
        }
        return change(global, output, "contract-reference", name, work -> work.brownOut(name, reasons, time));
    }

    @Command(
            name = "revert",
            description = "Goes one state back: a retired column gets its name again; else what expand has made goes.")
    int revert(
            @Mixin GlobalOptions global,
            @Mixin OutputOptions output,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--all", description = "Go to the beginning at once.") boolean all) {
        return change(global, output, "revert-reference", name, work -> work.revert(name, all));
    }

    @Command(
            name = "finish",
            description = {
                "Drops the retired column, once the bucket has it: what it holds is written there and read back first. Refuses while "
                        + "something still names the column; exit code 1."
            })
    int finish(@Mixin GlobalOptions global, @Mixin OutputOptions output, @Parameters(paramLabel = "NAME") String name) {
        return change(global, output, "finish-reference", name, work -> work.finish(name));
    }

    @Command(
            name = "restore",
            description = {
                "Makes the dropped column again from the bucket, retired as it was, so that revert can go on from there. Nothing is "
                        + "changed when the bucket has not what was written there."
            })
    int restore(
            @Mixin GlobalOptions global, @Mixin OutputOptions output, @Parameters(paramLabel = "NAME") String name) {
        return change(global, output, "restore-reference", name, work -> work.restore(name));
    }

    @Command(
            name = "pause",
            description = "Has a backfill stop before its next page, in whatever process it runs, until it is resumed.")
    int pause(@Mixin GlobalOptions global, @Mixin OutputOptions output, @Parameters(paramLabel = "NAME") String name) {
        return pause(global, output, name, true);
    }

    @Command(name = "resume", description = "Has a backfill go on that was paused.")
    int resume(@Mixin GlobalOptions global, @Mixin OutputOptions output, @Parameters(paramLabel = "NAME") String name) {
        return pause(global, output, name, false);
    }

    private static int pause(GlobalOptions global, OutputOptions output, String name, boolean paused) {
        Registry registry = global.registry();
        registry.references(List.of());
        List<ReferenceStatus> states;
        try (Services services = global.services();
                UseCases cases = new UseCases(services, registry)) {
            states = Audited.act(
                    cases.audit(), (paused ? "pause" : "resume") + "-reference", Map.of("reference", name), who -> {
                        cases.references().pause(name, paused);
                        return cases.references().status(List.of(name));
                    });
        }
        output.print(states, () -> name + (paused ? " is paused." : " goes on."));
        return ExitCode.DONE;
    }

    private static int change(
            GlobalOptions global,
            OutputOptions output,
            String act,
            String name,
            Function<ReferenceWork, ReferenceReport> command) {
        Registry registry = global.registry();
        registry.references(List.of());
        try (Engine engine = global.engine(registry, Capability.REFERENCES)) {
            ReferenceReport report = Audited.act(
                    engine.cases().audit(), act, Map.of("reference", name), who -> command.apply(engine.references()));
            output.print(report, () -> ReferenceText.of(report));
            return report.refused().isEmpty() ? ExitCode.DONE : ExitCode.SOME_FAILED;
        }
    }

    private static List<String> listed(List<String> names) {
        return names == null ? List.of() : names;
    }

    private static <T> T ask(GlobalOptions global, Function<References, T> question) {
        Registry registry = global.registry();
        registry.references(List.of());
        try (Services services = global.services();
                UseCases cases = new UseCases(services, registry)) {
            return question.apply(cases.references());
        }
    }
}
