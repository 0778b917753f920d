package dev.mediaferry.entry;

import dev.mediaferry.registry.ImportCategory.First;
import dev.mediaferry.registry.ImportCategory.Inserted;
import dev.mediaferry.registry.ImportCategory.Query;
import dev.mediaferry.registry.ImportCategory.Text;
import dev.mediaferry.registry.ImportCategory.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of a record as expressions over the file that it is of. What comes from a file is named in them, never part of
 * them.
 *
 * @param entry name of the category
 * @param casts type of each column
 */
record RecordValues(String entry, Map<String, String> casts) {

    /** The file in statements that hold a query of the registry: no table there has such a name. */
    private static final String FILE = "mediaferry_file";

    /** Column to what it gets, in terms of the file. */
    Map<String, String> values(Inserted record) {
        Map<String, String> values = new LinkedHashMap<>();
        record.columns()
                .forEach((column, value) -> values.put(column, "(" + value(value, column) + ")::" + casts.get(column)));
        return values;
    }

    private String value(Value value, String column) {
        if (value instanceof Text text) {
            List<String> pieces = text.template().pieces();
            if (pieces.size() == 3 && pieces.get(0).isEmpty() && pieces.get(2).isEmpty()) {
                return fact(pieces.get(1));
            }
            StringBuilder sql = new StringBuilder(QueueSql.literal(pieces.get(0)));
            for (int i = 1; i < pieces.size(); i++) {
                String piece = pieces.get(i);
                sql.append(" || ").append(i % 2 == 0 ? QueueSql.literal(piece) : "(" + fact(piece) + ")::text");
            }
            return sql.toString();
        }
        if (value instanceof Query query) {
            return query.sql().fill(RecordValues::fact);
        }
        return value instanceof First ? first(column) : "null";
    }

    /** No record of its group has the mark, and no file is on its way that would come before it. */
    private String first(String column) {
        return """
                not exists (
                  select from mediaferry.transfer o
                  where o.entry = %1$s and o.first_of = %2$s.first_of and o.state in ('waiting', 'claimed', 'linked')
                    and o.row_key collate "C" < %2$s.row_key collate "C")
                and not exists (
                  select from mediaferry.transfer o
                  where o.entry = %1$s and o.first_of = %2$s.first_of and o.state = 'linked'
                    and (o.record ->> %3$s)::boolean)"""
                .formatted(QueueSql.literal(entry), FILE, QueueSql.literal(column));
    }

    private static String fact(String name) {
        return switch (name) {
            case "key" -> FILE + ".object_key";
            case "url" -> FILE + ".target";
            case "type" -> FILE + ".content_type";
            case "bytes" -> FILE + ".bytes";
            case "sha256" -> FILE + ".sha256";
            case "path" -> FILE + ".row_key";
            case "uuid" -> "gen_random_uuid()";
            case "now" -> "now()";
            default -> "(" + FILE + ".details ->> " + QueueSql.literal(name) + ")";
        };
    }
}
