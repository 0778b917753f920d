package dev.mediaferry.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.run.RunProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The runs, as the ledger has them, whichever process makes them. */
final class RunList {

    private final JdbcClient database;
    private final JsonMapper json = JsonMapper.builder().build();

    /**
     * A run in a list.
     *
     * @param found null, like the other numbers, when it has no report
     */
    public record Line(
            long id,
            String kind,
            Instant started,
            Instant finished,
            String state,
            Long found,
            Long moved,
            Long waiting,
            Long superseded,
            Long dead,
            Long bytes,
            Double seconds,
            Progress progress) {

        public boolean running() {
            return state.equals("running");
        }
    }

    /**
     * How far a run is.
     *
     * @param percent of what is planned so far
     * @param rate rows that ended in a second, over the whole run
     * @param left as a text; null while more may be found, or nothing has ended yet
     */
    public record Progress(RunProgress counts, long percent, double rate, Duration left) {

        static Progress of(RunProgress counts, Instant started) {
            double seconds =
                    Math.max(1, Duration.between(started, Instant.now()).toMillis()) / 1000.0;
            double rate = counts.ended() / seconds;
            long open = Math.max(0, counts.planned() - counts.ended());
            boolean known = !counts.planning() && rate > 0;
            return new Progress(
                    counts,
                    counts.planned() == 0 ? 0 : Math.min(100, 100 * counts.ended() / counts.planned()),
                    rate,
                    known ? Duration.ofSeconds((long) (open / rate)) : null);
        }
    }

    /**
     * One run with everything.
     *
     * @param options as they were asked for
     * @param report null when it has none
     */
    public record Whole(
            long id,
            String kind,
            Instant started,
            Instant finished,
            String state,
            Progress progress,
            JsonNode options,
            JsonNode report) {}

    private record LineRow(
            long id,
            String kind,
            Instant started,
            Instant finished,
            String state,
            Long found,
            Long moved,
            Long waiting,
            Long superseded,
            Long dead,
            Long bytes,
            Double seconds,
            String progress) {}

    private record WholeRow(
            long id,
            String kind,
            Instant started,
            Instant finished,
            String state,
            String progress,
            String options,
            String report) {}

    RunList(Database database) {
        this.database = database.client();
    }

    /** @param before only older ones */
    List<Line> newest(long before, int most) {
        return database
                .sql(Database.statement("console-runs"))
                .param("before", before)
                .param("most", most)
                .query(new RecordMapper<>(LineRow.class))
                .list()
                .stream()
                .map(row -> new Line(
                        row.id(),
                        row.kind(),
                        row.started(),
                        row.finished(),
                        row.state(),
                        row.found(),
                        row.moved(),
                        row.waiting(),
                        row.superseded(),
                        row.dead(),
                        row.bytes(),
                        row.seconds(),
                        progress(row.state(), row.progress(), row.started())))
                .toList();
    }

    Optional<Whole> find(long id) {
        return database.sql(Database.statement("console-run"))
                .param("id", id)
                .query(new RecordMapper<>(WholeRow.class))
                .optional()
                .map(row -> new Whole(
                        row.id(),
                        row.kind(),
                        row.started(),
                        row.finished(),
                        row.state(),
                        progress(row.state(), row.progress(), row.started()),
                        tree(row.options()),
                        tree(row.report())));
    }

    private Progress progress(String state, String text, Instant started) {
        if (text == null || !state.equals("running")) {
            return null;
        }
        try {
            return Progress.of(json.readValue(text, RunProgress.class), started);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a run's progress is none", e);
        }
    }

    private JsonNode tree(String text) {
        try {
            return text == null ? null : json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a run's report is no JSON", e);
        }
    }
}
