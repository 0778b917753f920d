package dev.mediaferry.deadletter;

import dev.mediaferry.entry.Entries;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.TransferId;
import dev.mediaferry.ledger.TransferState;
import dev.mediaferry.settings.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The steps of {@code dead-letters.camel.yaml}. Every change is one statement per field. */
public final class DeadLetterSteps {

    private final JdbcClient database;
    private final Entries entries;

    /** @param entries of the registry */
    public DeadLetterSteps(Database database, Entries entries) {
        this.database = database.client();
        this.entries = entries;
    }

    /**
     * Looks whether there is what is selected by.
     *
     * @throws ConfigurationException naming what does not exist
     */
    public void check(DeadLetterRequest request) {
        DeadLetterFilter selection = request.filter();
        List<String> problems = new ArrayList<>();
        selection.kind().ifPresent(kind -> {
            List<String> kinds =
                    Arrays.stream(FailureKind.values()).map(FailureKind::label).toList();
            if (!kinds.contains(kind)) {
                problems.add("no kind of failure " + kind + near(kind, kinds, "the kinds are "));
            }
        });
        selection.field().filter(field -> !entries.has(field)).ifPresent(field -> {
            // A field that has left the registry keeps its letters.
            Set<String> fields =
                    new TreeSet<>(database.sql("select distinct entry from mediaferry.transfer where state = 'dead'")
                            .query(String.class)
                            .set());
            if (!fields.contains(field)) {
                fields.addAll(entries.names());
                problems.add("no field " + field + near(field, fields, "the registry has "));
            }
        });
        // What somebody has dealt with since a selection was counted is no mistake.
        if (!selection.ids().isEmpty() && selection.part().isEmpty()) {
            checkIds(selection.ids(), problems);
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private void checkIds(List<Long> ids, List<String> problems) {
        Map<Long, TransferState> states = new HashMap<>();
        database.sql("select id, state from mediaferry.transfer where id = any (:ids)")
                .param("ids", DeadLetterRequest.array(ids))
                .query(row -> {
                    states.put(row.getLong("id"), TransferState.of(row.getString("state")));
                });
        for (long id : ids) {
            TransferState state = states.get(id);
            if (state == null) {
                problems.add("no dead letter " + id + near(id));
            } else if (state != TransferState.DEAD) {
                problems.add("transfer " + id + " is no dead letter but " + state.label() + near(id));
            }
        }
    }

    private String near(long id) {
        Optional<Long> nearest = database.sql(Database.statement("nearest-dead-letter"))
                .param("id", id)
                .query(Long.class)
                .optional();
        return nearest.map(near -> "; the nearest is " + near).orElse("; there are no dead letters");
    }

    private static String near(String typed, Collection<String> known, String all) {
        return Names.nearest(typed, known)
                .map(near -> "; did you mean " + near + "?")
                .orElse("; " + all + String.join(", ", known));
    }

    /** @param counts how many letters there are, of which {@code rows} are listed */
    public FoundLetters found(List<LetterCount> counts, List<LetterRow> rows) {
        List<DeadLetter> letters = rows.stream().map(LetterRow::letter).toList();
        Map<String, List<Long>> byField = new TreeMap<>();
        letters.forEach(letter -> byField.computeIfAbsent(letter.field(), key -> new ArrayList<>())
                .add(letter.id()));
        Map<String, StaleSearch> searches = new TreeMap<>();
        byField.forEach((field, ids) ->
                entries.find(field).ifPresent(entry -> searches.put(field, new StaleSearch(entry, ids))));
        return new FoundLetters(counts.stream().mapToLong(LetterCount::letters).sum(), letters, searches);
    }

    /** @param letters that have rows which still hold their link */
    public void held(StaleSearch search, List<TransferId> letters) {
        search.held(letters);
    }

    /**
     * @param transfers one, or none
     * @throws ConfigurationException when there is no such transfer
     */
    public FoundHistory history(HistoryRequest request, List<TransferRow> transfers, List<AttemptRow> attempts) {
        if (transfers.isEmpty()) {
            throw new ConfigurationException("no transfer " + request.id() + near(request.id()));
        }
        TransferRow transfer = transfers.get(0);
        return new FoundHistory(
                transfer.history(attempts),
                entries.find(transfer.entry()).stream()
                        .map(entry -> new StaleSearch(entry, List.of(transfer.id())))
                        .toList());
    }

    public RetryJob retrying(DeadLetterRequest request, List<LetterCount> counts) {
        RetryJob job = new RetryJob();
        for (LetterCount count : counts) {
            entries.find(count.entry())
                    .ifPresentOrElse(entry -> job.add(entry, request), () -> job.addUnknown(count.letters()));
        }
        return job;
    }

    /** @param outcome one */
    public void retried(RetryJob.OfField letters, List<RetryJob.Outcome> outcome) {
        letters.done(outcome.get(0));
    }
}
