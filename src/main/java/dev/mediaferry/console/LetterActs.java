package dev.mediaferry.console;

import dev.mediaferry.deadletter.DeadLetterFilter;
import dev.mediaferry.deadletter.DeadLetterJobs;
import dev.mediaferry.failure.ConfigurationException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What becomes of dead letters: one, those that are chosen, or all that fit. They are counted first, and nothing is done before that. */
final class LetterActs {

    private static final int MOST_CHOSEN = 1000;

    private final DeadLetterJobs jobs;
    private final Acts acts;

    LetterActs(DeadLetterJobs jobs, Acts acts) {
        this.jobs = jobs;
        this.acts = acts;
    }

    /** Counts what is meant, and asks whether that is so. */
    Answer confirm(Asked asked) {
        DeadLetterFilter filter = meant(asked);
        Instant now = Instant.now();
        Map<String, Object> model = new HashMap<>();
        model.put("act", verb(asked));
        model.put("count", jobs.count(filter, now));
        model.put("until", now);
        model.put("ids", filter.ids());
        model.put("kind", filter.kind().orElse(""));
        model.put("host", filter.host().orElse(""));
        model.put("entry", filter.field().orElse(""));
        model.put("command", command(verb(asked), filter));
        return new Answer.Page("confirm-letters", model);
    }

    Answer act(Asked asked) {
        DeadLetterFilter filter = meant(asked);
        String verb = verb(asked);
        Instant until = until(asked);
        String reason = asked.form("reason").orElse("");
        if (verb.equals("discard") && reason.isBlank()) {
            throw new ConfigurationException("a discard needs a reason; it stays in the ledger");
        }
        Map<String, Object> subject = filter.named();
        if (!reason.isBlank()) {
            subject.put("reason", reason);
        }
        return acts.later(
                asked.visitor(),
                verb + "-dead-letters",
                subject,
                progress -> verb.equals("retry")
                        ? jobs.retry(filter, until, progress::accept)
                        : jobs.discard(filter, until, reason, progress::accept));
    }

    private static String verb(Asked asked) {
        String verb = asked.form("act").orElse("");
        if (!List.of("retry", "discard").contains(verb)) {
            throw new ConfigurationException("say what is to become of the letters: retry or discard");
        }
        return verb;
    }

    /** Nothing chosen is not everything. */
    private static DeadLetterFilter meant(Asked asked) {
        boolean all = asked.form("scope").filter("all"::equals).isPresent();
        List<Long> ids = all
                ? List.of()
                : asked.all("id").stream()
                        .map(id ->
                                Asked.number(id).orElseThrow(() -> new ConfigurationException("a letter has a number")))
                        .distinct()
                        .toList();
        if (!all && ids.isEmpty()) {
            throw new ConfigurationException("no letter is chosen");
        }
        if (ids.size() > MOST_CHOSEN) {
            throw new ConfigurationException("choose up to " + MOST_CHOSEN + " letters, or all that fit");
        }
        return new DeadLetterFilter(ids, asked.form("entry"), asked.form("kind"), asked.form("host"));
    }

    private static Instant until(Asked asked) {
        return asked.form("until")
                .flatMap(Asked::time)
                .orElseThrow(() -> new ConfigurationException("say as of when the letters were counted"));
    }

    static String command(String verb, DeadLetterFilter filter) {
        StringBuilder command = new StringBuilder("mediaferry dead-letters " + verb);
        if (filter.isEverything()) {
            command.append(" --all");
        }
        filter.ids().forEach(id -> command.append(' ').append(id));
        command.append(FailurePages.options(filter));
        return verb.equals("discard") ? command + " --reason '…'" : command.toString();
    }
}
