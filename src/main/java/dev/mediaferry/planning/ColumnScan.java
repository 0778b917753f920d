package dev.mediaferry.planning;

import dev.mediaferry.entry.Column;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.run.FieldRun;
import dev.mediaferry.run.Run;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.Runs;
import dev.mediaferry.storage.Buckets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads a column to its end as a run that plans it does, and changes nothing. */
public final class ColumnScan {

    private static final RunOptions LOOK =
            new RunOptions(List.of(), true, OptionalLong.empty(), OptionalInt.empty(), false);

    private final JdbcClient database;
    private final ColumnPlanner planner;
    private final CandidateQueue queue = new CandidateQueue();

    public ColumnScan(Database database, Buckets buckets) {
        this.database = database.client();
        this.planner = new ColumnPlanner(buckets);
    }

    /**
     * @param horizon when the next scheduled run starts
     * @param pages takes every page that has rows to be moved
     * @return what a run would have seen
     */
    public FieldRun of(Column column, Instant horizon, Consumer<CandidatePage> pages) {
        FieldRun field = new FieldRun(column);
        Run look = new Run(0, LOOK, horizon, Runs.READS_AGAIN, List.of(field));
        while (!field.census().scanned() && !look.stopping()) {
            CandidatePage page =
                    planner.examine(field, query(planner.pageSql(field), planner.parameters(field), ColumnRow.class));
            if (!page.isEmpty()) {
                queue.known(page, query(Database.statement("known-transfers"), page.parameters(), KnownRows.class));
                pages.accept(page);
            }
            field.pageDone();
        }
        return field;
    }

    private <R extends Record> List<R> query(String sql, Map<String, Object> parameters, Class<R> row) {
        return database.sql(sql.replace(":#", ":"))
                .params(parameters)
                .query(new RecordMapper<>(row))
                .list();
    }
}
