package dev.mediaferry.reference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.registry.Reference;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the ledger keeps of references: how far each is, every step, and what has to be known to undo it. */
public final class ReferenceLedger {

    private static final JsonMapper JSON = new JsonMapper();

    private static final String ROWS =
            """
            select name, sha256, state, since, cursor, pages, filled, paused, share, proof::text as proof, proved,
              soak_from, soak_base::text as soak_base, until,
              (proof ->> 'conflicts')::bigint as conflicts
            from mediaferry.reference""";

    private static final String STEPS =
            "select step, lock, attempts, waited_ms, held_ms, started, finished, error, blocked_by::text as blocked_by"
                    + " from mediaferry.reference_step";

    private static final String DONE =
            """
            update mediaferry.reference_step set attempts = ?, waited_ms = ?, held_ms = ?, finished = clock_timestamp(),
              blocked_by = null, error = null where id = ?""";

    private final Database database;

    /** A step as the ledger has it. */
    record StepRow(
            String step,
            String lock,
            int attempts,
            Long waitedMs,
            Long heldMs,
            Instant started,
            Instant finished,
            String error,
            String blockedBy) {

        ReferenceStatus.Done done() {
            return new ReferenceStatus.Done(
                    step, lock, attempts, waitedMs, heldMs, text(started), text(finished), error, blockedBy);
        }

        private static String text(Instant time) {
            return time == null ? null : time.toString();
        }
    }

    public ReferenceLedger(Database database) {
        this.database = database;
    }

    Database database() {
        return database;
    }

    private JdbcClient sql() {
        return database.client();
    }

    /** @return state by name, of those that the ledger knows */
    public Map<String, String> states() {
        return rows().values().stream()
                .collect(Collectors.toMap(ReferenceRow::name, row -> row.state().label()));
    }

    Map<String, ReferenceRow> rows() {
        return sql().sql(ROWS).query(new RecordMapper<>(ReferenceRow.class)).list().stream()
                .collect(Collectors.toMap(ReferenceRow::name, Function.identity()));
    }

    Optional<ReferenceRow> row(String name) {
        return Optional.ofNullable(rows().get(name));
    }

    ReferenceState state(String name) {
        return row(name).map(ReferenceRow::state).orElse(ReferenceState.PLANNED);
    }

    /** @throws ConfigurationException naming every reference whose entry has changed in mid-course */
    public void check(List<Reference> references) {
        Map<String, ReferenceRow> rows = rows();
        List<String> problems = new ArrayList<>();
        for (Reference reference : references) {
            ReferenceRow row = rows.get(reference.name());
            if (row != null
                    && row.state() != ReferenceState.PLANNED
                    && !row.sha256().equals(reference.shape())) {
                problems.add("registry line " + reference.line() + ": " + reference.name() + " is "
                        + row.state().label()
                        + ", and its entry says something else than when that was begun; put it back as it"
                        + " was (select definition from mediaferry.reference), then revert it before you change it");
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    /** Writes the entry down, unless it is there. */
    void enter(Reference reference) {
        sql().sql(
                        "insert into mediaferry.reference (name, definition, sha256, state) values (:name, :definition::jsonb, :shape, 'planned')"
                                + " on conflict (name) do update set definition = excluded.definition, sha256 = excluded.sha256"
                                + " where reference.state = 'planned'")
                .param("name", reference.name())
                .param("definition", reference.definition())
                .param("shape", reference.shape())
                .update();
    }

    /** What was proved holds no longer, nor does what was filled once the new side is gone. */
    void reach(String name, ReferenceState state) {
        sql().sql("update mediaferry.reference set state = :state, since = now(),"
                        + " proof = case when :keeps then proof end, proved = case when :keeps then proved end,"
                        + " soak_from = case when :keeps then soak_from end, soak_base = case when :keeps then soak_base end,"
                        + " until = case when :state = 'retired' then until end,"
                        + " cursor = case when :state = 'planned' then null else cursor end,"
                        + " filled = case when :state = 'planned' then 0 else filled end,"
                        + " pages = case when :state = 'planned' then 0 else pages end,"
                        + " paused = paused and :state <> 'planned' where name = :name and state <> :state")
                .param("name", name)
                .param("state", state.label())
                .param("keeps", state.compareTo(ReferenceState.FILLED) >= 0)
                .update();
        if (state == ReferenceState.PLANNED || state == ReferenceState.FINISHED) {
            sql().sql("delete from mediaferry.reference_row where reference = :name")
                    .param("name", name)
                    .update();
            sql().sql("delete from mediaferry.reference_use where reference = :name")
                    .param("name", name)
                    .update();
        }
    }

    /**
     * Writes down what was found. What is used of the old side counts from the first proof on; use of it, and a reset of the
     * server's statistics, begin anew.
     */
    void proved(ReferenceProof proof, Readers.Counts counts) {
        ReferenceTable table = proof.change().table();
        ReferenceRow row = row(table.name()).orElseThrow();
        boolean right = proof.findings().isEmpty();
        Long now = new Counters(database, table).conflicts();
        boolean known =
                proof.findings().stream().noneMatch(finding -> finding.clause().equals("conflicts"));
        String base = json(counts);
        boolean anew = row.soakFrom() == null || !parse(base).equals(parse(row.soakBase()));
        Map<String, Object> document = new TreeMap<>();
        document.put("definition", table.definition());
        document.put("conflicts", known ? now : row.conflicts());
        document.put("found", proof.proof(row.state().label()));
        sql().sql("update mediaferry.reference set proof = :proof::jsonb, proved = case when :proven then now() end,"
                        + " state = case when :proven then 'proved' else 'filled' end,"
                        + " since = case when state = case when :proven then 'proved' else 'filled' end then since else now() end,"
                        + " soak_from = case when :anew then now() else soak_from end,"
                        + " soak_base = case when :anew then :base::jsonb else soak_base end where name = :name")
                .param("proof", json(document))
                .param("proven", right)
                .param("anew", right && anew)
                .param("base", base)
                .param("name", table.name())
                .update();
    }

    /** SHA-256 of the entry as it was when it was last looked at; empty before. */
    String provedDefinition(String name) {
        return row(name)
                .map(ReferenceRow::proof)
                .map(proof -> parse(proof).path("definition").asText())
                .orElse("");
    }

    /** Writes down what an operator accepts, and why. */
    void accept(String name, String guard, String reason) {
        note(name, "accept " + guard, reason);
    }

    /** Writes down something that is no step of the catalogue, and by whom. */
    void note(String name, String step, String words) {
        sql().sql("insert into mediaferry.reference_step (reference, step, statement, finished)"
                        + " values (:name, :step, :words || ' (' || current_user || ')', clock_timestamp())")
                .param("name", name)
                .param("step", step)
                .param("words", words)
                .update();
    }

    JsonNode parse(String json) {
        try {
            return json == null ? JSON.getNodeFactory().nullNode() : JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the ledger has something that is no JSON", e);
        }
    }

    /** Says how long a contract lasts from now on; empty for one that stays. */
    void until(String name, Optional<Duration> time) {
        sql().sql(
                        "update mediaferry.reference set until = now() + make_interval(secs => :seconds::float8) where name = :name")
                .param("seconds", time.map(Duration::toSeconds).orElse(null))
                .param("name", name)
                .update();
    }

    /** @return names of references whose contract is over */
    List<String> overdue() {
        return sql().sql("select name from mediaferry.reference where until <= now() order by name")
                .query(String.class)
                .list();
    }

    boolean isUnderway(String name) {
        return sql().sql("select coalesce((select until > now() from mediaferry.reference where name = :name), false)")
                .param("name", name)
                .query(Boolean.class)
                .single();
    }

    /** @return false when the ledger does not know it */
    boolean pause(String name, boolean paused) {
        return sql().sql("update mediaferry.reference set paused = :paused where name = :name")
                        .param("paused", paused)
                        .param("name", name)
                        .update()
                == 1;
    }

    /** The next page begins at the first row again. */
    void endPass(String name) {
        sql().sql("update mediaferry.reference set cursor = null where name = :name")
                .param("name", name)
                .update();
    }

    void share(String name, int percent) {
        sql().sql("update mediaferry.reference set share = :share where name = :name")
                .param("share", percent)
                .param("name", name)
                .update();
    }

    /** Writes down that a step is begun. */
    void begin(StepRun run, String reference) {
        run.begin(sql().sql("insert into mediaferry.reference_step (reference, step, statement, lock)"
                        + " values (:reference, :step, :statement, :lock) returning id")
                .param("reference", reference)
                .param("step", run.step().name())
                .param("statement", String.join(";\n", run.step().statements()))
                .param("lock", run.step().lock().sql())
                .query(Long.class)
                .single());
    }

    /** Writes down who is in the way of a step, or what has ended it. */
    void delayed(StepRun run, String error) {
        sql().sql(
                        "update mediaferry.reference_step set attempts = :attempts, waited_ms = :waited, blocked_by = :by::jsonb, error = :error"
                                + " where id = :id")
                .param("attempts", run.attempts())
                .param("waited", run.waitedMillis())
                .param("by", json(run.blockers()))
                .param("error", error)
                .param("id", run.id())
                .update();
    }

    /** @param connection whose transaction it belongs to */
    static void stepDone(Connection connection, StepRun run, long waitedForLock, long held) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DONE)) {
            statement.setInt(1, run.attempts() + 1);
            statement.setLong(2, Math.max(waitedForLock, run.waitedMillis() - held));
            statement.setLong(3, held);
            statement.setLong(4, run.id());
            statement.executeUpdate();
        }
    }

    /** The latest steps, the newest first. */
    List<ReferenceStatus.Done> steps(String reference, int most) {
        return sql()
                .sql(STEPS + " where reference = :reference order by id desc limit :most")
                .param("reference", reference)
                .param("most", most)
                .query(new RecordMapper<>(StepRow.class))
                .list()
                .stream()
                .map(StepRow::done)
                .toList();
    }

    /** The steps of a command, in their order. */
    List<ReferenceStatus.Done> stepsAfter(String reference, long step) {
        return sql()
                .sql(STEPS + " where reference = :reference and id > :step order by id")
                .param("reference", reference)
                .param("step", step)
                .query(new RecordMapper<>(StepRow.class))
                .list()
                .stream()
                .map(StepRow::done)
                .toList();
    }

    /** The number of the latest step; 0 before there is one. */
    long lastStep(String reference) {
        return sql().sql("select coalesce(max(id), 0) from mediaferry.reference_step where reference = :reference")
                .param("reference", reference)
                .query(Long.class)
                .single();
    }

    /** True when the last of these steps that was done is the first of them. */
    boolean lastWas(String reference, String made, String dropped) {
        return sql().sql(
                        "select step from mediaferry.reference_step where reference = :reference and step in (:made, :dropped)"
                                + " and finished is not null order by finished desc limit 1")
                .param("reference", reference)
                .param("made", made)
                .param("dropped", dropped)
                .query(String.class)
                .optional()
                .filter(made::equals)
                .isPresent();
    }

    /** True when another reference looks its keys up in the same table. */
    boolean othersLookUp(ReferenceTable table, List<Reference> references) {
        Map<String, ReferenceRow> rows = rows();
        return references.stream()
                .filter(other -> !other.name().equals(table.name()))
                .filter(other -> other.lookup().isPresent()
                        && other.lookup()
                                .get()
                                .table()
                                .equals(table.reference().lookup().orElseThrow().table()))
                .anyMatch(other ->
                        rows.containsKey(other.name()) && rows.get(other.name()).state() != ReferenceState.PLANNED);
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value that is no JSON", e);
        }
    }
}
