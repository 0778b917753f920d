package dev.mediaferry.planning;

import dev.mediaferry.entry.Column;
import dev.mediaferry.entry.ColumnQueries;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.run.FieldRun;
import dev.mediaferry.run.ScanProgress;
import dev.mediaferry.storage.Buckets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds the rows of a column that are invalid or foreign, judged as a run judges them. Changes nothing. */
public final class LeftOutRows {

    /** Characters of a value that are shown. */
    private static final int SHOWN = 100;

    /** @param reason null where only a look at the link tells whether it is left out */
    private record Row(String id, String source, String reason) {}

    private final JdbcClient database;
    private final ColumnPlanner planner;

    public LeftOutRows(Database database, Buckets buckets) {
        this.database = database.client();
        this.planner = new ColumnPlanner(buckets);
    }

    /**
     * Reads the column page by page, up to the last row that is wanted.
     *
     * @param most rows that are wanted
     */
    public List<LeftOutRow> of(Column column, long most) {
        if (most == 0) {
            return List.of();
        }
        FieldRun field = new FieldRun(column);
        List<LeftOutRow> found = new ArrayList<>();
        Map<String, Object> parameters = planner.parameters(field);
        List<Row> page;
        do {
            boolean first = parameters.get("after") == null;
            page = database.sql(column.queries().leftOutSql(first).replace(":#", ":"))
                    .params(parameters)
                    .query(new RecordMapper<>(Row.class))
                    .list();
            for (Row row : page) {
                parameters.put("after", row.id());
                reason(field, row)
                        .filter(reason -> found.size() < most)
                        .ifPresent(reason ->
                                found.add(new LeftOutRow(column.name(), row.id(), reason, shown(row.source()))));
            }
        } while (page.size() == ColumnQueries.SCAN_PAGE && found.size() < most);
        return found;
    }

    private Optional<String> reason(FieldRun field, Row row) {
        return row.reason() != null
                ? Optional.of(row.reason())
                : planner.leftOut(field, row.source())
                        .filter(skip -> skip != ScanProgress.Skip.OURS)
                        .map(skip -> skip.name().toLowerCase(Locale.ROOT));
    }

    private static String shown(String value) {
        int query = value.indexOf('?');
        String without = query < 0 ? value : value.substring(0, query) + "?…";
        return without.length() > SHOWN ? without.substring(0, SHOWN) + "…" : without;
    }
}
