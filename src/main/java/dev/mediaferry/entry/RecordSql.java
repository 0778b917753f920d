package dev.mediaferry.entry;

import dev.mediaferry.entry.Verify.Check;
import dev.mediaferry.registry.ImportCategory.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The statements that insert the records of a category, delete them, and look whether they are there. Parts and new ids of a
 * file are read from the ledger's {@code details}; nothing of them is ever part of a statement.
 */
record RecordSql(Category category) {

    /** Inserts the records and marks the transfers, which remember each record as the database has it now. */
    String insert() {
        MediaSql media = new MediaSql(
                category.asMedia(), new JobSql(category.name(), category.asMedia(), category.derivation()));
        Map<String, String> values = new RecordValues(category.name(), category.casts())
                .values(category.says().record());
        String id = values.remove(category.says().record().id());
        return """
                with batch as materialized (
                  select t.id, t.row_key, t.details, t.first_of, s.target, s.object_key, s.sha256, s.bytes, s.content_type,
                    s.etag, s.original_bytes, s.original_sha256, s.object_state%6$s
                  from unnest(:#ids::bigint[], :#targets::text[], :#objectKeys::text[], :#sha256s::text[],
                      :#bytes::bigint[], :#contentTypes::text[], :#etags::text[], :#originalBytes::bigint[], :#originalSha256s::text[],
                      :#objectStates::text[]%7$s)
                    as s (id, target, object_key, sha256, bytes, content_type, etag, original_bytes, original_sha256, object_state%8$s)
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
                      record = (select map from records) -> n.record_id::text%9$s
                  from named n
                  where t.id = n.id and (jsonb_exists((select map from records), n.record_id::text)
                    or mediaferry.refuse('a trigger or a rule drops the record, or gives it another id'))%10$s
                  returning t.id, t.state
                )%11$s
                select id, state from linked
                union all
                select t.id, case when t.run is distinct from s.run then 'elsewhere' else t.state end
                from unnest(:#ids::bigint[], :#runs::bigint[]) as s (id, run) join mediaferry.transfer t on t.id = s.id
                where t.state <> 'claimed' or t.worker is distinct from :#worker"""
                .formatted(
                        category.table(),
                        category.id(),
                        id == null ? category.newId() : id,
                        String.join(
                                "",
                                values.keySet().stream()
                                        .map(name -> ", " + QueueSql.quote(name))
                                        .toList()),
                        String.join(
                                "",
                                values.values().stream()
                                        .map(value -> ", " + value)
                                        .toList()),
                        media.batch(),
                        media.arrays(),
                        media.names(),
                        media.mark("n"),
                        media.recordHasUser(),
                        media.insert(
                                "named",
                                "btrim(" + media.recordUser("s") + ")",
                                "null",
                                "regexp_replace(s.row_key, '^.*/', '')"));
    }

    /** Deletes records that still are as they were inserted. */
    String delete() {
        return """
                with batch as materialized (
                  select t.id, t.record_id, t.record, t.medium from mediaferry.transfer t
                  where t.id = any (:#ids::bigint[]) and t.entry = :#entry and t.state = 'linked' and t.pruned is null
                  for update of t skip locked
                ), %5$s, free as materialized (
                  select t.id, t.medium, x.%2$s as key from batch t
                  join %1$s x on x.%2$s = t.record_id::%3$s
                  where %9$s and %6$s
                  for update of x skip locked
                ), deleted as (
                  delete from %1$s x using free f where x.%2$s = f.key returning f.id, f.medium
                ), restored as (
                  update mediaferry.transfer t set state = 'rolled_back', updated = now()
                  from deleted d where t.id = d.id
                  returning t.id, d.medium
                ), %7$s
                %8$s
                union all
                select b.id, 'changed', null from batch b where not exists (
                  select from %1$s x where x.%2$s = b.record_id::%3$s and %4$s)
                union all
                select t.id, 'over', null from mediaferry.transfer t
                where t.id = any (:#ids::bigint[]) and t.state <> 'linked'"""
                .formatted(
                        category.table(),
                        category.id(),
                        category.idType().sqlName(),
                        unchanged("b"),
                        MediaSql.JUDGED,
                        MediaSql.UNLOCKED,
                        MediaSql.DROPPED,
                        MediaSql.RESTORED,
                        unchanged("t"));
    }

    /** What {@link #delete} would answer if nobody had anything locked; changes nothing. */
    String deletable() {
        return """
                select t.id, case when exists (
                    select from %1$s x where x.%2$s = t.record_id::%3$s and %4$s) then 'restored'
                  else 'changed' end as outcome, %5$s as kept
                from mediaferry.transfer t
                where t.id = any (:#ids::bigint[]) and t.entry = :#entry and t.state = 'linked' and t.pruned is null"""
                .formatted(category.table(), category.id(), category.idType().sqlName(), unchanged("t"), MediaSql.KEPT);
    }

    /**
     * Any row of the records' table, no matter who wrote it, in the columns that keys and links go to. A record that is as
     * its transfer wrote it is left out: the ledger knows which bucket its key belongs to.
     */
    Optional<String> holders() {
        List<String> columns = category.says().record().columns().entrySet().stream()
                .filter(column -> column.getValue() instanceof Text text
                        && (text.template().names().contains("key")
                                || text.template().names().contains("url")))
                .map(column -> QueueSql.quote(column.getKey()))
                .map(column -> QueueSql.holders(
                        category.table(),
                        column,
                        """
                        not exists (
                          select from mediaferry.transfer t
                          where t.state = 'linked' and t.record_id = x.%1$s::text
                            and x.%2$s::text in (t.object_key, t.target))"""
                                .formatted(category.id(), column)))
                .toList();
        return columns.isEmpty() ? Optional.empty() : Optional.of(String.join(" union ", columns));
    }

    /** What the record of a transfer holds. */
    String record() {
        return """
                select x.%2$s::text as id, to_jsonb(x)::text as value
                from mediaferry.transfer t join %1$s x on x.%2$s = t.record_id::%3$s where t.id = :#transfer"""
                .formatted(category.table(), category.id(), category.idType().sqlName());
    }

    /** Linked transfers whose record is not there. */
    String lost() {
        return """
                select t.row_key as id, t.target as value from mediaferry.transfer t
                where t.entry = :#entry and t.state = 'linked' and (:#run::bigint = 0 or t.run = :#run::bigint)
                  and not exists (select from %1$s x where x.%2$s = t.record_id::%3$s)"""
                .formatted(category.table(), category.id(), category.idType().sqlName());
    }

    /** What else may be wrong with records. */
    Map<Check, List<String>> checks() {
        Map<Check, List<String>> checks = new LinkedHashMap<>();
        checks.put(
                Check.DANGLING_ID,
                category.targets().stream().map(NewIdTable::danglingSql).toList());
        category.firstColumn()
                .ifPresent(column -> checks.put(
                        Check.NOT_ONE_FIRST,
                        List.of(
                                """
                select t.first_of as id, count(*) filter (where x.%4$s)::text as value
                from mediaferry.transfer t join %1$s x on x.%2$s = t.record_id::%3$s
                where t.entry = :#entry and t.state = 'linked' and :#run::bigint is not null
                group by t.first_of having count(*) filter (where x.%4$s) <> 1"""
                                        .formatted(
                                                category.table(),
                                                category.id(),
                                                category.idType().sqlName(),
                                                QueueSql.quote(column)))));
        return checks;
    }

    /** Every column of the record has the value that the transfer remembers; columns that came later do not count. */
    static String unchanged(String transfer) {
        return "not exists (select from (select to_jsonb(x) as now offset 0) n, jsonb_each(" + transfer
                + ".record) r where n.now -> r.key is distinct from r.value)";
    }
}
