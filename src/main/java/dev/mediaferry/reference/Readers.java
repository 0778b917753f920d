package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.entry.ReferenceTable.Side;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Who uses the old side, as far as the server counts. */
final class Readers {

    /** Ours name themselves. Of others the table and the column have to be named, as words: also in a text. */
    private static final String STATEMENTS =
            """
            select s.queryid::text as id, sum(s.calls)::bigint as calls, left(regexp_replace(min(s.query), '\\s+', ' ', 'g'), 120) as query
            from %s s where s.dbid = (select oid from pg_database where datname = current_database()) and s.query !~* 'mediaferry'
              and exists (select from unnest(:columns) as c (name) where s.query ~* %s) and s.query ~* %s
              and s.query ~* '^\\s*(/\\*.*?\\*/\\s*)?(select|insert|update|delete|merge|with|copy)'
            group by s.queryid""";

    private static final String INDEXES =
            """
            select i.indexrelid::regclass::text as id, coalesce(u.idx_scan, 0) as calls, '' as query from pg_index i
            left join pg_stat_user_indexes u on u.indexrelid = i.indexrelid
            where i.indrelid = :table and exists (select from pg_attribute a where a.attrelid = i.indrelid and a.attnum = any (i.indkey)
              and a.attname = any (:columns))""";

    private final Database database;
    private final ReferenceTable table;

    private record Use(String id, long calls, String query) {}

    /**
     * @param oldWrites of old clients, as the triggers count
     * @param statements that name the old columns: calls by number; null where the server does not count them
     * @param texts of these statements
     * @param indexes on the old columns: scans by name
     * @param reset when the server began to count, or null
     */
    record Counts(
            Long oldWrites,
            Map<String, Long> statements,
            Map<String, String> texts,
            Map<String, Long> indexes,
            String reset) {}

    Readers(Database database, ReferenceTable table) {
        this.database = database;
        this.table = table;
    }

    Counts now() {
        String extension = database.client()
                .sql(
                        "select coalesce((select quote_ident(n.nspname) || '.pg_stat_statements' from pg_extension e join pg_namespace n on n.oid = e.extnamespace"
                                + " where e.extname = 'pg_stat_statements' and current_setting('shared_preload_libraries') ~ 'pg_stat_statements'), '')")
                .query(String.class)
                .single();
        Map<String, Use> statements = extension.isEmpty() ? null : uses(STATEMENTS.formatted(extension, Sql.word("c.name"), Sql.word(":name")));
        return new Counts(
                new Counters(database, table).oldWrites(),
                statements == null ? null : calls(statements),
                statements == null
                        ? Map.of()
                        : statements.values().stream().collect(Collectors.toMap(Use::id, Use::query)),
                calls(uses(INDEXES)),
                reset(extension));
    }

    private String reset(String extension) {
        return extension.isEmpty()
                ? null
                : database.client()
                        .sql("select stats_reset::text from " + extension + "_info")
                        .query(String.class)
                        .optional()
                        .orElse(null);
    }

    private Map<String, Use> uses(String query) {
        var asked = database.client().sql(query).param("columns", old());
        return (query.equals(INDEXES)
                        ? asked.param("table", table.oid())
                        : asked.param("name", table.reference().table()))
                .query(new RecordMapper<>(Use.class)).list().stream().collect(Collectors.toMap(Use::id, one -> one));
    }

    private static Map<String, Long> calls(Map<String, Use> uses) {
        Map<String, Long> calls = new TreeMap<>();
        uses.forEach((id, use) -> calls.put(id, use.calls()));
        return calls;
    }

    private String[] old() {
        return table.reference().old().stream()
                .map(name -> table.side() == Side.RETIRED ? ReferenceTable.retired(name) : name)
                .toArray(String[]::new);
    }
}
