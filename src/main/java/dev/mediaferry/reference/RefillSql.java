package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.entry.ReferenceTable.Side;
import dev.mediaferry.reference.ReferenceSql.Group;
import java.util.ArrayList;
import java.util.List;

/**
 * How retired columns that were made again get their values: from the dump, where the new side still says what it said then, else
 * from the new side. Nobody is waited for: {@code open} counts the rows of a page that have something to get, {@code done} those that got it.
 */
final class RefillSql {

    private static final String DUMPED =
            """
            with dumped as materialized (
              select (v ->> 'id')::%1$s as id, %2$s from jsonb_array_elements(?::jsonb) as x (v)
            ), open as materialized (
              select d.* from dumped d join %3$s p on p.%4$s = d.id where %5$s
            ), locked as materialized (
              select o.* from open o join %3$s p on p.%4$s = o.id where %6$s for no key update of p skip locked
            ), done as (
              update %3$s p set %7$s from locked l where p.%4$s = l.id returning 1
            )
            select null as last, (select count(*) from open) as open, (select count(*) from done) as done""";

    private static final String DERIVED =
            """
            with page as materialized (
              select p.%1$s as id from %2$s p where %3$s%4$s order by p.%1$s limit ?
            ), locked as materialized (
              select p.%1$s as id from page g join %2$s p on p.%1$s = g.id where %4$s for no key update of p skip locked
            ), done as (
              update %2$s p set %5$s from locked l where p.%1$s = l.id returning 1
            )
            select (select page.id::text from page order by page.id desc limit 1) as last, (select count(*) from page) as open, (select count(*) from done) as done""";

    private final ReferenceTable table;
    private final ReferenceSql sql;
    private final List<String> types;

    /** @param types of the retired columns */
    RefillSql(ReferenceTable table, List<String> types) {
        this.table = table;
        this.sql = new ReferenceSql(table, Side.RETIRED);
        this.types = types;
    }

    /** Takes lines of the dump as JSON. */
    String dumped() {
        List<String> values = new ArrayList<>();
        List<String> same = new ArrayList<>();
        List<String> assignments = new ArrayList<>();
        for (int i = 0; i < sql.old().size(); i++) {
            values.add("v -> 'old' ->> " + i + " as old" + i);
            assignments.add(
                    sql.old().get(i) + " = l.old" + i + "::" + types.get(i).replaceAll(" collate .*$", ""));
        }
        for (int i = 0; i < sql.fresh().size(); i++) {
            values.add("v -> 'fresh' ->> " + i + " as fresh" + i);
            same.add("p." + sql.fresh().get(i) + "::text is not distinct from %s.fresh" + i);
        }
        String empty = "not " + ReferenceSql.filled("p", sql.old()) + " and " + String.join(" and ", same);
        return DUMPED.formatted(
                table.idType(),
                String.join(", ", values),
                table.table(),
                sql.id(),
                empty.replace("%s.", "d."),
                empty.replace("%s.", "o."),
                String.join(", ", assignments));
    }

    /** The first page of rows whose new side says more than their old one; takes how many. */
    String derived() {
        return derived("");
    }

    /** A page after that; takes the row after which it begins, too. */
    String derivedAfter() {
        return derived("p." + sql.id() + " > ?::" + table.idType() + " and ");
    }

    private String derived(String after) {
        List<String> said = new ArrayList<>();
        List<String> assignments = new ArrayList<>();
        for (Group group : sql.groups()) {
            for (int i = 0; i < group.old().size(); i++) {
                said.add(sql.backward("p", group, i) + " is not null");
                assignments.add(group.old().get(i) + " = " + sql.backward("p", group, i));
            }
        }
        String open = "not " + ReferenceSql.filled("p", sql.old()) + " and " + ReferenceSql.filled("p", sql.fresh())
                + " and (" + String.join(" or ", said) + ")";
        return DERIVED.formatted(sql.id(), table.table(), after, open, String.join(", ", assignments));
    }
}
