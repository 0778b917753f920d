package dev.mediaferry.entry;

import dev.mediaferry.registry.ImportCategory.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What planning, the check of links and the deletion of local files ask of the records of a category, and what sets them right. */
public record CategoryQueries(Category category) {

    /**
     * Paths of planned files whose key, or whose address ({@code prefix} and key), stands in a record of this table already.
     * Empty when no column has either.
     */
    public Optional<String> keyHoldersSql() {
        List<String> held = new ArrayList<>();
        category.says().record().columns().forEach((column, value) -> {
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
                        .map(condition -> planned.formatted(category.table(), condition))
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
                                .formatted(category.id(), link, category.table()));
    }

    /** What was imported of the files {@code paths} of {@code entry}, and whether its record is there and leads to the object ({@code led}). */
    public String cleanSql() {
        return """
                select t.id, t.row_key as path, t.object_key, t.bucket, t.sha256, coalesce(t.original_sha256, t.sha256) as file_sha256,
                  coalesce(t.original_bytes, t.bytes) as bytes, t.object_state, t.updated,
                  exists (select from %1$s x where x.%2$s = t.record_id::%3$s and %4$s) as led
                from mediaferry.transfer t
                where t.entry = :entry and t.row_key = any (:paths::text[]) and t.state = 'linked' order by t.row_key"""
                .formatted(category.table(), category.id(), category.idType().sqlName(), leads());
    }

    /** Locks ledger rows and records of transfers {@code ids} that are as {@link #cleanSql} wants them; answers their ids. */
    public String cleanLockSql() {
        return """
                select t.id from mediaferry.transfer t join %1$s x on x.%2$s = t.record_id::%3$s and %4$s
                where t.id = any (:ids::bigint[]) and t.entry = :entry and t.state = 'linked' and t.object_state = 'present'
                order by t.id for no key update of t, x skip locked"""
                .formatted(category.table(), category.id(), category.idType().sqlName(), leads());
    }

    /** The columns of a record that lead to its object are as they were written. */
    private String leads() {
        return category.says().record().columns().entrySet().stream()
                .filter(column -> column.getValue() instanceof Text text
                        && (text.template().names().contains("key")
                                || text.template().names().contains("url")))
                .map(column -> " and to_jsonb(x." + QueueSql.quote(column.getKey())
                        + ") is not distinct from t.record -> " + QueueSql.literal(column.getKey()))
                .collect(Collectors.joining("", "true", ""));
    }

    /**
     * Corrects which records are the first: in its first execution ({@code first} false) takes the mark away from those that
     * no longer are, in its second gives it to those that now are. A mark that somebody else has set or taken is left.
     *
     * @return empty when no column tells it
     */
    public Optional<String> firstsSql() {
        return category.firstColumn()
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
                                        category.table(),
                                        category.id(),
                                        category.idType().sqlName(),
                                        QueueSql.quote(column),
                                        QueueSql.literal(column),
                                        RecordSql.unchanged("w")));
    }

    private Optional<String> column(String text) {
        return category.says().record().columns().entrySet().stream()
                .filter(column -> column.getValue() instanceof Text value
                        && value.template().text().equals(text))
                .map(column -> QueueSql.quote(column.getKey()))
                .findFirst();
    }
}
