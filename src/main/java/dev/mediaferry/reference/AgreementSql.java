package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.reference.ReferenceSql.Group;
import dev.mediaferry.registry.Reference.Kind;
import java.util.ArrayList;
import java.util.List;

/** The questions by which both sides are proved to say the same. All begin with our name, by which the server's statistics tell them. */
final class AgreementSql {

    private static final String OURS = "/* mediaferry */ ";

    private final ReferenceTable table;
    private final ReferenceSql sql;

    AgreementSql(ReferenceTable table) {
        this.table = table;
        this.sql = new ReferenceSql(table);
    }

    /** Rows by what their sides say: {@code class}, {@code rows}, and {@code samples} of what is not simply right. */
    String classes() {
        return "select " + OURS + "class, count(*) as rows, coalesce((array_agg(id order by id) filter"
                + " (where class not in ('null', 'exact', 'value')))[1:5], '{}') as samples from (select p." + sql.id()
                + "::text as id, " + (sql.looksUp() ? lookedUp() : plain()) + " as class from " + table.table() + " p"
                + joins() + ") as x group by class order by rows desc, class";
    }

    String count() {
        return "select " + OURS + "count(*) from " + table.table();
    }

    private String joins() {
        if (!sql.looksUp()) {
            return "";
        }
        String value = "p." + sql.old().get(0);
        String fresh = "p." + sql.fresh().get(0);
        return " left join " + sql.lookupTable() + " s on s."
                + Sql.name(sql.lookup().id()) + " = " + fresh
                + " left join lateral (select found.* from (" + sql.resolve(value + "::text", "p") + ") as found where "
                + fresh + " is null) as r on true";
    }

    private String lookedUp() {
        String value = "p." + sql.old().get(0);
        String fresh = "p." + sql.fresh().get(0);
        String same = sql.lookup().same().isEmpty()
                ? ""
                : " when " + fresh + " is not null and not coalesce(true" + sql.same("s", "p")
                        + ", false) then 'other-scope'";
        return "case when " + fresh + " is null and " + value + " is null then 'null' when " + fresh + " is null and "
                + value
                + " = '' then 'empty' when " + fresh + " is not null and " + value + " is null then 'no-old'" + same
                + " when " + fresh + " is not null then coalesce("
                + sql.form(value + "::text", "s." + Sql.name(sql.lookup().key()) + "::text")
                + ", 'disagree') when r.n is null then 'none' when r.id is null then 'several' else 'open' end";
    }

    private String plain() {
        List<String> open = new ArrayList<>();
        List<String> agree = new ArrayList<>();
        for (Group group : sql.groups()) {
            String fresh = "p." + group.fresh().get(0);
            String forward = sql.forward("p", group);
            open.add("(" + fresh + " is null and " + forward + " is not null)");
            List<String> back = new ArrayList<>();
            for (int i = 0; i < group.old().size(); i++) {
                back.add("p." + group.old().get(i) + " is not distinct from " + sql.backward("p", group, i));
            }
            agree.add("(" + fresh + " is not distinct from " + forward + " or (" + String.join(" and ", back) + "))");
        }
        String empty = table.reference().kind() == Kind.MERGE
                ? " when " + Sql.each(sql.fresh(), " and ", c -> "p." + c + " is null") + " and "
                        + String.join(" and ", agree) + " then 'empty'"
                : "";
        return "case when not " + ReferenceSql.filled("p", sql.old()) + " and not "
                + ReferenceSql.filled("p", sql.fresh()) + " then 'null' when " + String.join(" or ", open)
                + " then 'open'" + empty + " when " + String.join(" and ", agree) + " then 'value' else 'disagree' end";
    }

    /** Writes down what does not follow from the new side; takes the name twice. */
    List<String> note() {
        String name = Sql.text(table.name());
        return List.of(
                "delete from mediaferry.reference_row n where n.reference = " + name + " and not exists (select from "
                        + table.table() + " p where p." + sql.id() + " = n.row_key::" + table.idType() + " and "
                        + said() + " is distinct from " + followed() + ")",
                "insert into mediaferry.reference_row as n (reference, row_key, kind, old_value, new_value) select "
                        + name
                        + ", p." + sql.id() + "::text, 'original', " + said() + ", " + newText() + " from "
                        + table.table()
                        + " p where " + said() + " is distinct from " + followed()
                        + " on conflict (reference, row_key) do update set old_value = excluded.old_value,"
                        + " new_value = excluded.new_value where n.old_value is distinct from excluded.old_value"
                        + " or n.new_value is distinct from excluded.new_value");
    }

    /** Rows whose old value comes back neither from the new side nor from what was noted: {@code rows} and {@code samples}. */
    String rehearsal() {
        return "select " + OURS
                + "count(*) as rows, coalesce((array_agg(id order by id))[1:5], '{}') as samples from (select p."
                + sql.id() + "::text as id from " + table.table()
                + " p left join mediaferry.reference_row n on n.reference = " + Sql.text(table.name())
                + " and n.row_key = p." + sql.id() + "::text where case when n.row_key is null then " + followed()
                + " else n.old_value end is distinct from " + said() + ") as x";
    }

    private String said() {
        return sql.old().size() == 1
                ? "p." + sql.old().get(0) + "::text"
                : "jsonb_build_array(" + Sql.each(sql.old(), ", ", c -> "p." + c + "::text") + ")::text";
    }

    private String newText() {
        return sql.fresh().size() == 1
                ? "p." + sql.fresh().get(0) + "::text"
                : "jsonb_build_array(" + Sql.each(sql.fresh(), ", ", c -> "p." + c + "::text") + ")::text";
    }

    private String followed() {
        List<String> values = new ArrayList<>();
        for (Group group : sql.groups()) {
            for (int i = 0; i < group.old().size(); i++) {
                values.add(sql.backward("p", group, i) + "::text");
            }
        }
        return values.size() == 1 ? values.get(0) : "jsonb_build_array(" + String.join(", ", values) + ")::text";
    }
}
