package dev.mediaferry.entry;

import dev.mediaferry.content.MediaKind;
import dev.mediaferry.format.Compression;
import dev.mediaferry.object.KeyTemplate;
import dev.mediaferry.registry.ImportCategory;
import dev.mediaferry.registry.ImportCategory.First;
import dev.mediaferry.registry.ImportCategory.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A category of an import with its tables as found in the database, and the SQL that inserts and deletes its records.
 * Parts and new ids of a file are read from the ledger's {@code details}; nothing of them is ever part of a statement.
 *
 * @param schema where the table of the records was found
 * @param idType of the column that tells the records apart
 * @param casts type of each column that is written
 * @param newId what gives a record its id when the registry does not; null when nothing does
 * @param targets tables that new ids lead to
 */
public record Category(
        ImportCategory says,
        String schema,
        IdType idType,
        Map<String, String> casts,
        String newId,
        List<NewIdTable> targets)
        implements Entry {

    /** Rows claimed at once. */
    private static final int BATCH = 1000;

    @Override
    public String name() {
        return says.name();
    }

    @Override
    public String relation() {
        return says.record().table();
    }

    @Override
    public int line() {
        return says.line();
    }

    @Override
    public Source source() {
        return Source.FILE;
    }

    @Override
    public Kind kind() {
        return Kind.CATEGORY;
    }

    /** Which record is the first of its group, only all of its files tell. */
    @Override
    public boolean movesWhilePlanned() {
        return says.record().firstOf().isEmpty();
    }

    @Override
    public int batch() {
        return BATCH;
    }

    @Override
    public Set<MediaKind> types() {
        return says.types();
    }

    @Override
    public OptionalLong maxBytes() {
        return OptionalLong.of(says.maxBytes());
    }

    @Override
    public Optional<Compression> compression() {
        return says.compression();
    }

    @Override
    public Optional<String> bucket() {
        return says.bucket();
    }

    @Override
    public int maxLength() {
        return 0;
    }

    @Override
    public boolean shared(KeyTemplate standard) {
        return false;
    }

    @Override
    public String commonPrefix(KeyTemplate standard) {
        return says.prefix() + says.key().text().replaceFirst("\\{.*", "");
    }

    /** A file that was planned is to be imported until it is. */
    @Override
    public String claimSql() {
        return QueueSql.claim("true", "");
    }

    @Override
    public String heldSql() {
        return QueueSql.held("true");
    }

    @Override
    public String retrySql() {
        return QueueSql.retry("true");
    }

    /** Inserts the records and marks the transfers, which remember each record as the database has it now. */
    @Override
    public String relinkSql() {
        Map<String, String> values = new RecordSql(name(), casts).values(says.record());
        String id = values.remove(says.record().id());
        return """
                with batch as materialized (
                  select t.id, t.row_key, t.details, t.first_of, s.target, s.object_key, s.sha256, s.bytes, s.content_type,
                    s.etag, s.original_bytes, s.original_sha256, s.object_state
                  from unnest(:#ids::bigint[], :#targets::text[], :#objectKeys::text[], :#sha256s::text[],
                      :#bytes::bigint[], :#contentTypes::text[], :#etags::text[], :#originalBytes::bigint[], :#originalSha256s::text[],
                      :#objectStates::text[])
                    as s (id, target, object_key, sha256, bytes, content_type, etag, original_bytes, original_sha256, object_state)
                  join mediaferry.transfer t on t.id = s.id
                  where t.state = 'claimed' and t.worker = :#worker
                  for update of t
                ), named as materialized (
                  select mediaferry_file.*, %3$s as record_id from batch mediaferry_file
                ), inserted as (
                  insert into %1$s as x (%2$s%4$s) overriding system value
                  select mediaferry_file.record_id%5$s from named mediaferry_file order by mediaferry_file.row_key
                  returning x.%2$s::text as id, to_jsonb(x) as record
                ), records as materialized (
                  select jsonb_object_agg(i.id, i.record) as map from inserted i
                ), linked as (
                  update mediaferry.transfer t
                  set state = 'linked', worker = null, object_state = n.object_state, target = n.target,
                      object_key = n.object_key, sha256 = n.sha256, bytes = n.bytes, content_type = n.content_type,
                      etag = n.etag, original_bytes = n.original_bytes, original_sha256 = n.original_sha256, failure = null, message = null, updated = now(), record_id = n.record_id::text,
                      record = (select map from records) -> n.record_id::text
                  from named n
                  where t.id = n.id and (jsonb_exists((select map from records), n.record_id::text)
                    or mediaferry.refuse('a trigger or a rule drops the record, or gives it another id'))
                  returning t.id, t.state
                )
                select id, state from linked
                union all
                select t.id, case when t.run is distinct from s.run then 'elsewhere' else t.state end
                from unnest(:#ids::bigint[], :#runs::bigint[]) as s (id, run) join mediaferry.transfer t on t.id = s.id
                where t.state <> 'claimed' or t.worker is distinct from :#worker"""
                .formatted(
                        table(),
                        id(),
                        id == null ? newId : id,
                        String.join(
                                "",
                                values.keySet().stream()
                                        .map(name -> ", " + QueueSql.quote(name))
                                        .toList()),
                        String.join(
                                "",
                                values.values().stream()
                                        .map(value -> ", " + value)
                                        .toList()));
    }

    /** Deletes records that still are as they were inserted. */
    @Override
    public String restoreSql() {
        return """
                with batch as materialized (
                  select t.id, t.record_id, t.record from mediaferry.transfer t
                  where t.id = any (:#ids::bigint[]) and t.entry = :#entry and t.state = 'linked' and t.pruned is null
                  for update of t skip locked
                ), free as materialized (
                  select b.id, x.%2$s as key from batch b
                  join %1$s x on x.%2$s = b.record_id::%3$s
                  where %4$s
                  for update of x skip locked
                ), deleted as (
                  delete from %1$s x using free f where x.%2$s = f.key returning f.id
                ), restored as (
                  update mediaferry.transfer t set state = 'rolled_back', updated = now()
                  from deleted d where t.id = d.id
                  returning t.id
                )
                select id, 'restored' as outcome from restored
                union all
                select b.id, 'changed' from batch b where not exists (
                  select from %1$s x where x.%2$s = b.record_id::%3$s and %4$s)
                union all
                select t.id, 'over' from mediaferry.transfer t
                where t.id = any (:#ids::bigint[]) and t.state <> 'linked'"""
                .formatted(table(), id(), idType.sqlName(), unchanged("b"));
    }

    @Override
    public String restorableSql() {
        return """
                select t.id, case when exists (
                    select from %1$s x where x.%2$s = t.record_id::%3$s and %4$s) then 'restored'
                  else 'changed' end as outcome
                from mediaferry.transfer t
                where t.id = any (:#ids::bigint[]) and t.entry = :#entry and t.state = 'linked' and t.pruned is null"""
                .formatted(table(), id(), idType.sqlName(), unchanged("t"));
    }

    /**
     * Paths of planned files whose key, or whose address ({@code prefix} and key), stands in a record of this table already.
     * Empty when no column has either.
     */
    public Optional<String> keyHoldersSql() {
        List<String> held = new ArrayList<>();
        says.record().columns().forEach((column, value) -> {
            if (value instanceof Text text && text.template().text().equals("{key}")) {
                held.add("x." + QueueSql.quote(column) + "::text = i.object_key");
            } else if (value instanceof Text text && text.template().text().equals("{url}")) {
                held.add("x." + QueueSql.quote(column) + "::text = :#prefix || i.object_key");
            }
        });
        String planned = "select i.path from mediaferry.inventory i join %s x on %s"
                + " where i.worker = :#worker and i.entry = :#entry and i.reason is null";
        // A join for each column, since an "or" would compare every file with every record.
        return held.isEmpty()
                ? Optional.empty()
                : Optional.of(held.stream()
                        .map(condition -> planned.formatted(table(), condition))
                        .collect(Collectors.joining(" union ", "select path from (", ") as held order by 1")));
    }

    /**
     * Where the records of the table lead, no matter who wrote them: {@code id, link} of the first {@code most}. An address
     * that is not in the record is made of {@code prefix} and its key. Empty when no column has either.
     */
    public Optional<String> linksSql() {
        return column("{url}")
                .map(column -> "x." + column)
                .or(() -> column("{key}").map(column -> ":prefix || x." + column))
                .map(link ->
                        """
                        select x.%1$s::text as id, (%2$s)::text as link from %3$s x
                        where (%2$s)::text <> '' order by x.%1$s limit :most"""
                                .formatted(id(), link, table()));
    }

    /** What was imported of the files {@code paths} of {@code entry}, and whether its record is there and leads to the object ({@code led}). */
    public String cleanSql() {
        return """
                select t.id, t.row_key as path, t.object_key, t.bucket, t.sha256, coalesce(t.original_sha256, t.sha256) as file_sha256,
                  coalesce(t.original_bytes, t.bytes) as bytes, t.object_state, t.updated,
                  exists (select from %1$s x where x.%2$s = t.record_id::%3$s and %4$s) as led
                from mediaferry.transfer t
                where t.entry = :entry and t.row_key = any (:paths::text[]) and t.state = 'linked' order by t.row_key"""
                .formatted(table(), id(), idType.sqlName(), leads());
    }

    /** Locks ledger rows and records of transfers {@code ids} that are as {@link #cleanSql} wants them; answers their ids. */
    public String cleanLockSql() {
        return """
                select t.id from mediaferry.transfer t join %1$s x on x.%2$s = t.record_id::%3$s and %4$s
                where t.id = any (:ids::bigint[]) and t.entry = :entry and t.state = 'linked' and t.object_state = 'present'
                order by t.id for no key update of t, x skip locked"""
                .formatted(table(), id(), idType.sqlName(), leads());
    }

    /** The columns of a record that lead to its object are as they were written. */
    private String leads() {
        return says.record().columns().entrySet().stream()
                .filter(column -> column.getValue() instanceof Text text
                        && (text.template().names().contains("key")
                                || text.template().names().contains("url")))
                .map(column -> " and to_jsonb(x." + QueueSql.quote(column.getKey())
                        + ") is not distinct from t.record -> " + QueueSql.literal(column.getKey()))
                .collect(Collectors.joining("", "true", ""));
    }

    private Optional<String> column(String text) {
        return says.record().columns().entrySet().stream()
                .filter(column -> column.getValue() instanceof Text value
                        && value.template().text().equals(text))
                .map(column -> QueueSql.quote(column.getKey()))
                .findFirst();
    }

    /**
     * Any row of the records' table, no matter who wrote it, in the columns that keys and links go to. A record that is as
     * its transfer wrote it is left out: the ledger knows which bucket its key belongs to.
     */
    @Override
    public Optional<String> holdersSql() {
        List<String> columns = says.record().columns().entrySet().stream()
                .filter(column -> column.getValue() instanceof Text text
                        && (text.template().names().contains("key")
                                || text.template().names().contains("url")))
                .map(column -> QueueSql.quote(column.getKey()))
                .map(column -> QueueSql.holders(
                        table(),
                        column,
                        """
                        not exists (
                          select from mediaferry.transfer t
                          where t.state = 'linked' and t.record_id = x.%1$s::text
                            and x.%2$s::text in (t.object_key, t.target))"""
                                .formatted(id(), column)))
                .toList();
        return columns.isEmpty() ? Optional.empty() : Optional.of(String.join(" union ", columns));
    }

    @Override
    public Optional<String> unknownPointersSql() {
        return Optional.empty();
    }

    @Override
    public String recordSql() {
        return """
                select x.%2$s::text as id, to_jsonb(x)::text as value
                from mediaferry.transfer t join %1$s x on x.%2$s = t.record_id::%3$s where t.id = :#transfer"""
                .formatted(table(), id(), idType.sqlName());
    }

    @Override
    public String lostPointersSql() {
        return """
                select t.row_key as id, t.target as value from mediaferry.transfer t
                where t.entry = :#entry and t.state = 'linked' and (:#run::bigint = 0 or t.run = :#run::bigint)
                  and not exists (select from %1$s x where x.%2$s = t.record_id::%3$s)"""
                .formatted(table(), id(), idType.sqlName());
    }

    @Override
    public Map<Check, List<String>> checksSql() {
        Map<Check, List<String>> checks = new LinkedHashMap<>();
        checks.put(
                Check.DANGLING_ID, targets.stream().map(NewIdTable::danglingSql).toList());
        firstColumn()
                .ifPresent(column -> checks.put(
                        Check.NOT_ONE_FIRST,
                        List.of(
                                """
                select t.first_of as id, count(*) filter (where x.%4$s)::text as value
                from mediaferry.transfer t join %1$s x on x.%2$s = t.record_id::%3$s
                where t.entry = :#entry and t.state = 'linked' and :#run::bigint is not null
                group by t.first_of having count(*) filter (where x.%4$s) <> 1"""
                                        .formatted(table(), id(), idType.sqlName(), QueueSql.quote(column)))));
        return checks;
    }

    /**
     * Corrects which records are the first: in its first execution ({@code first} false) takes the mark away from those that
     * no longer are, in its second gives it to those that now are. A mark that somebody else has set or taken is left.
     *
     * @return empty when no column tells it
     */
    public Optional<String> firstsSql() {
        return firstColumn()
                .map(column ->
                        """
                with wanted as materialized (
                  select t.id, t.record_id, t.record, (t.record ->> %5$s)::boolean as has,
                    row_number() over (partition by t.first_of order by t.row_key collate "C") = 1 as first
                  from mediaferry.transfer t where t.entry = :#entry and t.state = 'linked'
                ), turned as materialized (
                  select w.id, w.record_id, w.first, w.record, %6$s as unchanged
                  from wanted w join %1$s x on x.%2$s = w.record_id::%3$s
                  where w.first = :#first::boolean and w.has is distinct from w.first and x.%4$s is not distinct from w.has
                ), marked as (
                  update %1$s x set %4$s = w.first from turned w where x.%2$s = w.record_id::%3$s
                  returning w.id, case when w.unchanged then to_jsonb(x)
                    else w.record || jsonb_build_object(%5$s, w.first) end as record
                )
                update mediaferry.transfer t set record = m.record, updated = now() from marked m where t.id = m.id"""
                                .formatted(
                                        table(),
                                        id(),
                                        idType.sqlName(),
                                        QueueSql.quote(column),
                                        QueueSql.literal(column),
                                        unchanged("w")));
    }

    /** Every column of the record has the value that the transfer remembers; columns that came later do not count. */
    private static String unchanged(String transfer) {
        return "not exists (select from (select to_jsonb(x) as now offset 0) n, jsonb_each(" + transfer
                + ".record) r where n.now -> r.key is distinct from r.value)";
    }

    /** The column that says which record is the first of its group. */
    public Optional<String> firstColumn() {
        return says.record().columns().entrySet().stream()
                .filter(column -> column.getValue() instanceof First)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private String id() {
        return QueueSql.quote(says.record().id());
    }

    private String table() {
        return QueueSql.quote(schema) + "." + QueueSql.quote(says.record().table());
    }
}
