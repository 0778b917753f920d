package dev.mediaferry.entry;

import dev.mediaferry.registry.Traits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The statements that swap a pointer in place, swap it back, and look where it is. A row {@code x} belongs to a transfer
 * {@code t} whose {@code row_key} is its id.
 *
 * @param table quoted, with its schema
 * @param id column that tells the rows apart, quoted
 * @param idType that the row key is cast to
 * @param pointer column that is swapped, quoted
 * @param unchanged condition on {@code x} and {@code t}: the row is as it was when its transfer was planned
 * @param old the value before the swap, told by {@code t}
 * @param media what rows become
 * @param original SQL of the link that a medium had, told by {@code s}; or null
 */
record PointerSql(
        String table,
        String id,
        String idType,
        String pointer,
        String unchanged,
        String old,
        Traits traits,
        MediaSql media,
        String original) {

    /** Parameters of {@link #relink} that are about no transfer. */
    static final Map<String, Object> NOTHING = nothing();

    private static Map<String, Object> nothing() {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("worker", 0);
        for (String numbers : List.of("ids", "runs", "bytes", "originalBytes")) {
            parameters.put(numbers, new long[0]);
        }
        for (String numbers : List.of("widths", "heights")) {
            parameters.put(numbers, new Integer[0]);
        }
        for (String texts : List.of(
                "targets",
                "objectKeys",
                "sha256s",
                "contentTypes",
                "etags",
                "objectStates",
                "originalSha256s",
                "cdnUrls")) {
            parameters.put(texts, new String[0]);
        }
        return Map.copyOf(parameters);
    }

    /** Ends the statement; {@code s.kept} tells whether the old value stands in the row. */
    private static final String REFUSE = "mediaferry.refuse(case when s.kept then 'a trigger keeps the old value'"
            + " else 'a trigger makes another value of it' end)";

    /** Who has a row locked has a lock on its table, too. */
    private static final String HIDDEN =
            """
            union all
            select t.id, 'hidden' from batch t join %1$s x on x.%2$s = t.row_key::%3$s and %5$s
            where t.id not in (select id from free) and (x.xmax::text = '0' or not exists (
              select from pg_locks k where k.locktype = 'relation' and k.relation = x.tableoid
                and k.database = (select oid from pg_database where datname = current_database())
                and k.mode in ('RowShareLock', 'RowExclusiveLock') and k.pid is distinct from pg_backend_pid()))
            """;

    /** Condition on {@code t}: its row is still as it was planned. */
    String live() {
        return "exists (select from %s x where x.%s = t.row_key::%s and %s)".formatted(table, id, idType, unchanged);
    }

    /**
     * In one transaction: swaps the pointers of transfers whose objects are stored, where their rows are as they were,
     * and marks their ledger rows. A row that somebody else has locked is left for later rather than waited for, so a
     * user's transaction never waits behind a batch of ours, nor deadlocks with it. The answer has no line for such a row;
     * for one whose claim this process has lost it has the state that another execution gave it, or {@code elsewhere}
     * when the row does not belong to the run any more; {@code untouched} for one that we had locked, and whose update
     * changed nothing all the same; {@code hidden} for one that nobody else has locked and we may not lock either; {@code userless}
     * for one that is to become a medium and says nobody's.
     *
     * <p>What a trigger makes of the new value is compared with it: the statement fails, and changes nothing, where they
     * differ. Which row that is, tells an execution for each.
     *
     * <p>Every step carries along what the next one needs, since joining two intermediate results would cost their product.
     */
    String relink() {
        return filled(
                """
                with batch as materialized (
                  select t.id, t.row_key, t.source, s.target, s.object_key, s.sha256, s.bytes, s.content_type, s.etag,
                    s.object_state%12$s
                  from unnest(:#ids::bigint[], :#targets::text[], :#objectKeys::text[], :#sha256s::text[],
                      :#bytes::bigint[], :#contentTypes::text[], :#etags::text[], :#objectStates::text[]%13$s)
                    as s (id, target, object_key, sha256, bytes, content_type, etag, object_state%14$s)
                  join mediaferry.transfer t on t.id = s.id
                  where t.state = 'claimed' and t.worker = :#worker
                  for update of t
                ), free as materialized (
                  select t.*, x.%2$s as key%15$s from batch t
                  join %1$s x on x.%2$s = t.row_key::%3$s and %5$s%16$s
                  for no key update of x skip locked
                ), swapped as (
                  update %1$s x set %4$s = t.target from free t
                  where x.%2$s = t.key and %5$s
                  returning t.id, x.%4$s::text collate "C" as written, x.%4$s is not distinct from %6$s as kept, t.target, t.object_key, t.sha256, t.bytes, t.content_type, t.etag, t.object_state%17$s
                ), linked as (
                  update mediaferry.transfer l
                  set state = 'linked', worker = null, object_state = s.object_state, target = s.target,
                      object_key = s.object_key, sha256 = s.sha256, bytes = s.bytes, content_type = s.content_type,
                      etag = s.etag, failure = null, message = null, updated = now()%18$s
                  from swapped s where l.id = s.id and (s.written = s.target or %9$s)
                  returning l.id, l.state
                ), superseded as (
                  update mediaferry.transfer l
                  set state = 'superseded', worker = null, object_state = t.object_state, target = t.target,
                      object_key = t.object_key, sha256 = t.sha256, bytes = t.bytes, content_type = t.content_type,
                      etag = t.etag, updated = now()
                  from batch t
                  where l.id = t.id and not %7$s
                  returning l.id, l.state
                )%19$s
                select id, state from linked
                union all
                select id, state from superseded
                union all
                select id, 'untouched' from free where id not in (select id from swapped)
                %10$s%20$sunion all
                select t.id, case when t.run is distinct from s.run then 'elsewhere' else t.state end
                from unnest(:#ids::bigint[], :#runs::bigint[]) as s (id, run) join mediaferry.transfer t on t.id = s.id
                where t.state <> 'claimed' or t.worker is distinct from :#worker""");
    }

    /** {@link #relink}, and a look at what triggers made of its rows afterwards, in the same transaction. */
    String relinkAndLook() {
        return traits.watched()
                ? relink()
                        + filled(
                                """
                ;
                set constraints all immediate;
                select %9$s from (
                  select x.%4$s is not distinct from %6$s as kept
                  from mediaferry.transfer t join %1$s x on x.%2$s = t.row_key::%3$s
                  where t.id = any (:#ids::bigint[]) and t.state = 'linked' and t.updated = now()
                    and x.%4$s::text collate "C" is distinct from t.target) s""")
                : relink();
    }

    /**
     * In one transaction: puts back the old values of linked transfers where the row still holds the new one, and marks
     * them {@code rolled_back}. The answer has the outcome of every id but of those that somebody else has locked.
     */
    String restore() {
        return filled(
                """
                with batch as materialized (
                  select t.id, t.row_key, t.source, t.target, t.medium from mediaferry.transfer t
                  where t.id = any (:#ids::bigint[]) and t.entry = :#entry and t.state = 'linked' and t.pruned is null
                  for update of t skip locked
                ), %21$s, open as materialized (
                  select b.id from batch b join mediaferry.transfer o
                    on o.entry = :#entry and o.row_key = b.row_key and md5(o.source) = md5(b.source)
                      and o.state in ('waiting', 'claimed', 'dead', 'rolled_back', 'discarded')
                ), free as materialized (
                  select t.*, x.%2$s as key from batch t
                  join %1$s x on %8$s
                  where t.id not in (select id from open) and %22$s
                  for no key update of x skip locked
                ), swapped as (
                  update %1$s x set %4$s = %6$s from free t
                  where x.%2$s = t.key and x.%4$s = t.target
                  returning t.id, x.%4$s is not distinct from t.target as kept, x.%4$s is not distinct from %6$s as right, t.medium
                ), restored as (
                  update mediaferry.transfer l set state = 'rolled_back', updated = now()
                  from swapped s where l.id = s.id and (s.right or %9$s)
                  returning l.id, s.medium
                ), %23$s
                %24$s
                union all
                select id, 'open', null from open
                union all
                select id, 'untouched', null from free where id not in (select id from swapped)
                union all
                select t.id, 'changed', null from batch t where not exists (select from %1$s x where %8$s)
                union all
                select t.id, 'over', null from mediaferry.transfer t
                where t.id = any (:#ids::bigint[]) and t.state <> 'linked'""");
    }

    /** {@link #restore}, and a look at what triggers made of its rows afterwards, in the same transaction. */
    String restoreAndLook() {
        return traits.watched()
                ? restore()
                        + filled(
                                """
                ;
                set constraints all immediate;
                select %9$s from (
                  select x.%4$s is not distinct from t.target as kept
                  from mediaferry.transfer t join %1$s x on x.%2$s = t.row_key::%3$s
                  where t.id = any (:#ids::bigint[]) and t.state = 'rolled_back' and t.updated = now()
                    and x.%4$s is distinct from %6$s) s""")
                : restore();
    }

    /** What {@link #restore} would answer if nobody had anything locked; changes nothing. */
    String restorable() {
        return filled(
                """
                select t.id, case when exists (select from %1$s x where %8$s) then 'restored' else 'changed' end as outcome,
                  %25$s as kept
                from mediaferry.transfer t
                where t.id = any (:#ids::bigint[]) and t.entry = :#entry and t.state = 'linked' and t.pruned is null""");
    }

    /** Values that end like an object, whatever row they were written into. */
    String holders() {
        return QueueSql.holders(table, pointer, "true");
    }

    /** Rows with a link of ours, of which the ledger has no transfer that put it there. */
    String unknown() {
        return filled(
                """
                select x.%2$s::text as id, x.%4$s as value from %1$s x
                where %11$s like any (:#ours::text[]) and not exists (
                  select from mediaferry.transfer t
                  where t.entry = :#entry and t.row_key = x.%2$s::text and t.target = x.%4$s and t.state = 'linked')""");
    }

    /** What the row of a transfer holds. */
    String record() {
        return filled(
                """
                select x.%2$s::text as id, x.%4$s::text as value
                from mediaferry.transfer t join %1$s x on x.%2$s = t.row_key::%3$s where t.id = :#transfer""");
    }

    /** Linked transfers whose new value does not stand in the column. */
    String lost() {
        return filled(
                """
                select t.row_key as id, t.target as value from mediaferry.transfer t
                where t.entry = :#entry and t.state = 'linked' and (:#run::bigint = 0 or t.run = :#run::bigint)
                  and not exists (select from %1$s x where %8$s)""");
    }

    private String filled(String statement) {
        String hidden = traits.guarded() ? HIDDEN.formatted(table, id, idType, pointer, unchanged) : "";
        String exact = "x." + pointer + (traits.fuzzy() ? " collate \"C\"" : "");
        return statement.formatted(
                table,
                id,
                idType,
                pointer,
                unchanged,
                old,
                live(),
                linked(),
                REFUSE,
                hidden,
                exact,
                media.batch(),
                media.arrays(),
                media.names(),
                media.user(),
                media.hasUser(),
                media.carried(),
                media.mark("s"),
                media.insert("swapped", "s.media_user", original, "null"),
                media.userless(table, id, idType, unchanged),
                MediaSql.JUDGED,
                MediaSql.UNLOCKED,
                MediaSql.DROPPED,
                MediaSql.RESTORED,
                MediaSql.KEPT);
    }

    /** Condition on {@code x} and {@code t}: the row holds the new value. */
    private String linked() {
        return "x.%s = t.row_key::%s and x.%s = t.target".formatted(id, idType, pointer);
    }
}
