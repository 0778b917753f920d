package dev.mediaferry.command;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.mediaferry.engine.Services;
import dev.mediaferry.steer.AuditLog;
import dev.mediaferry.steer.AuditLog.Line;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "acts",
        header = "Who has done what: the audit log, newest first.",
        description = {
            "Acts of the console, of scripts, of JMX and of commands, with who, from where, and what became of them. An act"
                    + " is written down before it begins; one without an end goes on, or its process died."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  mediaferry acts", "  mediaferry acts --limit 1000 --json"})
final class ActsCommand implements Callable<Integer> {

    @Mixin
    private GlobalOptions global;

    @Mixin
    private OutputOptions output;

    @Mixin
    private LimitOption limit;

    @Option(names = "--before", paramLabel = "ID", description = "Go on behind the last one of a list.")
    private long before = Long.MAX_VALUE;

    /** An act as the JSON document has it. */
    record Act(
            long id,
            String at,
            String who,
            String from,
            String act,
            @JsonRawValue String subject,
            String ended,
            @JsonRawValue String outcome,
            String failure,
            boolean interrupted) {

        static Act of(Line line) {
            return new Act(
                    line.id(),
                    line.at().toString(),
                    line.who(),
                    line.origin(),
                    line.act(),
                    line.subject(),
                    line.ended() == null ? null : line.ended().toString(),
                    line.outcome(),
                    line.failure(),
                    line.interrupted());
        }
    }

    @Override
    public Integer call() {
        try (Services services = global.services()) {
            List<Act> acts = new AuditLog(services.database())
                    .newest(before, limit.value()).stream().map(Act::of).toList();
            output.print(Map.of("acts", acts), () -> text(acts));
            return ExitCode.DONE;
        }
    }

    private static String text(List<Act> acts) {
        if (acts.isEmpty()) {
            return "Nobody has acted.";
        }
        TextTable table = new TextTable("ID", "AT", "WHO", "FROM", "ACT", "OF", "STATE");
        acts.forEach(act -> table.row(
                Long.toString(act.id()),
                act.at(),
                LedgerOptions.plain(act.who()),
                LedgerOptions.plain(act.from()),
                act.act(),
                LedgerOptions.plain(act.subject()),
                act.failure() != null
                        ? "failed: " + LedgerOptions.plain(act.failure())
                        : act.interrupted() ? "interrupted" : act.ended() == null ? "not ended" : "done"));
        return table.toString().strip();
    }
}
