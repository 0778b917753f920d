package dev.mediaferry.entry;

import java.util.Locale;

/** What every entry asks of the ledger's queue; entries differ in whether a transfer still has something to do. */
final class QueueSql {

    private QueueSql() {}

    /**
     * Claims what is due, nearest deadline first, at most {@code rooms[i]} rows of {@code hosts[i]} and {@code most} in
     * all. What has nothing to do any more ends as superseded. A process whose row in {@code worker} is gone, since others
     * took it for dead, claims nothing: each line of the answer, of which there is one at least, says whether it is
     * {@code registered}.
     *
     * @param live condition on the transfer {@code t}
     * @param further condition on what is claimed at all, with the {@code and} before it; empty for none
     */
    static String claim(String live, String further) {
        return """
                with me as materialized (
                  select w.id from mediaferry.worker w where w.id = :#worker::int for key share
                ), due as materialized (
                  select q.id, q.run from unnest(:#hosts::text[], :#rooms::int[]) as h (host, room)
                  cross join me
                  cross join lateral (
                    select t.id, t.run, t.deadline from mediaferry.transfer t
                    where t.entry = :#entry and t.host = h.host and t.state = 'waiting' and t.due <= now()
                      and (t.run = :#run::bigint or not :#again::boolean)%s
                    order by t.deadline, t.id limit h.room for update skip locked) as q
                  order by q.deadline, q.id limit :#most
                ), live as materialized (
                  select d.id, d.run as last_run, %s as live
                  from due d join mediaferry.transfer t on t.id = d.id
                ), claimed as (
                  update mediaferry.transfer t
                  set state = case when l.live then 'claimed' else 'superseded' end,
                      worker = case when l.live then :#worker::int end,
                      run = :#run::bigint, attempts = t.attempts + 1, updated = now()
                  from live l where t.id = l.id
                  returning t.*, l.last_run
                )
                select exists (select from me) as registered, c.id, c.entry, c.row_key, c.source, coalesce(c.link, c.source) as url,
                  c.host, c.deadline, c.object_key, c.bucket, c.object_state, c.attempts, c.asked, c.state,
                  c.last_run is distinct from :#run::bigint as found
                from (values (1)) as one left join claimed c on true order by c.deadline, c.id"""
                .formatted(further, live);
    }

    /** Which of the dead letters {@code ids} still have something to do. */
    static String held(String live) {
        return "select t.id from mediaferry.transfer t where t.id = any (:#ids::bigint[]) and %s".formatted(live);
    }

    /**
     * Has a selection of the entry's dead letters tried again, their attempts counted anew; those that have nothing to do
     * any more end as superseded.
     */
    static String retry(String live) {
        return """
                with chosen as materialized (
                  select t.id, %s as held
                  from mediaferry.transfer t
                  where t.state = 'dead' and t.entry = :#entry and (:#ids::bigint[] is null or t.id = any (:#ids::bigint[]))
                    and (:#failure::text is null or t.failure = :#failure::text)
                    and (:#host::text is null or t.host = :#host::text)
                    and (:#after::bigint is null
                      or (t.id > :#after::bigint and t.id <= :#upTo::bigint and t.updated <= :#until::timestamptz))
                  for update
                ), moved as (
                  update mediaferry.transfer t
                  set state = case when c.held then 'waiting' else 'superseded' end, attempts = 0, due = now(),
                      asked = false, updated = now()
                  from chosen c where t.id = c.id and t.state = 'dead'
                  returning c.held
                )
                select count(*) filter (where held) as retried, count(*) filter (where not held) as superseded from moved"""
                .formatted(live);
    }

    /**
     * Values of a column whose last part is one of the {@code names}: what follows the last slash, without query and
     * fragment. The marks of these are spelt as numbers, since a question mark stands for a parameter.
     *
     * @param condition on the row {@code x}
     */
    static String holders(String table, String column, String condition) {
        return """
                select distinct x.%2$s::text as value from unnest(:#names::text[]) as n (name)
                join %1$s x on reverse(split_part(reverse(split_part(split_part(
                  btrim(x.%2$s::text), chr(63), 1), chr(35), 1)), '/', 1)) = n.name
                where %3$s"""
                .formatted(table, column, condition);
    }

    /**
     * An identifier in quotes. What camel-sql, Camel or the driver would take for a parameter or a placeholder of theirs, like
     * a number sign, a question mark or two braces, is spelt by its number.
     */
    static String quote(String identifier) {
        if (identifier.codePoints().allMatch(QueueSql::isPlain)) {
            return '"' + identifier + '"';
        }
        StringBuilder quoted = new StringBuilder("U&\"");
        identifier
                .codePoints()
                .forEach(point -> quoted.append(
                        isPlain(point) ? Character.toString(point) : String.format(Locale.ROOT, "\\+%06x", point)));
        return quoted.append('"').toString();
    }

    /** A table in a text that PostgreSQL reads as a name, as for {@code ::regclass}: there are no numbers for letters in it. */
    static String named(String schema, String table) {
        return '"' + schema.replace("\"", "\"\"") + "\".\"" + table.replace("\"", "\"\"") + '"';
    }

    private static boolean isPlain(int point) {
        return Character.isLetterOrDigit(point) || point == '_' || point == '-' || point == '.' || point == ' ';
    }

    /** A constant of the registry as a literal in which no character stands for itself that means something to SQL or to Camel. */
    static String literal(String text) {
        StringBuilder literal = new StringBuilder("E'");
        text.codePoints().forEach(point -> {
            boolean plain = point < 128 && (Character.isLetterOrDigit(point) || "_ .-%".indexOf(point) >= 0);
            literal.append(plain ? Character.toString(point) : String.format(Locale.ROOT, "\\U%08x", point));
        });
        return literal.append("'").toString();
    }
}
