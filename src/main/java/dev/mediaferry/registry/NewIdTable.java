package dev.mediaferry.registry;

/**
 * A table that has a row for every new id of a category.
 *
 * @param name of the new id
 */
public record NewIdTable(String name, String schema, String table, String column) {

    /** Marks the files of the inventory whose new id the table does not have. */
    public String missingSql() {
        return """
                update mediaferry.inventory i
                set reason = %1$s || ' has no row with ' || %2$s || ' ' || coalesce(i.details ->> %3$s, '')
                where i.worker = :#worker and i.entry = :#entry and i.reason is null and not exists (
                  select from %4$s x where x.%5$s::text = i.details ->> %3$s)"""
                .formatted(
                        QueueSql.literal("table " + table),
                        QueueSql.literal(column),
                        QueueSql.literal(name),
                        QueueSql.quote(schema) + "." + QueueSql.quote(table),
                        QueueSql.quote(column));
    }

    String danglingSql() {
        return """
                select t.row_key as id, %1$s || ' ' || (t.details ->> %2$s) as value from mediaferry.transfer t
                where t.entry = :#entry and t.state = 'linked' and (:#run::bigint = 0 or t.run = :#run::bigint)
                  and not exists (select from %3$s x where x.%4$s::text = t.details ->> %2$s)"""
                .formatted(
                        QueueSql.literal(table + "." + column),
                        QueueSql.literal(name),
                        QueueSql.quote(schema) + "." + QueueSql.quote(table),
                        QueueSql.quote(column));
    }
}
