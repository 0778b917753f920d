package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.registry.Registry;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a view cannot do in the place of a table, and whether the one that is there does what it can. */
final class ViewFacts {

    private static final String ROW_TYPE =
            """
            select distinct 'function ' || p.oid::regprocedure::text from pg_proc p join pg_class c on c.oid = :table
            join pg_type t on t.oid = c.reltype
            where t.oid = p.prorettype or t.oid = any (p.proargtypes) or t.typarray = p.prorettype or t.typarray = any (p.proargtypes)
              or t.oid = any (p.proallargtypes) order by 1""";

    private static final String PUBLISHED =
            """
            select distinct p.pubname::text from pg_publication_tables p join pg_class c on c.relname = p.tablename
            join pg_namespace n on n.oid = c.relnamespace and n.nspname = p.schemaname where c.oid = :table order by 1""";

    private static final String SUBSCRIBED =
            "select s.subname::text from pg_subscription_rel r join pg_subscription s on s.oid = r.srsubid where r.srrelid = :table order by 1";

    private static final String RULES = "select rulename::text from pg_rewrite where ev_class = :table order by 1";

    private static final String SECURED =
            """
            select relname::text from pg_class where oid = :table and relrowsecurity and current_setting('server_version_num')::int < 150000""";

    private static final String TEXTS =
            """
            select distinct 'function ' || p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            cross join unnest(:columns) as c (name)
            where n.nspname not in ('pg_catalog', 'information_schema', :ledger) and p.prokind in ('f', 'p') and p.prosrc ~* c.name and p.prosrc ~* :word
            union
            select distinct 'view ' || w.oid::regclass::text from pg_class v join pg_depend d on d.refobjid = v.oid
            join pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass join pg_class w on w.oid = r.ev_class
            where v.oid = to_regclass(:view) and v.relkind = 'v' and w.oid <> v.oid order by 1""";

    private static final String UNLIKE =
            """
            select distinct case x.grantee when 0 then 'public' else pg_get_userbyid(x.grantee)::text end || ': ' || lower(x.privilege_type)
            from pg_class c cross join lateral aclexplode(c.relacl) x
            where c.oid = :table and x.grantee <> c.relowner and x.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE') and not exists (
              select from pg_class v cross join lateral aclexplode(v.relacl) y
              where v.oid = to_regclass(:view) and y.grantee = x.grantee and y.privilege_type = x.privilege_type)
            order by 1""";

    private final Database database;
    private final ReferenceTable table;
    private final List<Finding> reasons = new ArrayList<>();

    ViewFacts(Database database, ReferenceTable table) {
        this.database = database;
        this.table = table;
    }

    /** @return why a view would not do for the clients of the table, among them this program */
    List<Finding> reasons(Registry registry) {
        String relation = table.reference().relation();
        List<String> ours = new ArrayList<>();
        registry.fields().stream()
                .filter(field ->
                        relation.equals(field.schema() == null ? field.table() : field.schema() + "." + field.table()))
                .forEach(field -> ours.add("fields: " + field.name()));
        registry.references().stream()
                .filter(other -> other.lookup()
                        .filter(looked -> relation.equals(
                                looked.schema() == null ? looked.table() : looked.schema() + "." + looked.table()))
                        .isPresent())
                .forEach(other -> ours.add("references: " + other.name()));
        add(
                "registry",
                ours,
                "these entries need the table itself, and no view; take them out meanwhile, or rename by: copy");
        add(
                "row-type",
                list(ROW_TYPE),
                "these take or return rows of the table, and would not take rows of the view; change them, or rename by: copy");
        add(
                "publications",
                list(PUBLISHED),
                "a publication knows the table by its name, which subscribers do not find under another; rename by: copy");
        add("subscriptions", list(SUBSCRIBED), "a subscription writes to the table by its name; rename by: copy");
        add("rules", list(RULES), "rules of the table would not be the view's; rename by: copy");
        add(
                "row-security",
                list(SECURED),
                "before PostgreSQL 15 a view shows the rows that its owner sees, so row security would be lost; rename by: copy");
        return reasons;
    }

    /** @return what of the view is not as it has to be */
    List<Finding> problems() {
        boolean updatable =
                view("select coalesce(pg_relation_is_updatable(to_regclass(:view), false) & 28 = 28, false)")
                        .query(Boolean.class)
                        .single();
        if (!updatable) {
            reasons.add(new Finding(
                    "updatable", 1, List.of(), "not every write can go through the view: run expand again"));
        }
        add(
                "grants",
                view(UNLIKE).param("table", table.oid()).query(String.class).list(),
                "who may use the table may not use the view: grant it");
        return reasons;
    }

    /** @return functions that name the old columns, and views that others have made over ours; what PostgreSQL knows by number goes on */
    List<String> dependents() {
        return view(TEXTS)
                .param(
                        "columns",
                        table.reference().old().stream().map(Readers::word).toArray(String[]::new))
                .param("word", Readers.word(table.reference().table()))
                .param("ledger", database.schema().name())
                .query(String.class)
                .list();
    }

    private JdbcClient.StatementSpec view(String query) {
        return database.client().sql(query).param("view", new ViewSteps(table).view());
    }

    private List<String> list(String query) {
        return database.client()
                .sql(query)
                .param("table", table.oid())
                .query(String.class)
                .list();
    }

    private void add(String clause, List<String> samples, String words) {
        if (!samples.isEmpty()) {
            reasons.add(new Finding(clause, samples.size(), samples, words));
        }
    }
}
