package dev.mediaferry.command;

import dev.mediaferry.deadletter.DeadLetter;
import dev.mediaferry.deadletter.DeadLetterFilter;
import dev.mediaferry.deadletter.DeadLetterPage;
import dev.mediaferry.deadletter.History;
import dev.mediaferry.deadletter.RetryResult;
import java.util.List;
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
        name = "dead-letters",
        header = "What was given up, and what shall become of it.",
        description = {
            "Lists the dead letters, newest first. STALE are those whose row no longer holds the link: nobody needs them.",
            "Subcommands show one with everything that was tried, have them tried again, or discard them."
        },
        subcommands = {DeadLettersCommand.Show.class, DeadLettersCommand.Retry.class, DeadLettersCommand.Discard.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  mediaferry dead-letters --kind too-large",
            "  mediaferry dead-letters show 4711",
            "  mediaferry dead-letters retry --field LinkedInProfile.profilePic --kind too-large",
            "  mediaferry dead-letters discard --kind gone --reason \"lost before the move\""
        })
final class DeadLettersCommand implements Callable<Integer> {

    private static final int LONGEST_MESSAGE = 80;
    private static final int MOST = 100_000;

    @Mixin
    private LedgerOptions ledger;

    @Mixin
    private SelectionOptions select;

    @Mixin
    private OutputOptions output;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "The most letters to list, 1 to 100000. Default: ${DEFAULT-VALUE}")
    private int limit;

    @Override
    public Integer call() {
        if (limit < 1 || limit > MOST) {
            throw new ParameterException(spec.commandLine(), "--limit must be from 1 to " + MOST);
        }
        DeadLetterPage letters = ledger.ask(dead -> dead.list(select.selection(List.of()), limit));
        output.print(letters, () -> text(letters));
        return ExitCode.DONE;
    }

    private static String text(DeadLetterPage letters) {
        if (letters.total() == 0) {
            return "No dead letters.";
        }
        TextTable table = new TextTable("ID", "FIELD", "ROW", "KIND", "HOST", "ATTEMPTS", "SINCE", "STALE", "MESSAGE");
        for (DeadLetter letter : letters.deadLetters()) {
            table.row(
                    Long.toString(letter.id()),
                    letter.field(),
                    LedgerOptions.plain(letter.row()),
                    letter.kind(),
                    LedgerOptions.plain(letter.host()),
                    letter.attempts(),
                    letter.since(),
                    stale(letter.stale()),
                    shorten(LedgerOptions.plain(letter.message())));
        }
        int listed = letters.deadLetters().size();
        return table + "%,d of %,d dead letters".formatted(listed, letters.total());
    }

    private static String stale(Boolean stale) {
        return stale == null ? "-" : stale ? "yes" : "no";
    }

    private static String shorten(String message) {
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE - 1) + "…";
    }

    @Command(
            name = "show",
            header = "One transfer with everything that was tried.",
            description = "Shows links with their signatures.")
    static final class Show implements Callable<Integer> {

        @Mixin
        private LedgerOptions ledger;

        @Mixin
        private OutputOptions output;

        @Parameters(paramLabel = "ID", description = "As dead-letters lists it.")
        private long id;

        @Override
        public Integer call() {
            History history = ledger.ask(dead -> dead.show(id));
            output.print(history, () -> text(history));
            return ExitCode.DONE;
        }

        private static String text(History history) {
            StringBuilder text = new StringBuilder();
            line(text, "Transfer", history.id() + ", " + history.state());
            line(text, "Row", history.field() + " " + LedgerOptions.plain(history.row()));
            line(text, "Stale", DeadLettersCommand.stale(history.stale()));
            line(text, "Column held", LedgerOptions.plain(history.source()));
            if (!history.link().equals(history.source())) {
                line(text, "Requested", LedgerOptions.plain(history.link()));
            }
            if (history.reason() != null) {
                line(text, "Reason", LedgerOptions.plain(history.reason()));
            }
            TextTable attempts = new TextTable("ATTEMPT", "ENDED", "MS", "KIND", "HTTP", "MESSAGE");
            for (History.Attempt attempt : history.attempts()) {
                attempts.row(
                        attempt.number(),
                        attempt.ended(),
                        attempt.millis(),
                        attempt.kind(),
                        attempt.httpStatus(),
                        LedgerOptions.plain(attempt.message()));
            }
            text.append(System.lineSeparator());
            return text
                    + (history.attempts().isEmpty()
                            ? "No failed attempts."
                            : attempts.toString().strip());
        }

        private static void line(StringBuilder text, String name, String value) {
            text.append("%-12s %s%n".formatted(name, value));
        }
    }

    /** Changes need a selection that is meant: nothing at all is not everything. */
    abstract static class Change implements Callable<Integer> {

        @Mixin
        private LedgerOptions ledger;

        @Mixin
        private SelectionOptions select;

        @Mixin
        private OutputOptions output;

        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "ID", arity = "0..*", description = "As dead-letters lists them.")
        private List<Long> ids = List.of();

        @Option(names = "--all", description = "Every dead letter.")
        private boolean all;

        @Override
        public final Integer call() {
            if (!spec.parent().commandLine().getParseResult().matchedOptions().isEmpty()) {
                throw new ParameterException(spec.commandLine(), "options go behind " + spec.name());
            }
            DeadLetterFilter selection = select.selection(ids);
            if (all != selection.isEverything()) {
                throw new ParameterException(
                        spec.commandLine(),
                        all
                                ? "--all goes with no other selection"
                                : "name dead letters: by ID, --field, --kind, --host, or --all");
            }
            change(ledger, selection, output);
            return ExitCode.DONE;
        }

        abstract void change(LedgerOptions ledger, DeadLetterFilter selection, OutputOptions output);
    }

    @Command(
            name = "retry",
            header = "Have dead letters tried again by the next run.",
            description = {
                "Their attempts are counted anew. A letter whose row no longer holds the link ends as superseded instead."
            })
    static final class Retry extends Change {

        @Override
        void change(LedgerOptions ledger, DeadLetterFilter selection, OutputOptions output) {
            RetryResult done = ledger.act("retry-dead-letters", selection.named(), dead -> dead.retry(selection));
            output.print(done, () -> {
                if (done.retried() + done.superseded() + done.unknown() == 0) {
                    return "No dead letters are selected.";
                }
                return "%,d dead letters wait for the next run".formatted(done.retried())
                        + (done.superseded() == 0
                                ? ""
                                : "; %,d were stale and ended as superseded".formatted(done.superseded()))
                        + (done.unknown() == 0
                                ? ""
                                : "; %,d stay dead: the registry no longer has their field".formatted(done.unknown()));
            });
        }
    }

    @Command(
            name = "discard",
            header = "Take dead letters out of all counts, for good.",
            description = {"Their links are never planned again for their rows; a new link in the column is."})
    static final class Discard extends Change {

        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                required = true,
                description = "Why; kept in the ledger, up to 1000 characters.")
        private String reason;

        @Override
        void change(LedgerOptions ledger, DeadLetterFilter selection, OutputOptions output) {
            Map<String, Object> subject = selection.named();
            subject.put("reason", reason);
            Map<String, Long> done = ledger.act(
                    "discard-dead-letters", subject, dead -> Map.of("discarded", dead.discard(selection, reason)));
            long discarded = done.get("discarded");
            output.print(
                    done,
                    () -> discarded == 0
                            ? "No dead letters are selected."
                            : "%,d dead letters discarded".formatted(discarded));
        }
    }
}
