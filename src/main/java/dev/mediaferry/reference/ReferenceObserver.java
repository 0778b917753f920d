package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Looks every now and then who still uses old sides, and how far references are. */
public final class ReferenceObserver {

    /** What each side of a use means in the ledger. */
    private static final String WRITES = "writes";

    private static final String STATEMENT = "statement";

    /**
     * Sessions whose latest statement names an old column and its table. What a session has done before cannot be seen, so this finds
     * who uses the old side often, and not everybody who ever does.
     */
    private static final String SESSIONS =
            """
            insert into mediaferry.reference_use as u (reference, side, role, application, query_id, calls, seen, query)
            select :name, 'session', coalesce(a.usename::text, ''), coalesce(a.application_name, ''), 0, count(*), now(),
              left(regexp_replace(max(a.query), '\\s+', ' ', 'g'), 120)
            from pg_stat_activity a where a.datname = current_database() and a.backend_type = 'client backend' and a.application_name <> 'mediaferry'
              and a.query !~* 'mediaferry' and a.query_start > now() - interval '90 s' and a.query ~* :tablePattern
              and exists (select from unnest(:patterns) as c (pattern) where a.query ~* c.pattern)
            group by a.usename, a.application_name
            on conflict (reference, side, role, application, query_id) do update set calls = u.calls + excluded.calls, seen = excluded.seen,
              query = excluded.query""";

    /** Only what has grown was used since the last look. */
    private static final String COUNTED =
            """
            insert into mediaferry.reference_use as u (reference, side, role, application, query_id, calls, seen, query)
            values (:name, :side, :role, '', :query_id, :calls, now(), :query)
            on conflict (reference, side, role, application, query_id) do update set calls = excluded.calls,
              seen = case when excluded.calls > u.calls then excluded.seen else u.seen end""";

    private static final String USES =
            """
            select side, role, application, calls, query, seen::text as seen from mediaferry.reference_use
            where reference = :name and calls > 0 order by reference_use.seen desc, calls desc limit 10""";

    private static final String GAUGES =
            """
            select r.name as reference, r.state, greatest(c.reltuples, 0)::bigint as rows, r.filled,
              (select coalesce(max(extract(epoch from replay_lag)), 0)::float8 from pg_stat_replication) as lag,
              coalesce(r.until < now() - interval '5 min', false) as overdue
            from mediaferry.reference r join pg_class c on c.oid = :table where r.name = :name""";

    private final Database database;
    private final Supplier<List<ReferenceTable>> tables;

    /**
     * How far a reference is.
     *
     * @param rows of the table, as the server estimates them
     * @param filled rows that the backfill has written
     * @param lag seconds that the slowest replica is behind
     * @param oldWrites of old clients since the dual write began
     * @param overdue true when a contract has not ended that ought to have
     */
    public record Gauge(
            String reference, String state, long rows, long filled, double lag, long oldWrites, boolean overdue) {}

    private record Known(String reference, String state, long rows, long filled, double lag, boolean overdue) {}

    /** @param tables of the registry, as the database has them now */
    public ReferenceObserver(Database database, Supplier<List<ReferenceTable>> tables) {
        this.database = database;
        this.tables = tables;
    }

    /** Writes down who was seen to use an old side, and answers how far each reference is. */
    public List<Gauge> observe() {
        List<Gauge> gauges = new ArrayList<>();
        Map<String, ReferenceRow> rows = new ReferenceLedger(database).rows();
        for (ReferenceTable table : tables.get()) {
            ReferenceRow row = rows.get(table.name());
            if (row == null || row.state() == ReferenceState.PLANNED) {
                continue;
            }
            Long oldWrites = new Counters(database, table).oldWrites();
            if (row.state() != ReferenceState.FINISHED) {
                note(table, oldWrites);
            }
            gauges.add(gauge(table, oldWrites));
        }
        return gauges;
    }

    private void note(ReferenceTable table, Long oldWrites) {
        Readers readers = new Readers(database, table);
        database.client()
                .sql(SESSIONS)
                .param("name", table.name())
                .param("tablePattern", Readers.word(table.reference().table()))
                .param(
                        "patterns",
                        table.reference().old().stream().map(Readers::word).toArray(String[]::new))
                .update();
        if (oldWrites != null) {
            counted(table, WRITES, "", 0, oldWrites, "");
        }
        for (Readers.Use use : readers.statements()) {
            counted(table, STATEMENT, use.role(), Long.parseLong(use.id()), use.calls(), use.query());
        }
        database.client()
                .sql(
                        "delete from mediaferry.reference_use where reference = :name and seen < now() - interval '30 days'")
                .param("name", table.name())
                .update();
    }

    private void counted(ReferenceTable table, String side, String role, long query, long calls, String text) {
        database.client()
                .sql(COUNTED)
                .param("name", table.name())
                .param("side", side)
                .param("role", role)
                .param("query_id", query)
                .param("calls", calls)
                .param("query", text)
                .update();
    }

    private Gauge gauge(ReferenceTable table, Long oldWrites) {
        Known known = database.client()
                .sql(GAUGES)
                .param("name", table.name())
                .param("table", table.oid())
                .query(new RecordMapper<>(Known.class))
                .single();
        return new Gauge(
                known.reference(),
                known.state(),
                known.rows(),
                known.filled(),
                known.lag(),
                oldWrites == null ? 0 : oldWrites,
                known.overdue());
    }

    /** @return who was seen to use an old side, the latest first */
    static List<ReferenceStatus.Use> uses(Database database, String name) {
        return database.client()
                .sql(USES)
                .param("name", name)
                .query(new RecordMapper<>(ReferenceStatus.Use.class))
                .list();
    }
}
