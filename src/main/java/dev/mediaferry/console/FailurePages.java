package dev.mediaferry.console;

import dev.mediaferry.deadletter.DeadLetter;
import dev.mediaferry.deadletter.DeadLetterFilter;
import dev.mediaferry.deadletter.DeadLetterPage;
import dev.mediaferry.deadletter.DeadLetterRequest.Before;
import dev.mediaferry.deadletter.History;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.Redaction;
import dev.mediaferry.ledger.TransferState;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was given up and why: how media have failed alike, and single ones. */
final class FailurePages {

    private static final int LISTED = 100;

    private final Operations operations;
    private final Figures figures;
    private final Pictures pictures;

    /**
     * Dead letters that have failed alike, as a line of the page.
     *
     * @param query of the page that lists them
     */
    public record Line(Figures.Group group, String advice, String query) {}

    FailurePages(Operations operations, Figures figures) {
        this.operations = operations;
        this.figures = figures;
        this.pictures = new Pictures(operations.database());
    }

    Answer show(Asked asked) {
        Map<String, Object> model = new HashMap<>();
        DeadLetterFilter filter = filter(asked);
        figures.groups().ifPresent(taken -> {
            List<Figures.Group> groups = taken.value().stream()
                    .filter(group -> fits(filter.kind(), group.failure())
                            && fits(filter.host(), group.host())
                            && fits(filter.field(), group.entry()))
                    .toList();
            model.put(
                    "groups",
                    groups.stream()
                            .map(group -> new Line(group, Advice.of(group.kind()), query(group)))
                            .toList());
            model.put(
                    "letters", groups.stream().mapToLong(Figures.Group::letters).sum());
            model.put("counted", taken.at());
        });
        model.put("kind", filter.kind().orElse(""));
        model.put("host", filter.host().orElse(""));
        model.put("entry", filter.field().orElse(""));
        model.put("filtered", !filter.isEverything());
        model.put("command", command(filter));
        if (!filter.isEverything()) {
            Optional<Before> before = asked.query("before").flatMap(FailurePages::before);
            DeadLetterPage page = operations.deadLetters().list(filter, LISTED, before);
            model.put("page", page);
            model.put("first", before.isEmpty());
            model.put("query", query(filter));
            if (page.deadLetters().size() == LISTED) {
                DeadLetter last = page.deadLetters().get(LISTED - 1);
                model.put("older", last.since() + "_" + last.id());
            }
        }
        return new Answer.Page("failures", model);
    }

    /** One transfer with everything that was tried. */
    Answer one(Asked asked) {
        if (asked.id().isEmpty()) {
            return new Answer.Missing("letter");
        }
        History history;
        try {
            history = operations.deadLetters().show(asked.id().get());
        } catch (ConfigurationException e) {
            return new Answer.Missing("letter");
        }
        Map<String, Object> model = new HashMap<>();
        model.put("letter", history);
        model.put("source", Redaction.of(history.source()));
        model.put("link", Redaction.of(history.link()));
        model.put("answered", pictures.has(history.id()));
        model.put("dead", history.state().equals(TransferState.DEAD.label()));
        if (history.kind() != null) {
            model.put("advice", Advice.of(FailureKind.ofLabel(history.kind())));
        }
        return new Answer.Page("failure", model);
    }

    /** What the server sent in the last attempt, as bytes that are drawn and never run. */
    Answer answer(Asked asked) {
        return asked.id().<Answer>flatMap(pictures::of).orElse(new Answer.Missing("picture"));
    }

    private static Optional<Before> before(String text) {
        int cut = text.lastIndexOf('_');
        return cut < 0
                ? Optional.empty()
                : Asked.number(text.substring(cut + 1))
                        .flatMap(id -> Asked.time(text.substring(0, cut)).map(at -> new Before(at, id)));
    }

    /** What is not there selects nothing in particular; a kind that does not exist is no selection either. */
    static DeadLetterFilter filter(Asked asked) {
        return new DeadLetterFilter(
                List.of(),
                asked.query("entry"),
                asked.query("kind").filter(kind -> Arrays.stream(FailureKind.values())
                        .anyMatch(known -> known.label().equals(kind))),
                asked.query("host"));
    }

    private static String command(DeadLetterFilter filter) {
        return "mediaferry dead-letters" + options(filter);
    }

    static String options(DeadLetterFilter filter) {
        return filter.field().map(field -> " --field " + quoted(field)).orElse("")
                + filter.kind().map(kind -> " --kind " + quoted(kind)).orElse("")
                + filter.host().map(host -> " --host " + quoted(host)).orElse("");
    }

    /** For a shell. */
    static String quoted(String text) {
        return text.matches("[A-Za-z0-9._/:-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private static boolean fits(Optional<String> wanted, String value) {
        return wanted.map(value::equals).orElse(true);
    }

    private static String query(Figures.Group group) {
        return query(new DeadLetterFilter(
                List.of(), Optional.of(group.entry()), Optional.of(group.failure()), Optional.of(group.host())));
    }

    private static String query(DeadLetterFilter filter) {
        List<String> parts = new ArrayList<>();
        filter.kind().ifPresent(kind -> parts.add("kind=" + encoded(kind)));
        filter.host().ifPresent(host -> parts.add("host=" + encoded(host)));
        filter.field().ifPresent(entry -> parts.add("entry=" + encoded(entry)));
        return String.join("&", parts);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
