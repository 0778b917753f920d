package dev.mediaferry.entry;

import dev.mediaferry.entry.Tables.Attribute;
import dev.mediaferry.entry.Tables.Table;
import dev.mediaferry.entry.Tables.Wanted;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.registry.Field;
import dev.mediaferry.registry.Traits;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds the registry's fields in the database, and refuses those that could not be moved safely. */
public final class Catalog {

    private final Tables tables;

    private Catalog(Tables tables) {
        this.tables = tables;
    }

    /**
     * @return the fields in their order
     * @throws ConfigurationException naming every field that cannot be moved, and why
     */
    public static List<Column> resolve(List<Field> fields, JdbcClient database) {
        Catalog catalog = new Catalog(new Tables(database));
        List<Column> columns =
                fields.stream().map(catalog::column).flatMap(Optional::stream).toList();
        catalog.tables.failOnProblems();
        return columns;
    }

    private Optional<Column> column(Field field) {
        return tables.table(Wanted.of(field), "select and update").flatMap(table -> column(field, table));
    }

    private Optional<Column> column(Field field, Table table) {
        Map<String, Attribute> attributes = tables.attributes(table);
        Wanted wanted = Wanted.of(field);
        Optional<IdType> id = tables.id(wanted, field.id(), attributes);
        tables.checkUser(wanted, field.asMedia(), attributes);
        Attribute column = attributes.get(field.column());
        if (column == null) {
            return tables.refuse(
                    wanted,
                    "table " + field.table() + " has no column " + field.column()
                            + Tables.near(field.column(), attributes.keySet()));
        }
        if (!tables.isWritable(wanted, column)) {
            return Optional.empty();
        }
        // A varchar's modifier is its length and four bytes more; -1 is unlimited.
        int maxLength = Math.max(0, column.modifier() - 4);
        Optional<Traits> traits = tables.traits(wanted, table, column);
        Optional<String> made = field.created().flatMap(name -> made(wanted, name, attributes));
        Optional<Column> found = id.flatMap(
                type -> traits.map(known -> new Column(field, table.schema(), type, maxLength, known, made)));
        found.ifPresent(entry -> tables.explain(
                wanted, "the statement that writes new links", entry.pointer().relink(), PointerSql.NOTHING));
        return found;
    }

    /** @return SQL of a time as text; what has no time zone is UTC, and what is infinite tells nothing */
    private Optional<String> made(Wanted wanted, String name, Map<String, Attribute> attributes) {
        Attribute created = attributes.get(name);
        if (created == null) {
            return tables.refuse(
                    wanted,
                    "table " + wanted.table() + " has no column " + name + Tables.near(name, attributes.keySet()));
        }
        String column = QueueSql.quote(created.name());
        String time =
                switch (created.type()) {
                    case "timestamptz" -> column;
                    case "timestamp", "date" -> "(" + column + "::timestamp at time zone 'UTC')";
                    default -> null;
                };
        return time == null
                ? tables.refuse(
                        wanted, name + " is of type " + created.type() + ", but must be timestamp, timestamptz or date")
                : Optional.of("case when isfinite(" + column + ") then " + time + "::text end");
    }
}
