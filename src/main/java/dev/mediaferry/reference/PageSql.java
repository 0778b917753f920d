package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.reference.ReferenceSql.Group;
import java.util.ArrayList;
import java.util.List;

/**
 * One page of the backfill: rows and cursor in one statement, so in one transaction. Nobody is waited for: rows that somebody has
 * locked, on either table, are left for the next pass. The value that a target was found for is compared with the row as it is
 * once it is locked, since a user may have changed it in between. {@code offset 0} keeps PostgreSQL from taking that value from
 * the row itself, which would compare it with itself.
 */
final class PageSql {

    private static final String TEXT =
            """
            with fill as materialized (
              select set_config('%1$s', :#name, true) as filling
            ), page as materialized (
              select p.%2$s as id from %3$s p where %4$s%5$s order by p.%2$s limit :#size
            ), pair as materialized (
              %6$s
            ), done as (
              update %3$s p set %7$s from pair r where p.%2$s = r.id returning 1
            ), noted as (
              update mediaferry.reference set cursor = coalesce((select page.id::text from page order by page.id desc limit 1), cursor),
                pages = pages + 1, filled = filled + (select count(*) from done)
              where name = :#name returning 1
            )
            select (select page.id::text from page order by page.id desc limit 1) as last, (select count(*) from page) as seen,
              (select count(*) from done) as filled, (select count(*) from noted) as noted""";

    private final ReferenceSql sql;
    private final ReferenceTable table;

    PageSql(ReferenceTable table) {
        this.table = table;
        this.sql = new ReferenceSql(table);
    }

    /** The first page of a pass; takes {@code name} and {@code size}. */
    String first() {
        return filled("");
    }

    /** A page after that; takes {@code after}, too. */
    String next() {
        return filled("p." + sql.id() + " > :#after::" + table.idType() + " and ");
    }

    private String filled(String after) {
        return TEXT.formatted(DualWrite.BYPASS, sql.id(), table.table(), after, open(), pair(), assignments());
    }

    /** Condition on a row {@code p}: it says something that its new side does not. */
    String open() {
        if (sql.looksUp()) {
            String value = "p." + sql.old().get(0);
            return value + " is not null and " + value + " <> '' and p."
                    + sql.fresh().get(0) + " is null";
        }
        return "("
                + Sql.each(
                        sql.groups(),
                        " or ",
                        group -> "(" + sql.forward("p", group) + " is not null and p."
                                + group.fresh().get(0) + " is null)")
                + ")";
    }

    private String pair() {
        if (!sql.looksUp()) {
            return "select p.%1$s as id from fill cross join page g join %2$s p on p.%1$s = g.id where %3$s for no key update of p skip locked"
                    .formatted(sql.id(), table.table(), open());
        }
        String value = sql.old().get(0);
        StringBuilder kept = new StringBuilder("p." + value + " as value");
        StringBuilder unchanged = new StringBuilder("one.value = p." + value);
        List<String> same = sql.lookup().same();
        for (int i = 0; i < same.size(); i++) {
            kept.append(", p.").append(Sql.name(same.get(i))).append(" as same").append(i);
            unchanged.append(" and one.same").append(i).append(" = p.").append(Sql.name(same.get(i)));
        }
        return """
                select p.%1$s as id, s.%5$s as target from fill cross join page g join %2$s p on p.%1$s = g.id
                  cross join lateral (select found.id, %6$s from (%7$s) as found offset 0) as one
                  join %3$s s on s.%5$s = one.id
                  where p.%4$s is null and %8$s
                  for no key update of p skip locked for key share of s skip locked"""
                .formatted(
                        sql.id(),
                        table.table(),
                        sql.lookupTable(),
                        sql.fresh().get(0),
                        Sql.name(sql.lookup().id()),
                        kept,
                        sql.resolve("p." + value + "::text", "p"),
                        unchanged);
    }

    private String assignments() {
        if (sql.looksUp()) {
            return sql.fresh().get(0) + " = r.target";
        }
        List<String> assignments = new ArrayList<>();
        for (Group group : sql.groups()) {
            String fresh = group.fresh().get(0);
            assignments.add(fresh + " = coalesce(p." + fresh + ", " + sql.forward("p", group) + ")");
        }
        return String.join(", ", assignments);
    }
}
