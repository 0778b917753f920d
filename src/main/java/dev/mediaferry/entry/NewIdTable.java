package dev.mediaferry.entry;

/**
 * A table that has a row for every new id of a category.
 *
 * @param name of the new id
 * @param type of the column, as PostgreSQL calls it internally: new ids are compared as it would
 */
public record NewIdTable(String name, String schema, String table, String column, String type) {

    /** Marks the files of the inventory whose new id the table does not have. */
    public String missingSql() {
        return """
                update mediaferry.inventory i
                set reason = %1$s || ' has no row with ' || %2$s || ' ' || coalesce(i.details ->> %3$s, '')
                where i.worker = :#worker and i.entry = :#entry and i.reason is null and not exists (
                  select from %4$s x where %5$s)"""
                .formatted(
                        QueueSql.literal("table " + table),
                        QueueSql.literal(column),
                        QueueSql.literal(name),
                        QueueSql.quote(schema) + "." + QueueSql.quote(table),
                        equal("(i.details ->> " + QueueSql.literal(name) + ")"));
    }

    String danglingSql() {
        return """
                select t.row_key as id, %1$s || ' ' || (t.details ->> %2$s) as value from mediaferry.transfer t
                where t.entry = :#entry and t.state = 'linked' and (:#run::bigint = 0 or t.run = :#run::bigint)
                  and not exists (select from %3$s x where %4$s)"""
                .formatted(
                        QueueSql.literal(table + "." + column),
                        QueueSql.literal(name),
                        QueueSql.quote(schema) + "." + QueueSql.quote(table),
                        equal("(t.details ->> " + QueueSql.literal(name) + ")"));
    }

    /** A text that the type does not take is compared as it is: it is in no row, and no error either. */
    private String equal(String text) {
        String digits = "([0-9a-f]{4}(-|)){7}[0-9a-f]{4}";
        String id = "x." + QueueSql.quote(column) + "::text";
        return switch (type) {
            case "uuid" ->
                "%s = case when lower(%s) ~ '^(%s|[{]%s[}])$' then %s::uuid::text else %s end"
                        .formatted(id, text, digits, digits, text, text);
            case "int2", "int4", "int8" ->
                "%s = case when %s ~ '^ *[+-]{0,1}[0-9]{1,18} *$' then %s::bigint::text else %s end"
                        .formatted(id, text, text, text);
            case "bpchar" -> id + " = rtrim(" + text + ")";
            case "citext" -> "lower(" + id + ") = lower(" + text + ")";
            default -> id + " = " + text;
        };
    }
}
