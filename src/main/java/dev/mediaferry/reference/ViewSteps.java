package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.reference.Step.Lock;
import java.util.ArrayList;
import java.util.List;

/**
 * Columns that get new names behind a view. The table gives its own name to a view that has every column, those of the rename twice:
 * clients of before and of after find what they know under the name that they know. No row is written. Each step is one
 * transaction of renames.
 */
final class ViewSteps {

    private final ReferenceTable table;
    private final String schema;
    private final String view;
    private final String behind;

    ViewSteps(ReferenceTable table) {
        this.table = table;
        this.schema = table.table().substring(0, table.table().lastIndexOf(".\""));
        this.view = table.reference().table();
        this.behind = ReferenceTable.behind(view);
    }

    /** Puts a view in the table's place. */
    List<Step> expand() {
        return List.of(step("view", isViewed(), views()));
    }

    /** Gives the table its name back, and its columns their new ones. */
    List<Step> contract() {
        List<String> statements = new ArrayList<>(unview());
        statements.addAll(renames(table.reference().old(), table.reference().fresh()));
        return List.of(step("retire", isNamed(table.reference().fresh()), statements));
    }

    /** The columns get their old names again, and the view both. */
    List<Step> reinstate() {
        List<String> statements = new ArrayList<>(
                renames(table.reference().fresh(), table.reference().old()));
        statements.addAll(views());
        return List.of(step("reinstate", isViewed(), statements));
    }

    /** Gives the table its name back, as it was. */
    List<Step> revert() {
        return List.of(step("drop-view", isNamed(table.reference().old()), unview()));
    }

    String view() {
        return schema + "." + Sql.name(view);
    }

    private Step step(String name, String probe, List<String> statements) {
        return new Step(name, probe, statements, Lock.ACCESS_EXCLUSIVE, table.table(), List.of(table.oid()));
    }

    /** The catalogue writes the view: what the table has now is only known under its lock. */
    private List<String> views() {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < table.reference().old().size(); i++) {
            names.append(", ")
                    .append(Sql.name(table.reference().old().get(i)))
                    .append(" as ")
                    .append(Sql.name(table.reference().fresh().get(i)));
        }
        String below = schema + "." + Sql.name(behind);
        return List.of(
                "alter table %s rename to %s".formatted(view(), Sql.name(behind)),
                """
                do $mediaferry$
                declare
                  columns text;
                  statement text;
                begin
                  select string_agg(quote_ident(attname), ', ' order by attnum) into columns
                  from pg_attribute where attrelid = %1$d and attnum > 0 and not attisdropped;
                  execute format('create view %%s with (%%s) as select %%s%%s from %%s', %2$s,
                    case when current_setting('server_version_num')::int >= 150000 then 'security_invoker = true' else 'security_barrier = false' end,
                    columns, %3$s, %4$s);
                  select format('alter view %%s owner to %%I', %2$s, pg_get_userbyid(relowner)) into statement from pg_class where oid = %1$d;
                  execute statement;
                  for statement in %5$s loop
                    execute statement;
                  end loop;
                end $mediaferry$"""
                        .formatted(
                                table.oid(), Sql.text(view()), Sql.text(names.toString()), Sql.text(below), grants()));
    }

    /** Statements that give others the rights on the view that they have on the table and its columns. */
    private String grants() {
        StringBuilder pairs = new StringBuilder();
        for (int i = 0; i < table.reference().old().size(); i++) {
            pairs.append(i == 0 ? "" : ", ")
                    .append("(")
                    .append(Sql.text(table.reference().old().get(i)))
                    .append(", ")
                    .append(Sql.text(table.reference().fresh().get(i)))
                    .append(")");
        }
        String to =
                "case x.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(x.grantee)) end, case when x.is_grantable then ' with grant option' else '' end";
        return """
                select format('grant %%s on %%s to %%s%%s', x.privilege_type, %1$s, %2$s)
                  from pg_class c cross join lateral aclexplode(c.relacl) x
                  where c.oid = %3$d and x.grantee <> c.relowner and x.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
                  union all
                  select format('grant %%s (%%I) on %%s to %%s%%s', x.privilege_type, n.name, %1$s, %2$s)
                  from pg_attribute a cross join lateral aclexplode(a.attacl) x
                  cross join lateral (select a.attname::text as name union select p.fresh from (values %4$s) as p (old, fresh) where p.old = a.attname) as n
                  where a.attrelid = %3$d and not a.attisdropped and x.privilege_type in ('SELECT', 'INSERT', 'UPDATE')"""
                .formatted(Sql.text(view()), to, table.oid(), pairs);
    }

    private List<String> unview() {
        return List.of(
                "drop view " + view(),
                "alter table %s.%s rename to %s".formatted(schema, Sql.name(behind), Sql.name(view)));
    }

    private List<String> renames(List<String> from, List<String> to) {
        List<String> statements = new ArrayList<>();
        for (int i = 0; i < from.size(); i++) {
            statements.add("alter table %s rename column %s to %s"
                    .formatted(view(), Sql.name(from.get(i)), Sql.name(to.get(i))));
        }
        return statements;
    }

    /** The view is there, over the table, with all of its columns and the new names. */
    private String isViewed() {
        return "select exists (select from pg_class v join pg_class t on t.relnamespace = v.relnamespace where t.oid = %d and t.relname = %s"
                        .formatted(table.oid(), Sql.text(behind))
                + " and v.relname = %s and v.relkind = 'v' and not exists (select from (select attname from pg_attribute where attrelid = t.oid"
                        .formatted(Sql.text(view))
                + " and attnum > 0 and not attisdropped union all select name from unnest(array["
                + Sql.each(table.reference().fresh(), ", ", Sql::text)
                + "]) as f (name)) as c where not exists (select from pg_attribute a where a.attrelid = v.oid and a.attname = c.attname)))";
    }

    private String isNamed(List<String> columns) {
        return "select (select relname = %s from pg_class where oid = %d) and (select count(*) = %d from pg_attribute where attrelid = %d"
                        .formatted(Sql.text(view), table.oid(), columns.size(), table.oid())
                + " and not attisdropped and attname in (" + Sql.each(columns, ", ", Sql::text) + "))";
    }
}
