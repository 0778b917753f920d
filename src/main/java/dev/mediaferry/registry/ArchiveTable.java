package dev.mediaferry.registry;

import dev.mediaferry.content.MediaKind;
import dev.mediaferry.registry.Archive.Role;
import dev.mediaferry.storage.KeyTemplate;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * An archive of the registry with its table as found in the database, and the SQL that reads and writes it.
 *
 * <p>A transfer's {@code source} is what the row was when it was found: its MD5, and, behind a blank, the target that it
 * had already when it is archived once more. The pointer is written only while both are so.
 *
 * @param schema where the table was found
 * @param columns those that there are
 * @param date SQL of the row's day as {@code YYYY-MM-DD}
 * @param maxLength of the target column in characters; 0 for unlimited
 */
public record ArchiveTable(
        Archive archive, String schema, IdType idType, Map<Role, String> columns, String date, int maxLength)
        implements Entry {

    /** Multipart uploads go further; what is larger is no file of a cache. */
    private static final long MAX_BYTES = 5L << 30;

    @Override
    public String name() {
        return archive.name();
    }

    @Override
    public Source source() {
        return Source.FILE;
    }

    @Override
    public Optional<Path> folder() {
        return Optional.of(archive.dir());
    }

    /** @param source as the ledger has it */
    @Override
    public Optional<String> md5(String source) {
        return Optional.of(source.substring(0, 32).toLowerCase(java.util.Locale.ROOT));
    }

    @Override
    public String planner() {
        return "plan-archive";
    }

    @Override
    public Optional<String> bucket() {
        return archive.bucket();
    }

    @Override
    public boolean pointsByS3Uri() {
        return archive.s3Uri();
    }

    @Override
    public int batch() {
        return archive.batch();
    }

    @Override
    public Set<MediaKind> types() {
        return archive.types();
    }

    @Override
    public OptionalLong maxBytes() {
        return OptionalLong.of(MAX_BYTES);
    }

    @Override
    public boolean shared(KeyTemplate standard) {
        return true;
    }

    @Override
    public String commonPrefix(KeyTemplate standard) {
        return archive.key().commonPrefix();
    }

    @Override
    public String claimSql() {
        return QueueSql.claim(live(), "");
    }

    @Override
    public String heldSql() {
        return QueueSql.held(live());
    }

    @Override
    public String retrySql() {
        return QueueSql.retry(live());
    }

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
                  select t.*, %1$s as key from batch t
                  join %2$s x on %1$s = t.row_key::%3$s and %4$s
                  for no key update of x skip locked
                ), written as (
                  update %2$s x set %5$s = t.target from free t
                  where %1$s = t.key and %4$s
                  returning t.id, t.target, t.object_key, t.sha256, t.bytes, t.content_type, t.etag
                ), linked as (
                  update mediaferry.transfer t
                  set state = 'linked', worker = null, object_state = 'present', target = s.target,
                      object_key = s.object_key, sha256 = s.sha256, bytes = s.bytes, content_type = s.content_type,
                      etag = s.etag, failure = null, message = null, updated = now()
                  from written s where t.id = s.id
                  returning t.id, t.state
                ), superseded as (
                  update mediaferry.transfer t
                  set state = 'superseded', worker = null, object_state = 'present', target = b.target,
                      object_key = b.object_key, sha256 = b.sha256, bytes = b.bytes, content_type = b.content_type,
                      etag = b.etag, updated = now()
                  from batch b
                  where t.id = b.id and not %6$s
                  returning t.id, t.state
                )
                select id, state from linked
                union all
                select id, state from superseded
                union all
                select t.id, t.state from unnest(:#ids::bigint[]) as s (id) join mediaferry.transfer t on t.id = s.id
                where t.state <> 'claimed' or t.worker is distinct from :#worker"""
                .formatted(id(), table(), idType.sqlName(), unchanged(), quoted(Role.TARGET), live());
    }

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
                  select t.*, %1$s as key from batch t
                  join %2$s x on %1$s = t.row_key::%3$s and %4$s = t.target
                  where t.id not in (select id from open)
                  for no key update of x skip locked
                ), swapped as (
                  update %2$s x set %5$s = %6$s from free t
                  where %1$s = t.key and %4$s = t.target
                  returning t.id
                ), restored as (
                  update mediaferry.transfer t set state = 'rolled_back', updated = now()
                  from swapped s where t.id = s.id
                  returning t.id
                )
                select id, 'restored' as outcome from restored
                union all
                select id, 'open' from open
                union all
                select t.id, 'changed' from batch t where not exists (
                  select from %2$s x where %1$s = t.row_key::%3$s and %4$s = t.target)
                union all
                select t.id, 'over' from mediaferry.transfer t
                where t.id = any (:#ids::bigint[]) and t.state <> 'linked'"""
                .formatted(id(), table(), idType.sqlName(), column(Role.TARGET), quoted(Role.TARGET), oldTarget());
    }

    @Override
    public String restorableSql() {
        return """
                select t.id, case when exists (
                    select from %2$s x where %1$s = t.row_key::%3$s and %4$s = t.target) then 'restored'
                  else 'changed' end as outcome
                from mediaferry.transfer t
                where t.id = any (:#ids::bigint[]) and t.entry = :#entry and t.state = 'linked'"""
                .formatted(id(), table(), idType.sqlName(), column(Role.TARGET));
    }

    @Override
    public Optional<String> holdersSql() {
        return Optional.of(
                "select distinct %1$s as target from unnest(:#targets::text[]) as s (target) join %2$s x on %1$s = s.target"
                        .formatted(column(Role.TARGET), table()));
    }

    @Override
    public Optional<String> unknownPointersSql() {
        return Optional.of(
                """
                select %1$s::text as id, %2$s as value from %3$s x
                where %2$s like any (:#ours::text[]) and not exists (
                  select from mediaferry.transfer t
                  where t.entry = :#entry and t.row_key = %1$s::text and t.target = %2$s and t.state = 'linked')"""
                        .formatted(id(), column(Role.TARGET), table()));
    }

    @Override
    public String lostPointersSql() {
        return """
                select t.row_key as id, t.target as value from mediaferry.transfer t
                where t.entry = :#entry and t.state = 'linked' and (:#run::bigint = 0 or t.run = :#run::bigint)
                  and not exists (select from %2$s x where %1$s = t.row_key::%3$s and %4$s = t.target)"""
                .formatted(id(), table(), idType.sqlName(), column(Role.TARGET));
    }

    /** What is asked about the table apart from moving its files. */
    public ArchiveQueries queries() {
        return new ArchiveQueries(this);
    }

    /** A row {@code x} is as it was when its transfer {@code t} was planned. */
    private String unchanged() {
        return "(%s = split_part(t.source, ' ', 1) and %s is not distinct from %s)"
                .formatted(md5(), column(Role.TARGET), oldTarget());
    }

    private String live() {
        return "exists (select from %s x where %s = t.row_key::%s and %s)"
                .formatted(table(), id(), idType.sqlName(), unchanged());
    }

    /** Links into a bucket have no blanks. */
    private static String oldTarget() {
        return "nullif(split_part(t.source, ' ', 2), '')";
    }

    String id() {
        return "x." + QueueSql.quote(archive.id());
    }

    String md5() {
        return column(Role.MD5) + "::text";
    }

    String column(Role role) {
        return "x." + quoted(role);
    }

    private String quoted(Role role) {
        return QueueSql.quote(columns.get(role));
    }

    String text(Role role) {
        return columns.containsKey(role) ? column(role) + "::text" : "null::text";
    }

    String table() {
        return QueueSql.quote(schema) + "." + QueueSql.quote(archive.table());
    }
}
