package dev.mediaferry.command;

import dev.mediaferry.engine.Services;
import dev.mediaferry.engine.UseCases;
import dev.mediaferry.entry.Entries;
import dev.mediaferry.planning.LeftOutRow;
import dev.mediaferry.planning.LeftOutRows;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.status.ClaimStatus;
import dev.mediaferry.status.EventStatus;
import dev.mediaferry.status.FieldStatus;
import dev.mediaferry.status.HostStatus;
import dev.mediaferry.status.PauseStatus;
import dev.mediaferry.status.Promise;
import dev.mediaferry.status.Status;
import dev.mediaferry.status.Usage;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        header = "How everything stands.",
        description = {
            "Per field: rows pending, migrated, waiting and dead, how many links will die before the next scheduled run, "
                    + "what part of the last 30 days' links was moved within 24 hours after their record was made, and how many are "
                    + "not moved although it is 60 days old; "
                    + "the same of imports, of which only the folder tells what is pending; then which process has claimed "
                    + "rows and since when, buckets that refuse everything, the hosts that are slowed down or shut out, the last runs and the next one; "
                    + "how much the ledger knows of what happened to media, and who has not heard of it yet.",
            "With --invalid: the rows that runs leave alone since what stands in them is no link that could be requested "
                    + "(invalid), or the link of a host that the registry does not name (foreign). Exit code 1 when there "
                    + "are any.",
            "With --usage: what the objects in the buckets take, by entry and type, as the ledger has them.",
            "Reads each column once, with --usage the ledger, and changes nothing."
        })
final class StatusCommand implements Callable<Integer> {

    @Mixin
    private GlobalOptions global;

    @Mixin
    private OutputOptions output;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FIELD", arity = "0..*", description = "With --invalid: Table.column. Default: all.")
    private List<String> fields = List.of();

    @Option(names = "--invalid", description = "List the rows that are invalid or foreign instead.")
    private boolean invalid;

    @Option(names = "--usage", description = "Show objects and bytes in the buckets, by entry and type, instead.")
    private boolean usage;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description = "With --invalid: rows of a field at most. Default: ${DEFAULT-VALUE}")
    private long limit;

    @Override
    public Integer call() {
        Registry registry = global.registry();
        if (!invalid && !fields.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "FIELD goes with --invalid; status without it is of all fields");
        }
        if (invalid && usage) {
            throw new ParameterException(spec.commandLine(), "--invalid and --usage are two different lists");
        }
        List<String> chosen = registry.fieldNames(fields);
        try (Services services = global.services();
                UseCases cases = new UseCases(services, registry)) {
            if (usage) {
                Usage stored = Usage.of(services.database());
                output.print(stored, () -> text(stored));
                return ExitCode.DONE;
            }
            if (invalid) {
                return leftOut(cases.leftOutRows(), cases.entries(), chosen);
            }
            Status status = cases.statuses().all();
            output.print(status, () -> text(status));
            return ExitCode.DONE;
        }
    }

    private static String text(Usage usage) {
        TextTable table = new TextTable("ENTRY", "TYPE", "ROWS", "OBJECTS", "BYTES");
        usage.parts()
                .forEach(part -> table.row(
                        part.entry(), part.type(), part.rows(), part.objects(), ReportText.bytes(part.bytes())));
        return table + "%,d objects, %s".formatted(usage.objects(), ReportText.bytes(usage.bytes()));
    }

    private int leftOut(LeftOutRows rows, Entries entries, List<String> chosen) {
        List<LeftOutRow> found = entries.columns().stream()
                .filter(column -> chosen.contains(column.name()))
                .flatMap(column -> rows.of(column, limit).stream())
                .toList();
        output.print(
                Map.of("rows", found), () -> found.isEmpty() ? "No row is invalid or foreign." : LeftOutText.of(found));
        return found.isEmpty() ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    private static String percent(Promise promise) {
        return promise == null || promise.percent() == null
                ? null
                : String.format(Locale.ROOT, "%.1f %%", promise.percent());
    }

    private static String text(Status status) {
        TextTable fields = new TextTable(
                "FIELD",
                "PENDING",
                "AT RISK",
                "MIGRATED",
                "WAITING",
                "DEAD",
                "OLDEST PENDING SINCE",
                "WITHIN 24 H",
                "OVER 60 D");
        for (FieldStatus field : status.fields()) {
            fields.row(
                    field.field(),
                    field.pending(),
                    field.atRisk(),
                    field.migrated(),
                    field.waiting(),
                    field.deadTotal(),
                    field.oldestPending(),
                    percent(field.promise()),
                    field.promise() == null ? null : field.promise().overdue());
        }
        TextTable claims = new TextTable("PROCESS", "ON HOST", "CLAIMED ROWS", "SINCE", "STATE");
        for (ClaimStatus claim : status.claims()) {
            claims.row(
                    claim.pid(),
                    claim.host(),
                    claim.rows(),
                    claim.since(),
                    claim.alive() ? "alive" : "gone, the next run takes them back");
        }
        TextTable pauses = new TextTable("BUCKET THAT REFUSES EVERYTHING", "SINCE", "PROCESS", "ON HOST", "IT SAYS");
        for (PauseStatus pause : status.pauses()) {
            pauses.row(pause.bucket(), pause.since(), pause.pid(), pause.host(), pause.reason());
        }
        TextTable runs = new TextTable("RUN", "STARTED", "FINISHED", "STATE", "FOUND", "MOVED");
        for (Status.RunStatus run : status.runs()) {
            runs.row(
                    run.run(),
                    run.started(),
                    run.finished(),
                    run.state(),
                    run.report() == null ? null : run.report().path("found").asLong(),
                    run.report() == null ? null : run.report().path("migrated").asLong());
        }
        TextTable hosts =
                new TextTable("HOST", "REQUESTS PER SECOND", "AT A TIME", "SHUT OUT UNTIL", "STRIKES", "LEARNT");
        for (HostStatus host : status.hosts()) {
            hosts.row(
                    host.host(),
                    host.rate() == null ? null : String.format(Locale.ROOT, "%.1f", host.rate()),
                    host.concurrency(),
                    host.shutOutUntil(),
                    host.strikes(),
                    host.updated());
        }
        String next = status.nextRun() == null ? "none is scheduled" : status.nextRun() + ", if the service runs";
        return fields + System.lineSeparator()
                + (status.claims().isEmpty() ? "" : claims + System.lineSeparator())
                + (status.pauses().isEmpty() ? "" : pauses + System.lineSeparator())
                + (status.hosts().isEmpty() ? "" : hosts + System.lineSeparator())
                + (status.runs().isEmpty() ? "No runs yet." : runs.toString().strip()) + System.lineSeparator()
                + "Next run: " + next
                + (status.mediaEvents().events() == 0 ? "" : System.lineSeparator() + text(status.mediaEvents()))
                + (status.films() == null ? "" : System.lineSeparator() + "Films: " + status.films())
                + (status.pictures() == null ? "" : System.lineSeparator() + "Pictures: " + status.pictures());
    }

    private static String text(EventStatus media) {
        return "Media: %,d events, %s; deliveries: %,d wait%s, %,d dead, %,d delivered, %s"
                .formatted(
                        media.events(),
                        ReportText.bytes(media.bytes()),
                        media.waiting(),
                        media.waitingSince() == null ? "" : " since " + media.waitingSince(),
                        media.dead(),
                        media.delivered(),
                        ReportText.bytes(media.deliveryBytes()));
    }
}
