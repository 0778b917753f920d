package dev.mediaferry.registry;

import dev.mediaferry.content.MediaKind;
import dev.mediaferry.link.Link;
import dev.mediaferry.storage.KeyTemplate;
import java.util.Optional;
import java.util.Set;

/**
 * A field of the registry as found in the database, and the SQL that reads and writes it. Identifiers come from the
 * catalog and are quoted; values are always parameters, written as camel-sql's {@code :#name}.
 *
 * @param schema where the table was found
 * @param maxLength of the column in characters; 0 for unlimited
 */
public record Column(Field field, String schema, IdType idType, int maxLength) implements Entry {

    /** Rows per page while a column is searched for links. */
    public static final int SCAN_PAGE = 5000;

    /** The ledger's indexes hold ids up to this length; longer ones are no ids that somebody uses. */
    private static final int MAX_ID_LENGTH = 500;

    @Override
    public String name() {
        return field.name();
    }

    @Override
    public Source source() {
        return Source.LINK;
    }

    @Override
    public String planner() {
        return "plan-page";
    }

    @Override
    public int batch() {
        return field.batch();
    }

    @Override
    public Set<MediaKind> types() {
        return field.types();
    }

    @Override
    public Optional<String> bucket() {
        return field.bucket();
    }

    @Override
    public boolean shared(KeyTemplate standard) {
        return field.key().orElse(standard).shared();
    }

    @Override
    public String commonPrefix(KeyTemplate standard) {
        return field.key().orElse(standard).commonPrefix(field.folder(), field.table(), field.column());
    }

    /**
     * A page of rows that may have to be moved, in the order of their ids.
     *
     * @param first true for the first page; the others start after parameter {@code after}
     */
    public String scanSql(boolean first) {
        return """
                select %1$s::text as id, %2$s as source from %3$s
                where %2$s ilike any (:#patterns::text[]) and length(%2$s) <= %5$d and length(%1$s::text) <= %6$d%4$s
                order by %1$s limit %7$d"""
                .formatted(
                        id(),
                        column(),
                        table(),
                        first ? "" : " and " + id() + " > :#after::" + idType.sqlName(),
                        Link.MAX_LENGTH,
                        MAX_ID_LENGTH,
                        SCAN_PAGE);
    }

    /** A page of rows that are ours since an earlier run, with the link that the ledger remembers for each. */
    public String linkedSql(boolean first) {
        return """
                select t.id as position, t.row_key as id, x.%2$s as source, coalesce(t.link, t.source) as link
                from mediaferry.transfer t join %3$s x on x.%1$s = t.row_key::%4$s and x.%2$s = t.target
                where t.entry = :#entry and t.state = 'linked'%5$s
                order by t.id limit %6$d"""
                .formatted(
                        id(),
                        column(),
                        table(),
                        idType.sqlName(),
                        first ? "" : " and t.id > :#after::bigint",
                        SCAN_PAGE);
    }

    /** What the column says of the rows {@code ids}. */
    public String valuesSql() {
        return "select %1$s::text as id, %2$s as source from %3$s where %1$s = any (:#ids::text[]::%4$s[])"
                .formatted(id(), column(), table(), idType.sqlName());
    }

    /** Counts, by reason, the rows that {@link #scanSql} leaves out. */
    public String skippedSql() {
        return """
                select skip, count(*) as rows from (
                  select case
                    when %2$s is null or btrim(%2$s) = '' then 'empty'
                    when %1$s is null or length(%2$s) > %4$d or length(%1$s::text) > %5$d then 'invalid'
                    when %2$s ilike any (:#patterns::text[]) then null
                    when %2$s like any (:#ours::text[]) then 'ours'
                    when %2$s ~* '^\\s*(https?:)?//' then 'foreign'
                    else 'invalid' end as skip
                  from %3$s) as rows
                where skip is not null group by skip"""
                .formatted(id(), column(), table(), Link.MAX_LENGTH, MAX_ID_LENGTH);
    }

    @Override
    public String claimSql() {
        return QueueSql.claim(live(), "");
    }

    /** {@link #claimSql} for no rows but those that the run has chosen, after a plan. */
    public String chosenClaimSql() {
        return QueueSql.claim(live(), " and t.chosen = :#run::bigint");
    }

    /**
     * In one transaction: swaps the pointers of transfers whose objects are stored, where they still hold the old value,
     * and marks their ledger rows. A row that somebody else has locked is left for later rather than waited for, so a
     * user's transaction never waits behind a batch of ours, nor deadlocks with it. The answer has no line for such a row;
     * for one that this process no longer has in hand it has the state that another execution gave it.
     *
     * <p>Every step carries along what the next one needs, since joining two intermediate results would cost their product.
     */
    @Override
    public String relinkSql() {
        return """
                with batch as materialized (
                  select t.id, t.row_key, t.source, s.target, s.object_key, s.sha256, s.bytes, s.content_type, s.etag
                  from unnest(:#ids::bigint[], :#targets::text[], :#objectKeys::text[], :#sha256s::text[],
                      :#bytes::bigint[], :#contentTypes::text[], :#etags::text[])
                    as s (id, target, object_key, sha256, bytes, content_type, etag)
                  join mediaferry.transfer t on t.id = s.id
                  where t.state = 'claimed' and t.worker = :#worker
                  for update of t
                ), free as materialized (
                  select b.*, x.%1$s as key from batch b
                  join %3$s x on x.%1$s = b.row_key::%4$s and x.%2$s = b.source
                  for no key update of x skip locked
                ), swapped as (
                  update %3$s x set %2$s = f.target from free f
                  where x.%1$s = f.key and x.%2$s = f.source
                  returning f.id, f.target, f.object_key, f.sha256, f.bytes, f.content_type, f.etag
                ), linked as (
                  update mediaferry.transfer t
                  set state = 'linked', worker = null, object_state = 'present', target = s.target,
                      object_key = s.object_key, sha256 = s.sha256, bytes = s.bytes, content_type = s.content_type,
                      etag = s.etag, failure = null, message = null, updated = now()
                  from swapped s where t.id = s.id
                  returning t.id, t.state
                ), superseded as (
                  update mediaferry.transfer t
                  set state = 'superseded', worker = null, object_state = 'present', target = b.target,
                      object_key = b.object_key, sha256 = b.sha256, bytes = b.bytes, content_type = b.content_type,
                      etag = b.etag, updated = now()
                  from batch b
                  where t.id = b.id and not exists (
                    select from %3$s x where x.%1$s = b.row_key::%4$s and x.%2$s = b.source)
                  returning t.id, t.state
                )
                select id, state from linked
                union all
                select id, state from superseded
                union all
                select t.id, t.state from unnest(:#ids::bigint[]) as s (id) join mediaferry.transfer t on t.id = s.id
                where t.state <> 'claimed' or t.worker is distinct from :#worker"""
                .formatted(id(), column(), table(), idType.sqlName());
    }

    @Override
    public String heldSql() {
        return QueueSql.held(live());
    }

    @Override
    public String retrySql() {
        return QueueSql.retry(live());
    }

    /**
     * In one transaction: puts back the old values of linked transfers where the column still holds the new one, and marks
     * them {@code rolled_back}. The answer has the outcome of every id but of those that somebody else has locked.
     */
    @Override
    public String restoreSql() {
        return """
                with batch as materialized (
                  select t.id, t.row_key, t.source, t.target from mediaferry.transfer t
                  where t.id = any (:#ids::bigint[]) and t.entry = :#entry and t.state = 'linked'
                  for update of t skip locked
                ), open as materialized (
                  select b.id from batch b join mediaferry.transfer o
                    on o.entry = :#entry and o.row_key = b.row_key and md5(o.source) = md5(b.source)
                      and o.state in ('waiting', 'claimed', 'dead', 'rolled_back', 'discarded')
                ), free as materialized (
                  select b.*, x.%1$s as key from batch b
                  join %3$s x on x.%1$s = b.row_key::%4$s and x.%2$s = b.target
                  where b.id not in (select id from open)
                  for no key update of x skip locked
                ), swapped as (
                  update %3$s x set %2$s = f.source from free f
                  where x.%1$s = f.key and x.%2$s = f.target
                  returning f.id
                ), restored as (
                  update mediaferry.transfer t set state = 'rolled_back', updated = now()
                  from swapped s where t.id = s.id
                  returning t.id
                )
                select id, 'restored' as outcome from restored
                union all
                select id, 'open' from open
                union all
                select b.id, 'changed' from batch b where not exists (
                  select from %3$s x where x.%1$s = b.row_key::%4$s and x.%2$s = b.target)
                union all
                select t.id, 'over' from mediaferry.transfer t
                where t.id = any (:#ids::bigint[]) and t.state <> 'linked'"""
                .formatted(id(), column(), table(), idType.sqlName());
    }

    /** What {@link #restoreSql} would answer if nobody had anything locked; changes nothing. */
    @Override
    public String restorableSql() {
        return """
                select t.id, case when exists (
                    select from %3$s x where x.%1$s = t.row_key::%4$s and x.%2$s = t.target) then 'restored'
                  else 'changed' end as outcome
                from mediaferry.transfer t
                where t.id = any (:#ids::bigint[]) and t.entry = :#entry and t.state = 'linked'"""
                .formatted(id(), column(), table(), idType.sqlName());
    }

    /** Which of the {@code targets} stand in this column, whatever row they were written into. */
    @Override
    public Optional<String> holdersSql() {
        return Optional.of(
                """
                select distinct x.%1$s as target from unnest(:#targets::text[]) as s (target)
                join %2$s x on x.%1$s = s.target"""
                        .formatted(column(), table()));
    }

    /** Rows with a link of ours, of which the ledger has no transfer that put it there. */
    @Override
    public Optional<String> unknownPointersSql() {
        return Optional.of(
                """
                select x.%1$s::text as id, x.%2$s as value from %3$s x
                where x.%2$s like any (:#ours::text[]) and not exists (
                  select from mediaferry.transfer t
                  where t.entry = :#entry and t.row_key = x.%1$s::text and t.target = x.%2$s and t.state = 'linked')"""
                        .formatted(id(), column(), table()));
    }

    /** Linked transfers whose new value does not stand in the column. */
    @Override
    public String lostPointersSql() {
        return """
                select t.row_key as id, t.target as value from mediaferry.transfer t
                where t.entry = :#entry and t.state = 'linked' and (:#run::bigint = 0 or t.run = :#run::bigint)
                  and not exists (select from %3$s x where x.%1$s = t.row_key::%4$s and x.%2$s = t.target)"""
                .formatted(id(), column(), table(), idType.sqlName());
    }

    private String id() {
        return QueueSql.quote(field.id());
    }

    private String column() {
        return QueueSql.quote(field.column());
    }

    private String table() {
        return QueueSql.quote(schema) + "." + QueueSql.quote(field.table());
    }

    /** The row still holds the link that its transfer is about. */
    private String live() {
        return "exists (select from %3$s x where x.%1$s = t.row_key::%4$s and x.%2$s = t.source)"
                .formatted(id(), column(), table(), idType.sqlName());
    }
}
