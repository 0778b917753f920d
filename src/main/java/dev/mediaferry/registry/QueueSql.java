package dev.mediaferry.registry;

import java.util.Locale;

/** What every entry asks of the ledger's queue; entries differ in whether a transfer still has something to do. */
final class QueueSql {

    private QueueSql() {}

    /**
     * Claims what is due, nearest deadline first, at most {@code rooms[i]} rows of {@code hosts[i]} and {@code most} in
     * all. What has nothing to do any more ends as superseded.
     *
     * @param live condition on the transfer {@code t}
     * @param further condition on what is claimed at all, with the {@code and} before it; empty for none
     */
    static String claim(String live, String further) {
        return """
                with due as materialized (
                  select q.id, q.run from unnest(:#hosts::text[], :#rooms::int[]) as h (host, room)
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
                select id, entry, row_key, source, coalesce(link, source) as url, host, deadline, object_key, bucket, object_state,
                  attempts, asked, state, last_run is distinct from :#run::bigint as found
                from claimed order by deadline, id"""
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

    static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** A constant of the registry as a literal in which nothing but letters and digits stands for itself. */
    static String literal(String text) {
        StringBuilder literal = new StringBuilder("E'");
        text.codePoints().forEach(point -> {
            boolean plain = point < 128 && (Character.isLetterOrDigit(point) || point == '_' || point == ' ');
            literal.append(plain ? Character.toString(point) : String.format(Locale.ROOT, "\\U%08x", point));
        });
        return literal.append("'").toString();
    }
}
