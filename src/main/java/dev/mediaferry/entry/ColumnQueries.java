package dev.mediaferry.entry;

import dev.mediaferry.link.Link;
import java.util.List;

/** What planning, status and lookups ask of a column. */
public record ColumnQueries(Column column) {

    /** Rows per page while a column is searched for links. */
    public static final int SCAN_PAGE = 5000;

    /** The ledger's indexes hold ids up to this length; longer ones are no ids that somebody uses. */
    private static final int MAX_ID_LENGTH = 500;

    /**
     * A page of rows that may have to be moved, in the order of their ids.
     *
     * @param first true for the first page; the others start after parameter {@code after}
     */
    public String scanSql(boolean first) {
        return """
                select null::bigint as position, %1$s::text as id, %2$s as source, null::text as link, %10$s as made from %3$s
                where not %9$s like any (:#ours::text[]) and %8$s and length(%2$s) <= %5$d and length(%1$s::text) <= %6$d%4$s
                order by %1$s limit %7$d"""
                .formatted(
                        column.id(),
                        column.column(),
                        column.table(),
                        after(first),
                        Link.MAX_LENGTH,
                        MAX_ID_LENGTH,
                        SCAN_PAGE,
                        candidate(),
                        column.text(column.column()),
                        column.made().orElse("null::text"));
    }

    /** The index that a page is read by: it holds no rows but those that may have to be moved, in the order of their ids. */
    public String indexSql() {
        return "create index concurrently on %s (%s) where %s".formatted(column.table(), column.id(), candidate());
    }

    /** Name of the table for {@code ::regclass}. */
    public String tableName() {
        return QueueSql.named(column.schema(), column.field().table());
    }

    /**
     * In index and search the very same text, the patterns as literals: PostgreSQL uses the index where one condition implies the
     * other, which no parameter does.
     */
    private String candidate() {
        List<String> patterns = column.field().hosts().likePatterns().stream()
                .map(QueueSql::literal)
                .toList();
        return "%s ilike any (array[%s]::text[])".formatted(column.text(column.column()), String.join(", ", patterns));
    }

    /** A page of rows that are ours since an earlier run, all or {@code rows}, with the link that the ledger remembers for each. */
    public String linkedSql(boolean first) {
        return """
                select t.id as position, t.row_key as id, x.%2$s as source, coalesce(t.link, t.source) as link, null::text as made
                from mediaferry.transfer t join %3$s x on x.%1$s = t.row_key::%4$s and x.%2$s = t.target
                where t.entry = :#entry and t.state = 'linked' and t.pruned is null
                  and (cardinality(:#rows::text[]) = 0 or t.row_key = any (:#rows::text[]))%5$s
                order by t.id limit %6$d"""
                .formatted(
                        column.id(),
                        column.column(),
                        column.table(),
                        column.idType().sqlName(),
                        first ? "" : " and t.id > :#after::bigint",
                        SCAN_PAGE);
    }

    /** What the column says of the rows {@code ids}. */
    public String valuesSql() {
        return "select null::bigint as position, %1$s::text as id, %2$s as source, null::text as link, %5$s as made from %3$s where %1$s = any (:#ids::text[]::%4$s[])"
                .formatted(
                        column.id(),
                        column.column(),
                        column.table(),
                        column.idType().sqlName(),
                        column.made().orElse("null::text"));
    }

    /** Rows that hold exactly the {@code value}: {@code id, value}. */
    public String holdingSql() {
        return "select %1$s::text as id, %2$s as value from %3$s where %2$s = :#value order by %1$s limit :#most"
                .formatted(column.id(), column.column(), column.table());
    }

    /**
     * Counts, by reason, the rows that {@link #scanSql} leaves out. Without {@code offset 0} PostgreSQL looks at every row twice, for
     * the condition and for the group. Most rows are ours sooner or later, and {@code like} costs a fraction of {@code ilike}.
     */
    public String skippedSql() {
        return """
                select skip, count(*) as rows from (
                  select case
                    when %2$s is null or btrim(%2$s) = '' then 'empty'
                    when %1$s is null or length(%2$s) > %4$d or length(%1$s::text) > %5$d then 'invalid'
                    when %2$s like any (:#ours::text[]) then 'ours'
                    when %6$s then null
                    when %2$s ~* '^\\s*(https?:)?//' then 'foreign'
                    else 'invalid' end as skip
                  from %3$s offset 0) as rows
                where skip is not null group by skip"""
                .formatted(
                        column.id(),
                        column.text(column.column()),
                        column.table(),
                        Link.MAX_LENGTH,
                        MAX_ID_LENGTH,
                        candidate());
    }

    /**
     * Takes those of a page's transfers out of the queue again whose rows do not hold their link any more: they were moved
     * after the page was read, and before it was queued.
     */
    public String dropMovedSql() {
        return """
                delete from mediaferry.transfer t
                using unnest(:#rowKeys::text[], :#sources::text[]) as p (row_key, source)
                where t.entry = :#entry and t.row_key = p.row_key and md5(t.source) = md5(p.source) and t.source = p.source
                  and t.state = 'waiting' and t.attempts = 0 and t.run is null and t.object_state = 'none' and not %s"""
                .formatted(column.pointer().live());
    }

    /**
     * A page of the rows that are neither empty nor ours at first sight, in the order of their ids: {@code reason} is null
     * where only a look at the link tells.
     *
     * @param first true for the first page; the others start after parameter {@code after}
     */
    public String leftOutSql(boolean first) {
        return """
                select id, left(source, %5$d) as source, reason from (
                  select %1$s::text as id, %1$s as position, %2$s as source, case
                    when length(%2$s) > %5$d or length(%1$s::text) > %6$d then 'invalid'
                    when %8$s then null
                    when %2$s ~* '^\\s*(https?:)?//' then 'foreign'
                    else 'invalid' end as reason
                  from %3$s
                  where btrim(%2$s) <> '' and %1$s is not null and not %2$s like any (:#ours::text[])%4$s) as rows
                order by position limit %7$d"""
                .formatted(
                        column.id(),
                        column.text(column.column()),
                        column.table(),
                        after(first),
                        Link.MAX_LENGTH,
                        MAX_ID_LENGTH,
                        SCAN_PAGE,
                        candidate());
    }

    /** @param first true for a page that begins with the first row; the others go on after the id {@code after} */
    private String after(boolean first) {
        return first
                ? ""
                : " and " + column.id() + " > :#after::" + column.idType().sqlName();
    }
}
