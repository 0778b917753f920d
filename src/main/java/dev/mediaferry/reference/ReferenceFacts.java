package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.entry.ReferenceTable.Side;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.registry.Reference.Kind;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the catalogue says around a reference: who else depends on its columns, who may use them, what is missing. */
final class ReferenceFacts {

    private static final String DEPENDENTS =
            """
            select distinct 'view ' || v.oid::regclass::text as name
            from pg_depend d join pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
            join pg_class v on v.oid = r.ev_class
            join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
            where d.refobjid = :table and a.attname = any (:columns) and v.oid <> :table
            union all
            select distinct 'policy ' || p.polname from pg_depend d join pg_policy p on p.oid = d.objid and d.classid = 'pg_policy'::regclass
            join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
            where d.refobjid = :table and a.attname = any (:columns)
            union all
            select distinct 'generated column ' || g.attname from pg_depend d
            join pg_attrdef f on f.oid = d.objid and d.classid = 'pg_attrdef'::regclass
            join pg_attribute g on g.attrelid = f.adrelid and g.attnum = f.adnum and g.attgenerated <> ''
            join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
            where d.refobjid = :table and a.attname = any (:columns)
            union all
            select distinct 'trigger ' || t.tgname from pg_trigger t join pg_attribute a on a.attrelid = t.tgrelid and a.attnum = any (t.tgattr)
            where t.tgrelid = :table and a.attname = any (:columns) and t.tgname not like '~mediaferry %'
            union all
            select distinct 'function ' || p.oid::regprocedure::text from pg_depend d join pg_proc p on p.oid = d.objid and d.classid = 'pg_proc'::regclass
            join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
            where d.refobjid = :table and a.attname = any (:columns)
            order by 1""";

    /** The server keeps of most functions their text alone. A trigger's function need not name its table. */
    private static final String FUNCTIONS =
            """
            select distinct p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            cross join unnest(:columns) as c (name)
            where n.nspname not in ('pg_catalog', 'information_schema', :ledger) and p.prokind in ('f', 'p')
              and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
              and p.prosrc ~* %s and (p.prosrc ~* %s or exists (select from pg_trigger t where t.tgrelid = :table and t.tgfoid = p.oid))
            order by 1"""
                    .formatted(Sql.word("c.name"), Sql.word(":name"));

    /** Publications that name columns, and name one side only. */
    private static final String PUBLICATIONS =
            """
            select p.pubname::text as name from pg_publication p join pg_publication_rel r on r.prpubid = p.oid
            where r.prrelid = :table and r.prattrs is not null
              and exists (select from pg_attribute a where a.attrelid = :table and a.attname = any (:old) and a.attnum = any (r.prattrs::int2[]))
              and (select count(*) from pg_attribute a where a.attrelid = :table and a.attname = any (:fresh) and a.attnum = any (r.prattrs::int2[]))
                < cardinality(:fresh)
            order by 1""";

    private static final String PUBLISHED =
            "select distinct pubname::text as name from pg_publication_tables where schemaname || '.' || tablename = :relation order by 1";

    private static final String GRANTS =
            """
            select format('grant %s (%s) on %s to %s%s', lower(x.privilege_type), '%COLUMN%', '%TABLE%',
                case x.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(x.grantee)) end,
                case when x.is_grantable then ' with grant option' else '' end) as name
            from pg_attribute a cross join lateral aclexplode(a.attacl) x
            where a.attrelid = :table and a.attname = :column and not a.attisdropped order by 1""";

    private static final String RIGHTS =
            """
            select problem as name from (values
              (not pg_has_role((select relowner from pg_class where oid = :table), 'usage'),
                'the database user is not the owner of ' || :relation || ', nor a member of that role: it can alter nothing there'),
              (not has_schema_privilege((select relnamespace from pg_class where oid = :table), 'create'),
                'the database user may not create indexes in the schema of ' || :relation || ': grant create on it'),
              (:lookup <> 0 and not has_table_privilege(nullif(:lookup, 0)::oid, 'references'),
                'the database user may not refer to ' || :lookupRelation || ': grant references on it'),
              (:lookup <> 0 and not pg_has_role((select relowner from pg_class where oid = nullif(:lookup, 0)::oid), 'usage')
                and not exists (select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
                  where i.indrelid = nullif(:lookup, 0)::oid and i.indisvalid and i.indpred is null and a.attname = :key),
                'there is no index on ' || :key || ' of ' || :lookupRelation || ', and the database user may not create one')
            ) as p (missing, problem) where missing""";

    private static final String TRANSACTIONS =
            """
            select a.pid, coalesce(a.usename::text, '') as role, coalesce(a.application_name, '') as application,
              extract(epoch from clock_timestamp() - a.xact_start)::bigint as seconds,
              left(regexp_replace(a.query, '\\s+', ' ', 'g'), 120) as query
            from pg_stat_activity a where a.datname = current_database() and a.pid <> pg_backend_pid()
              and a.xact_start < clock_timestamp() - make_interval(secs => :seconds) and a.backend_type = 'client backend'
            order by a.xact_start limit 5""";

    private static final String HIDDEN =
            """
            select not pg_has_role('pg_read_all_stats', 'usage') and exists (select from pg_stat_activity a where a.datname = current_database()
              and not pg_has_role(a.usesysid, 'usage'))""";

    /** Whom an index waits for is only known here: it asks for no lock that others could see it wait for. */
    private static final String BUILDING =
            """
            select p.phase || case when p.blocks_total > 0 then format(', %s of %s blocks', p.blocks_done, p.blocks_total) else '' end
              || case when l.pid is null then '' else format(', waits for process %s of %s (%s), for %s s: %s', l.pid, l.usename, l.application_name,
                extract(epoch from clock_timestamp() - l.xact_start)::bigint, left(regexp_replace(l.query, '\\s+', ' ', 'g'), 120)) end
            from pg_stat_progress_create_index p left join pg_stat_activity l on l.pid = nullif(p.current_locker_pid, 0)
            where p.datname = current_database() and p.relid = any (:tables) limit 1""";

    private final Database database;
    private final ReferenceTable table;

    private record Named(String name) {}

    ReferenceFacts(Database database, ReferenceTable table) {
        this.database = database;
        this.table = table;
    }

    private JdbcClient sql() {
        return database.client();
    }

    /** @return what would go on to use the old columns, or stop working, by name */
    List<String> dependents() {
        if (table.reference().kind() == Kind.VIEW) {
            return new ViewFacts(database, table).dependents();
        }
        return sql()
                .sql(DEPENDENTS)
                .param("table", table.oid())
                .param("columns", old())
                .param("ledger", database.schema().name())
                .query(new RecordMapper<>(Named.class))
                .list()
                .stream()
                .map(Named::name)
                .toList();
    }

    /** @return functions whose text has the table and an old column: most likely they use it */
    List<String> functions() {
        return sql().sql(FUNCTIONS)
                .param("table", table.oid())
                .param("name", table.reference().table())
                .param("columns", old())
                .param("ledger", database.schema().name())
                .query(String.class)
                .list();
    }

    /** @return old columns that may not be empty */
    List<String> required() {
        return sql().sql(
                        "select attname::text from pg_attribute where attrelid = :table and attname = any (:old) and attnotnull"
                                + " and not attisdropped")
                .param("table", table.oid())
                .param("old", old())
                .query(String.class)
                .list();
    }

    /** @return what the old columns get in rows that do not name them, as {@code column: expression}, unless it refers to nothing */
    List<String> defaults() {
        return sql().sql(
                        "select a.attname::text || ': ' || pg_get_expr(d.adbin, d.adrelid) from pg_attribute a join pg_attrdef d"
                                + " on d.adrelid = a.attrelid and d.adnum = a.attnum where a.attrelid = :table"
                                + " and a.attname = any (:old) and a.attgenerated = '' and not a.attisdropped"
                                + " and pg_get_expr(d.adbin, d.adrelid) !~ (case when :lookup then '^(NULL|'''')(::|$)' else '^NULL(::|$)' end)")
                .param("table", table.oid())
                .param("old", old())
                .param("lookup", table.lookup().isPresent())
                .query(String.class)
                .list();
    }

    /** @return publications that name the old columns and lack the new ones */
    List<String> incompletePublications() {
        return sql().sql(PUBLICATIONS)
                .param("table", table.oid())
                .param("old", old())
                .param("fresh", table.reference().fresh().toArray(String[]::new))
                .query(String.class)
                .list();
    }

    /** @return publications of the table: each subscriber needs the new columns before anybody writes them */
    List<String> publications() {
        return sql().sql(PUBLISHED)
                .param("relation", table.relation())
                .query(String.class)
                .list();
    }

    /** @return statements that give others the rights on the new columns that they have on single old ones */
    List<String> grants() {
        List<String> grants = new ArrayList<>();
        List<String> fresh = table.reference().fresh();
        String[] old = old();
        for (int i = 0; i < fresh.size(); i++) {
            for (int j = 0; j < old.length; j++) {
                // Of a rename each new column has one old one, else each has all of them.
                if (fresh.size() == 1 || i == j) {
                    String statement = GRANTS.replace("'%COLUMN%'", Sql.text(Sql.name(fresh.get(i))))
                            .replace("'%TABLE%'", Sql.text(table.table()));
                    grants.addAll(sql().sql(statement)
                            .param("table", table.oid())
                            .param("column", old[j])
                            .query(String.class)
                            .list());
                }
            }
        }
        return grants.stream().distinct().toList();
    }

    /** True when a subscription writes into the table, which fires only triggers that always fire. */
    boolean receivesReplication() {
        return sql().sql("select exists (select from pg_subscription_rel where srrelid = :table)")
                .param("table", table.oid())
                .query(Boolean.class)
                .single();
    }

    /** @return what the database user may not do and would have to */
    List<String> missingRights() {
        return sql().sql(RIGHTS)
                .param("table", table.oid())
                .param("relation", table.relation())
                .param("lookup", table.lookup().map(ReferenceTable.Target::oid).orElse(0L))
                .param(
                        "lookupRelation",
                        table.lookup().map(ReferenceTable.Target::relation).orElse(""))
                .param("key", table.reference().lookup().map(one -> one.key()).orElse(""))
                .query(String.class)
                .list();
    }

    /** @return the oldest transactions that are older than this, and whether some cannot be seen */
    List<String> transactions(int seconds) {
        List<String> open = new ArrayList<>();
        if (sql().sql(HIDDEN).query(Boolean.class).single()) {
            open.add(
                    "how old those of other roles are is hidden from the database user: grant pg_read_all_stats to it");
        }
        sql().sql(TRANSACTIONS)
                .param("seconds", seconds)
                .query(new RecordMapper<>(ReferenceSession.Blocker.class))
                .list()
                .forEach(one -> open.add(one.words()));
        return open;
    }

    /** @return how far an index of the tables is, and whom it waits for; null when none is built */
    String building() {
        List<Long> tables = new ArrayList<>(List.of(table.oid()));
        table.lookup().ifPresent(target -> tables.add(target.oid()));
        return sql().sql(BUILDING)
                .param("tables", tables.toArray(Long[]::new))
                .query(String.class)
                .optional()
                .orElse(null);
    }

    /** @return seconds that the slowest replica is behind; null where there is none */
    Double lag() {
        return sql().sql(
                        "select max(extract(epoch from coalesce(replay_lag, interval '0')))::float8 as lag from pg_stat_replication")
                .query((row, n) -> row.getObject("lag", Double.class))
                .list()
                .get(0);
    }

    private String[] old() {
        return table.reference().old().stream()
                .map(name -> table.side() == Side.RETIRED ? ReferenceTable.retired(name) : name)
                .toArray(String[]::new);
    }
}
