package dev.mediaferry.command;

import dev.mediaferry.engine.Services;
import dev.mediaferry.engine.UseCases;
import dev.mediaferry.webhooks.DeliveryLedger;
import dev.mediaferry.webhooks.DeliveryQuery;
import dev.mediaferry.webhooks.DeliveryRow;
import dev.mediaferry.webhooks.DeliveryTarget;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
        name = "webhooks",
        header = "Who has heard of what happened to media.",
        description = {
            "Lists deliveries to your application (mediaferry.webhook.url) and to the CDN (mediaferry.cdn.purge-url), those that were "
                    + "given up, and delivers events once more. The service delivers; all of this works beside it.",
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  mediaferry media webhooks list --state open",
            "  mediaferry media webhooks dead-letters",
            "  mediaferry media webhooks replay --dead",
            "  mediaferry media webhooks replay --media 019fb5c1-7a00-7c1e-9f0a-3a9a6f7d2b11"
        })
final class WebhooksCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    /** A delivery as commands show it; times in ISO 8601. */
    private record Document(
            long id,
            String target,
            long event,
            String media,
            String kind,
            String state,
            int attempts,
            String due,
            String failure,
            String created,
            String ended) {

        static Document of(DeliveryRow row) {
            return new Document(
                    row.id(),
                    row.target(),
                    row.eventId(),
                    row.mediaId().toString(),
                    row.kind(),
                    row.state(),
                    row.attempts(),
                    row.state().equals("open") ? row.due().toString() : null,
                    row.failure(),
                    row.createdAt().toString(),
                    Optional.ofNullable(row.endedAt()).map(Object::toString).orElse(null));
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command: list, dead-letters or replay");
    }

    @Command(name = "list", description = "Deliveries, newest first.")
    int list(
            @Mixin GlobalOptions global,
            @Mixin OutputOptions output,
            @Option(
                            names = "--state",
                            paramLabel = "STATE",
                            description = "Only those that are open, delivered or dead.")
                    String state,
            @Option(names = "--media", paramLabel = "ID", description = "Only this medium's.") UUID media,
            @Mixin LimitOption limit,
            @Option(names = "--before", paramLabel = "N", description = "Go on behind the last one of a list.")
                    Long before) {
        if (state != null && !List.of("open", "delivered", "dead").contains(state)) {
            throw new ParameterException(spec.commandLine(), "--state must be open, delivered or dead");
        }
        print(global, output, new DeliveryQuery(state, media, before, limit.value()));
        return ExitCode.DONE;
    }

    @Command(
            name = "dead-letters",
            description = "Deliveries that were given up, newest first. Exit code 1 when there are any.")
    int deadLetters(@Mixin GlobalOptions global, @Mixin OutputOptions output, @Mixin LimitOption limit) {
        return print(global, output, new DeliveryQuery("dead", null, null, limit.value())) == 0
                ? ExitCode.DONE
                : ExitCode.SOME_FAILED;
    }

    @Command(
            name = "replay",
            description = {
                "Delivers events once more, also those that were delivered, in their order. Name events by number, as media show does, "
                        + "or --media, or --dead."
            })
    int replay(
            @Mixin GlobalOptions global,
            @Mixin OutputOptions output,
            @Option(names = "--dead", description = "Only what was given up.") boolean dead,
            @Option(names = "--media", paramLabel = "ID", description = "What happened to this medium.") UUID media,
            @Option(
                            names = "--target",
                            paramLabel = "TARGET",
                            defaultValue = "webhook",
                            description = "webhook or purge. Default: ${DEFAULT-VALUE}")
                    String target,
            @Parameters(paramLabel = "EVENT", arity = "0..*") List<Long> events) {
        List<Long> named = events == null ? List.of() : events;
        if (!dead && media == null && named.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "name events, --media or --dead");
        }
        if (!List.of("webhook", "purge").contains(target)) {
            throw new ParameterException(spec.commandLine(), "--target must be webhook or purge");
        }
        int replayed = ask(
                global,
                ledger -> ledger.replay(DeliveryTarget.valueOf(target.toUpperCase(Locale.ROOT)), dead, media, named));
        output.print(Map.of("replayed", replayed), () -> "%,d events are delivered again, by the service."
                .formatted(replayed));
        return ExitCode.DONE;
    }

    /** @return how many were printed */
    private static int print(GlobalOptions global, OutputOptions output, DeliveryQuery query) {
        List<Document> rows = ask(global, ledger -> ledger.list(query)).stream()
                .map(Document::of)
                .toList();
        output.print(rows, () -> text(rows, query.limit()));
        return rows.size();
    }

    private static <T> T ask(GlobalOptions global, Function<DeliveryLedger, T> question) {
        try (Services services = global.services();
                UseCases cases = new UseCases(services, global.registry())) {
            return question.apply(cases.deliveries());
        }
    }

    private static String text(List<Document> rows, int limit) {
        if (rows.isEmpty()) {
            return "No deliveries.";
        }
        TextTable table =
                new TextTable("ID", "TARGET", "EVENT", "KIND", "MEDIUM", "STATE", "ATTEMPTS", "DUE", "FAILURE");
        for (Document row : rows) {
            table.row(
                    Long.toString(row.id()),
                    row.target(),
                    Long.toString(row.event()),
                    row.kind(),
                    row.media(),
                    row.state(),
                    row.attempts(),
                    row.due(),
                    row.failure() == null ? null : LedgerOptions.plain(row.failure()));
        }
        return table
                + (rows.size() < limit
                        ? "%,d deliveries".formatted(rows.size())
                        : "go on with --before " + rows.get(rows.size() - 1).id());
    }
}
