package dev.mediaferry.console;

import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is moving, what will die before it is moved, and whether all is well. */
final class OverviewPage {

    private static final int RUNS = 30;

    private final Operations operations;
    private final Figures figures;
    private final RunList runs;
    private final JdbcClient database;

    /** A host that is slowed down or shut out. */
    public record HeldHost(
            String host, Double rate, int concurrency, int strikes, Instant shutOutUntil, Instant updated) {}

    /** A bucket that is left alone, since the store refuses everything. */
    public record Pause(String bucket, Instant since, String reason, String host, long pid) {}

    /** A process that holds rows. */
    public record Claims(Integer worker, String host, Long pid, long rows, Instant since, boolean alive) {}

    OverviewPage(Operations operations, Figures figures, RunList runs) {
        this.operations = operations;
        this.figures = figures;
        this.runs = runs;
        this.database = operations.database().client();
    }

    Answer show() {
        List<RunList.Line> newest = runs.newest(Long.MAX_VALUE, RUNS);
        Map<String, Object> model = new HashMap<>();
        figures.coverage().ifPresent(taken -> {
            model.put("coverage", taken.value());
            model.put("counted", taken.at());
        });
        figures.health().ifPresent(taken -> {
            model.put("health", taken.value());
            model.put("asked", taken.at());
        });
        model.put("runs", newest);
        model.put("current", newest.stream().filter(RunList.Line::running).toList());
        operations.schedule().next(Instant.now()).ifPresent(next -> model.put("next", next));
        model.put("hosts", list("held-hosts", HeldHost.class));
        model.put("pauses", list("store-pauses", Pause.class));
        model.put(
                "claims",
                database.sql(Database.statement("claims-by-worker"))
                        .param("space", operations.database().schema().lockSpace())
                        .query(new RecordMapper<>(Claims.class))
                        .list());
        return new Answer.Page("overview", model);
    }

    private <T extends Record> List<T> list(String statement, Class<T> type) {
        return database.sql(Database.statement(statement))
                .query(new RecordMapper<>(type))
                .list();
    }
}
