package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.entry.ReferenceTable.Side;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Who uses the old side, as far as the server counts. */
final class Readers {

    /** Ours name themselves. A query that has both names only in a text counts, too. */
    private static final String STATEMENTS =
            """
            select s.queryid::text as id, pg_get_userbyid(s.userid)::text as role, sum(s.calls)::bigint as calls,
              left(regexp_replace(min(s.query), '\\s+', ' ', 'g'), 120) as query
            from %s s where s.dbid = (select oid from pg_database where datname = current_database()) and s.query !~* 'mediaferry'
              and s.query ~* :table and exists (select from unnest(:columns) as c (name) where s.query ~* c.name)
              and s.query ~* '^\\s*(/\\*.*?\\*/\\s*)?(select|insert|update|delete|merge|with|copy)'
            group by s.queryid, s.userid""";

    private static final String STARS =
            """
            select max(s.calls)::text || ' × ' || left(regexp_replace(s.query, '\\s+', ' ', 'g'), 120) from %s s
            where s.dbid = (select oid from pg_database where datname = current_database()) and s.query !~* 'mediaferry' and s.query ~* :table
              and s.query ~* '(select|returning|,)\\s+([a-z0-9_"]+\\.)?\\*' group by s.query order by max(s.calls) desc limit 5""";

    private static final String INDEXES =
            """
            select i.indexrelid::regclass::text as id, '' as role, coalesce(u.idx_scan, 0) as calls, '' as query from pg_index i
            left join pg_stat_user_indexes u on u.indexrelid = i.indexrelid
            where i.indrelid = :table and exists (select from pg_attribute a where a.attrelid = i.indrelid and a.attnum = any (i.indkey)
              and a.attname = any (:columns))""";

    /** It is loaded where it has settings; what is loaded may not every role read. Without that right others' statements have no text. */
    private static final String EXTENSION =
            """
            select coalesce((select quote_ident(n.nspname) || '.pg_stat_statements' from pg_extension e join pg_namespace n on n.oid = e.extnamespace
              where e.extname = 'pg_stat_statements' and current_setting('pg_stat_statements.max', true) is not null
                and pg_has_role('pg_read_all_stats', 'usage')), '')""";

    private final Database database;
    private final ReferenceTable table;

    /**
     * A statement or an index that somebody uses.
     *
     * @param id number of the query, or name of the index
     */
    record Use(String id, String role, long calls, String query) {}

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

    /** @return a pattern that finds a name as a word, in quotes or without, in capitals or not */
    static String word(String name) {
        return "(^|[^[:alnum:]_])" + name.replaceAll("([\\\\\\]\\[.*+?^$(){}|])", "\\\\$1") + "([^[:alnum:]_]|$)";
    }

    Counts now() {
        String extension = extension();
        List<Use> statements = statements(extension);
        Map<String, String> texts = new TreeMap<>();
        statements.forEach(use -> texts.put(use.id(), use.query()));
        return new Counts(
                new Counters(database, table).oldWrites(),
                extension.isEmpty() ? null : calls(statements),
                texts,
                calls(database.client()
                        .sql(INDEXES)
                        .param("table", table.oid())
                        .param("columns", old().toArray(String[]::new))
                        .query(new RecordMapper<>(Use.class))
                        .list()),
                reset(extension));
    }

    /** @return statements that read all columns of the table; none where the server does not count them */
    List<String> stars() {
        String extension = extension();
        return extension.isEmpty()
                ? List.of()
                : database.client()
                        .sql(STARS.formatted(extension))
                        .param("table", word(table.reference().table()))
                        .query(String.class)
                        .list();
    }

    /** @return statements that name an old column, by who sends them; none where the server does not count them */
    List<Use> statements() {
        return statements(extension());
    }

    private List<Use> statements(String extension) {
        return extension.isEmpty()
                ? List.of()
                : database.client()
                        .sql(STATEMENTS.formatted(extension))
                        .param("table", word(table.reference().table()))
                        .param("columns", old().stream().map(Readers::word).toArray(String[]::new))
                        .query(new RecordMapper<>(Use.class))
                        .list();
    }

    private String extension() {
        return database.client().sql(EXTENSION).query(String.class).single();
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

    private static Map<String, Long> calls(List<Use> uses) {
        return uses.stream().collect(Collectors.toMap(Use::id, Use::calls, Long::sum, TreeMap::new));
    }

    private List<String> old() {
        return table.reference().old().stream()
                .map(name -> table.side() == Side.RETIRED ? ReferenceTable.retired(name) : name)
                .toList();
    }
}
