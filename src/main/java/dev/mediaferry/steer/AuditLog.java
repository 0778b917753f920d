package dev.mediaferry.steer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.failure.MediaferryException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who has done what, from where, and what became of it. It is written before an act begins, so that none is missing. */
public final class AuditLog {

    private final JdbcClient database;
    private final int lockSpace;
    private final Supplier<Integer> worker;
    private final JsonMapper json = JsonMapper.builder().build();

    /**
     * Who acts.
     *
     * @param from an address, or the command
     */
    public record Actor(String who, String from) {}

    /**
     * One act.
     *
     * @param subject in JSON
     * @param ended null while it goes on, and for good when it was interrupted
     * @param outcome in JSON: counts, also while it goes on; null without any
     * @param failure why it was not done, or not to its end; null when it was
     * @param interrupted true when its process died before the end; of a command nobody knows
     */
    public record Line(
            long id,
            Instant at,
            String who,
            String origin,
            String act,
            String subject,
            Instant ended,
            String outcome,
            String failure,
            boolean interrupted) {}

    public AuditLog(Database database) {
        this(database, () -> null);
    }

    /** @param worker number of this process in the ledger, by which others see whether it is alive */
    public AuditLog(Database database, Supplier<Integer> worker) {
        this.database = database.client();
        this.lockSpace = database.schema().lockSpace();
        this.worker = worker;
    }

    /**
     * Acts, with a line before and its outcome after.
     *
     * @param act like discard-dead-letters
     * @param subject of what; made JSON
     * @param work is given the line's number; its result is made JSON
     */
    public <T> T act(Actor actor, String act, Map<String, ?> subject, LongFunction<T> work) {
        long id = begin(actor, act, subject);
        try {
            T outcome = work.apply(id);
            end(id, outcome, null);
            return outcome;
        } catch (MediaferryException e) {
            end(id, null, e.getMessage());
            throw e;
        } catch (RuntimeException e) {
            end(id, null, "the log says more");
            throw e;
        }
    }

    public long begin(Actor actor, String act, Map<String, ?> subject) {
        return database.sql(Database.statement("audit-begin"))
                .param("who", actor.who())
                .param("origin", actor.from())
                .param("act", act)
                .param("subject", text(subject))
                .param("worker", worker.get())
                .query(Long.class)
                .single();
    }

    /** @param soFar counts of an act that goes on */
    public void progress(long id, Object soFar) {
        database.sql(Database.statement("audit-progress"))
                .param("id", id)
                .param("outcome", text(soFar))
                .update();
    }

    /** @param failure null when all was done */
    public void end(long id, Object outcome, String failure) {
        database.sql(Database.statement("audit-end"))
                .param("id", id)
                .param("outcome", outcome == null ? null : text(outcome))
                .param("failure", failure)
                .update();
    }

    /** @param before only older ones */
    public List<Line> newest(long before, int most) {
        return database.sql(Database.statement("audit-list"))
                .param("space", lockSpace)
                .param("before", before)
                .param("most", most)
                .query(new RecordMapper<>(Line.class))
                .list();
    }

    public Optional<Line> find(long id) {
        return newest(id + 1, 1).stream().filter(line -> line.id() == id).findFirst();
    }

    private String text(Object document) {
        try {
            return json.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an act that is no JSON", e);
        }
    }
}
