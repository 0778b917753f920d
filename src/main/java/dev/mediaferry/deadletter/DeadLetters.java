package dev.mediaferry.deadletter;

import dev.mediaferry.entry.Entries;
import dev.mediaferry.entry.Entry;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.ledger.TransferState;
import dev.mediaferry.settings.Names;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The transfers that were given up, as the ledger has them. Every change is one statement per field. */
public final class DeadLetters {

    private static final int LONGEST_REASON = 1000;

    /** How many letters of one field are tried again, and how many have nothing to do any more. */
    private record Answer(long retried, long superseded) {}

    private final JdbcClient database;
    private final Entries entries;

    /** @param entries of the registry */
    public DeadLetters(Database database, Entries entries) {
        this.database = database.client();
        this.entries = entries;
    }

    /**
     * @param most letters to list, at least 1
     * @throws ConfigurationException naming what is selected by and does not exist
     */
    public DeadLetterPage list(DeadLetterFilter selection, int most) {
        long total =
                count(selection).values().stream().mapToLong(Long::longValue).sum();
        List<DeadLetter> letters = database.sql(Database.statement("dead-letters"))
                .params(parameters(selection))
                .param("most", most)
                .query((rs, row) -> new DeadLetter(
                        rs.getLong("id"),
                        rs.getString("entry"),
                        rs.getString("row_key"),
                        rs.getString("host"),
                        rs.getString("failure"),
                        rs.getString("message"),
                        rs.getInt("attempts"),
                        text(rs.getTimestamp("updated")),
                        null))
                .list();
        Map<String, List<Long>> byField = new TreeMap<>();
        letters.forEach(letter -> byField.computeIfAbsent(letter.field(), key -> new ArrayList<>())
                .add(letter.id()));
        Set<Long> held = new HashSet<>();
        byField.forEach((field, ids) -> held.addAll(held(field, ids)));
        return new DeadLetterPage(
                total,
                letters.stream()
                        .map(letter -> letter.held(entries.has(letter.field()) ? held.contains(letter.id()) : null))
                        .toList());
    }

    /**
     * @param id of any transfer, also of one that is no dead letter, or no longer
     * @throws ConfigurationException when there is none
     */
    public History show(long id) {
        List<History.Attempt> attempts = database.sql(Database.statement("attempts"))
                .param("id", id)
                .query((rs, row) -> new History.Attempt(
                        rs.getInt("number"),
                        text(rs.getTimestamp("ended")),
                        rs.getObject("millis", Long.class),
                        rs.getString("failure"),
                        rs.getObject("http_status", Integer.class),
                        rs.getString("message"),
                        rs.getString("link")))
                .list();
        return database.sql("select * from mediaferry.transfer where id = :id")
                .param("id", id)
                .query((rs, row) -> history(rs, attempts))
                .optional()
                .orElseThrow(() -> new ConfigurationException("no transfer " + id + near(id)));
    }

    /**
     * Has dead letters tried again by the next run. What no row holds any more ends instead.
     *
     * @throws ConfigurationException naming what is selected by and does not exist
     */
    public RetryResult retry(DeadLetterFilter selection) {
        long retried = 0;
        long superseded = 0;
        long unknown = 0;
        for (Map.Entry<String, Long> field : count(selection).entrySet()) {
            Optional<Entry> entry = entries.find(field.getKey());
            if (entry.isEmpty()) {
                unknown += field.getValue();
                continue;
            }
            Answer done = database.sql(entry.get().retry().sql().replace(":#", ":"))
                    .params(parameters(selection.of(field.getKey())))
                    .query(new RecordMapper<>(Answer.class))
                    .single();
            retried += done.retried();
            superseded += done.superseded();
        }
        return new RetryResult(retried, superseded, unknown);
    }

    /**
     * Takes dead letters out of all counts for good: their links are never planned again for their rows.
     *
     * @param reason kept in the ledger, 1 to 1,000 characters
     * @return how many
     * @throws ConfigurationException naming what is selected by and does not exist
     */
    public long discard(DeadLetterFilter selection, String reason) {
        if (reason.isBlank() || reason.length() > LONGEST_REASON || reason.indexOf('\0') >= 0) {
            throw new ConfigurationException(
                    "the reason must be a text of 1 to " + LONGEST_REASON + " characters; it stays in the ledger");
        }
        count(selection);
        return database.sql(Database.statement("discard-dead-letters"))
                .params(parameters(selection))
                .param("reason", reason.strip())
                .update();
    }

    /** @return how many letters of each field fit */
    private Map<String, Long> count(DeadLetterFilter selection) {
        check(selection);
        Map<String, Long> counts = new TreeMap<>();
        database.sql(Database.statement("count-dead-letters"))
                .params(parameters(selection))
                .query(row -> {
                    counts.put(row.getString("entry"), row.getLong("letters"));
                });
        return counts;
    }

    private void check(DeadLetterFilter selection) {
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
        if (!selection.ids().isEmpty()) {
            checkIds(selection.ids(), problems);
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private void checkIds(List<Long> ids, List<String> problems) {
        Map<Long, TransferState> states = new HashMap<>();
        database.sql("select id, state from mediaferry.transfer where id = any (:ids)")
                .param("ids", array(ids))
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

    private History history(ResultSet rs, List<History.Attempt> attempts) throws SQLException {
        String field = rs.getString("entry");
        String source = rs.getString("source");
        String link = rs.getString("link");
        long id = rs.getLong("id");
        return new History(
                id,
                field,
                rs.getString("row_key"),
                rs.getString("state"),
                rs.getString("failure"),
                rs.getString("message"),
                rs.getString("reason"),
                entries.has(field) ? held(field, List.of(id)).isEmpty() : null,
                source,
                link == null ? source : link,
                attempts);
    }

    /** @return those of the field's letters whose row still holds their link; none when the registry has no such field */
    private Set<Long> held(String field, List<Long> ids) {
        return entries.find(field)
                .map(entry -> database.sql(entry.retry().held().replace(":#", ":"))
                        .param("ids", array(ids))
                        .query(Long.class)
                        .set())
                .orElse(Set.of());
    }

    private static Map<String, Object> parameters(DeadLetterFilter selection) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("ids", selection.ids().isEmpty() ? null : array(selection.ids()));
        parameters.put("entry", selection.field().orElse(null));
        parameters.put("failure", selection.kind().orElse(null));
        parameters.put("host", selection.host().orElse(null));
        return parameters;
    }

    /** Boxed numbers would be taken for a list of parameters. */
    private static long[] array(List<Long> ids) {
        return ids.stream().mapToLong(Long::longValue).toArray();
    }

    private static String text(Timestamp time) {
        return time == null ? null : time.toInstant().toString();
    }
}
