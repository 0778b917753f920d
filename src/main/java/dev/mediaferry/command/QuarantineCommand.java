package dev.mediaferry.command;

import dev.mediaferry.engine.Services;
import dev.mediaferry.ledger.SuspectedContent;
import dev.mediaferry.ledger.SuspectedContent.Suspect;
import dev.mediaferry.steer.AuditLog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "quarantine",
        header = "Bytes that are held, since many links of a host gave them.",
        description = {
            "Lists the bytes by their SHA-256, with an example row each: look at its link, then release or discard them."
        },
        subcommands = {QuarantineCommand.Release.class, QuarantineCommand.Discard.class})
final class QuarantineCommand implements Callable<Integer> {

    @Mixin
    private Quarantine quarantine;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        List<Suspect> suspects = quarantine.ask(SuspectedContent::list);
        output.print(suspects, () -> text(suspects));
        return ExitCode.DONE;
    }

    private static String text(List<Suspect> suspects) {
        if (suspects.isEmpty()) {
            return "Nothing is held.";
        }
        TextTable table = new TextTable("SHA256", "HOST", "ROWS", "SINCE", "FIELD", "FOR EXAMPLE ROW");
        for (Suspect suspect : suspects) {
            table.row(
                    suspect.sha256(), suspect.host(), suspect.rows(), suspect.since(), suspect.field(), suspect.row());
        }
        return table.toString().strip();
    }

    /** What these commands work with. */
    private static final class Quarantine {

        @Mixin
        private GlobalOptions global;

        <T> T ask(Function<SuspectedContent, T> question) {
            try (Services services = global.services()) {
                return question.apply(new SuspectedContent(services.database()));
            }
        }

        /** @return how many rows it was done to, which the audit log keeps by that name */
        int act(String act, Map<String, ?> subject, String done, ToIntFunction<SuspectedContent> work) {
            try (Services services = global.services()) {
                return Audited.act(
                                new AuditLog(services.database()),
                                act,
                                subject,
                                who -> Map.of(done, work.applyAsInt(new SuspectedContent(services.database()))))
                        .get(done);
            }
        }
    }

    /** Which bytes are meant. */
    private static final class Target {

        @Spec(Spec.Target.MIXEE)
        private CommandSpec spec;

        @Parameters(paramLabel = "SHA256", description = "Of the bytes: 64 hexadecimal digits.")
        private String sha256;

        @Option(
                names = "--host",
                paramLabel = "HOST",
                description = "Only where this host gave them. Default: all hosts.")
        private Optional<String> host = Optional.empty();

        String sha256() {
            if (!sha256.matches("[0-9a-f]{64}")) {
                throw new ParameterException(
                        spec.commandLine(),
                        "SHA256 is '" + sha256 + "', but must be 64 hexadecimal digits in lower case");
            }
            return sha256;
        }

        Map<String, Object> subject() {
            Map<String, Object> subject = new TreeMap<>(Map.of("sha256", sha256()));
            host.ifPresent(name -> subject.put("host", name));
            return subject;
        }

        /** @return one host when it was named, else those that are known to have given the bytes */
        List<String> hosts(SuspectedContent content) {
            Stream<String> holding = content.list().stream()
                    .filter(suspect -> suspect.sha256().equals(sha256))
                    .map(Suspect::host);
            return host.map(List::of).orElseGet(holding::toList);
        }
    }

    @Command(
            name = "release",
            header = "The bytes are meant: let them through, and try their rows again.",
            description = "The rows wait for the next run. Bytes of a named host may be released before they are held.")
    static final class Release implements Callable<Integer> {

        @Mixin
        private Quarantine quarantine;

        @Mixin
        private Target target;

        @Override
        public Integer call() {
            String sha256 = target.sha256();
            int rows = quarantine.act(
                    "release-quarantine", target.subject(), "waiting", content -> target.hosts(content).stream()
                            .mapToInt(host -> content.accept(host, sha256))
                            .sum());
            System.out.printf("%d rows wait again%n", rows);
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "discard",
            header = "The bytes are a stand-in: give their rows up for good.",
            description = "Their dead letters become placeholder, with your reason as the message.")
    static final class Discard implements Callable<Integer> {

        @Mixin
        private Quarantine quarantine;

        @Mixin
        private Target target;

        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                required = true,
                description = "Why, for readers of the ledger.")
        private String reason;

        @Override
        public Integer call() {
            String sha256 = target.sha256();
            Map<String, Object> subject = target.subject();
            subject.put("reason", reason);
            int rows = quarantine.act(
                    "discard-quarantine",
                    subject,
                    "discarded",
                    content -> content.discard(target.host, sha256, reason));
            System.out.printf("%d rows given up%n", rows);
            return ExitCode.DONE;
        }
    }
}
