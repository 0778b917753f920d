package dev.mediaferry.command;

import dev.mediaferry.engine.Capability;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.verify.Finding;
import dev.mediaferry.verify.VerifyOptions;
import dev.mediaferry.verify.VerifyReport;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "verify",
        header = "Do database, ledger and bucket agree?",
        description = {
            "Compares all three and changes nothing (but see --claim). One line per finding: missing-object, wrong-size, wrong-bytes, "
                    + "wrong-type, pointer-without-ledger, ledger-without-pointer, object-without-owner, duplicate, unclaimed, unreachable-store, "
                    + "for media foreign-object, stuck-medium, incoming-without-session, upload-without-session, "
                    + "and for imports dangling-id, not-one-first.",
            "Takes little memory however much there is, and may run beside runs. Exit code 1 when anything was found."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  mediaferry verify",
            "  mediaferry verify --sample 1",
            "  mediaferry verify --field LinkedInProfile.profilePic --deep",
            "  mediaferry verify --run 42 --json > findings.json"
        })
final class VerifyCommand implements Callable<Integer> {

    @Mixin
    private GlobalOptions global;

    @Mixin
    private OutputOptions output;

    @Option(names = "--field", paramLabel = "FIELD", description = "Only this field, Table.column.")
    private String field;

    @Option(
            names = "--run",
            paramLabel = "ID",
            description =
                    "Only what this run moved. Says nothing of objects and pointers that the ledger does not know.")
    private Long run;

    @Option(
            names = "--deep",
            description =
                    "Read every object to its end and compare hash and type. Without it an object is read only when "
                            + "its ETag is not the one that the store answered.")
    private boolean deep;

    @Option(
            names = "--sample",
            paramLabel = "PERCENT",
            description = "Read this share of the objects, picked at random.")
    private Double sample;

    @Option(
            names = "--claim",
            description =
                    "Have objects carry the ledger's id that were stored before objects did: those that the ledger "
                            + "knows by key, length, ETag and SHA-256. Only what carries the id is ever deleted.")
    private boolean claim;

    @Option(names = "--resume", description = "Go on where a verification with the same options was interrupted.")
    private boolean resume;

    @Override
    public Integer call() {
        Registry registry = global.registry();
        VerifyOptions options = new VerifyOptions(
                field == null ? List.of() : List.of(field),
                run == null ? OptionalLong.empty() : OptionalLong.of(run),
                sample != null ? sample : deep ? 100 : 0,
                claim,
                resume);
        registry.check(options.fields());
        Consumer<Finding> line = output.json() ? finding -> {} : System.out::println;
        try (Engine engine = global.engine(registry, Capability.VERIFY)) {
            VerifyReport report = engine.verifications().run(options, line, VerifyCommand::show);
            output.print(report, () -> text(report));
            return report.total() > 0 ? ExitCode.SOME_FAILED : ExitCode.DONE;
        }
    }

    private static void show(long objects) {
        if (Integer.getInteger("mediaferry.terminal", 0) > 0) {
            System.err.print("\r%,d objects compared ".formatted(objects));
        }
    }

    private static String text(VerifyReport report) {
        String theirs = report.theirs() == 0 ? "" : "; besides %,d objects of other ledgers".formatted(report.theirs());
        String claimed = report.claimed() == 0 ? "" : "; %,d claimed".formatted(report.claimed());
        return "%,d objects compared, %,d of them read: %s%s%s"
                .formatted(
                        report.objects(),
                        report.read(),
                        report.total() == 0 ? "everything agrees" : ReportText.counts(report.counts()),
                        claimed,
                        theirs);
    }
}
