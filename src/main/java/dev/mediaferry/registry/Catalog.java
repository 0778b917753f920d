package dev.mediaferry.registry;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Names;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds the registry's fields in the database, and refuses those that could not be moved safely. */
public final class Catalog {

    private static final String TABLES =
            """
            select n.nspname as schema, c.relname as name, c.relkind, c.oid,
              pg_table_is_visible(c.oid) as visible, has_table_privilege(c.oid, 'select') as readable
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'v', 'm', 'f')
              and n.nspname not in ('pg_catalog', 'information_schema', 'mediaferry') and n.nspname not like 'pg\\_%'""";

    private static final String COLUMNS =
            """
            select a.attname as name, t.typname as type, a.atttypmod as modifier, a.attgenerated <> '' as generated,
              has_column_privilege(a.attrelid, a.attnum, 'update') as writable,
              exists (select from pg_index i where i.indrelid = a.attrelid and i.indisunique and i.indisvalid
                and i.indpred is null and i.indnkeyatts = 1 and i.indkey[0] = a.attnum) as is_unique
            from pg_attribute a join pg_type t on t.oid = a.atttypid
            where a.attrelid = :table and a.attnum > 0 and not a.attisdropped""";

    private record Table(String schema, String name, String kind, long oid, boolean visible, boolean readable) {}

    private record Attribute(
            String name, String type, int modifier, boolean generated, boolean writable, boolean isUnique) {}

    private final JdbcClient database;
    private final List<Table> tables;
    private final List<String> problems = new ArrayList<>();

    private Catalog(JdbcClient database) {
        this.database = database;
        this.tables = database.sql(TABLES)
                .query((rs, row) -> new Table(
                        rs.getString("schema"),
                        rs.getString("name"),
                        rs.getString("relkind"),
                        rs.getLong("oid"),
                        rs.getBoolean("visible"),
                        rs.getBoolean("readable")))
                .list();
    }

    /**
     * @return the fields in their order
     * @throws ConfigurationException naming every field that cannot be moved, and why
     */
    public static List<Column> resolve(List<Field> fields, JdbcClient database) {
        Catalog catalog = new Catalog(database);
        List<Column> columns =
                fields.stream().map(catalog::column).flatMap(Optional::stream).toList();
        if (!catalog.problems.isEmpty()) {
            throw new ConfigurationException(catalog.problems);
        }
        return columns;
    }

    private Optional<Column> column(Field field) {
        return table(field).flatMap(table -> column(field, table));
    }

    private Optional<Table> table(Field field) {
        List<Table> found = tables.stream()
                .filter(table -> table.name().equals(field.table()))
                .filter(table -> field.schema() == null
                        ? table.visible()
                        : table.schema().equals(field.schema()))
                .toList();
        if (found.isEmpty()) {
            return refuse(field, "the database has no table " + field.table() + nearTable(field));
        }
        Table table = found.get(0);
        if (!table.kind().equals("r") && !table.kind().equals("p")) {
            return refuse(field, table.name() + " is no table but a view or the like; name the table behind it");
        }
        if (!table.readable()) {
            return refuse(field, "the database user may not read table " + table.name() + "; grant select and update");
        }
        return Optional.of(table);
    }

    private Optional<Column> column(Field field, Table table) {
        Map<String, Attribute> attributes = new TreeMap<>();
        database.sql(COLUMNS)
                .param("table", table.oid())
                .query((rs, row) -> new Attribute(
                        rs.getString("name"),
                        rs.getString("type"),
                        rs.getInt("modifier"),
                        rs.getBoolean("generated"),
                        rs.getBoolean("writable"),
                        rs.getBoolean("is_unique")))
                .list()
                .forEach(attribute -> attributes.put(attribute.name(), attribute));
        Optional<IdType> id = id(field, attributes);
        Attribute column = attributes.get(field.column());
        if (column == null) {
            return refuse(
                    field,
                    "table " + field.table() + " has no column " + field.column()
                            + near(field.column(), attributes.keySet()));
        }
        if (!column.type().equals("text") && !column.type().equals("varchar")) {
            return refuse(field, field.column() + " is of type " + column.type() + ", but must be text or varchar");
        }
        if (column.generated()) {
            return refuse(field, field.column() + " is generated by the database, nothing can be written to it");
        }
        if (!column.writable()) {
            return refuse(field, "the database user may not update " + field.column() + "; grant update on it");
        }
        // A varchar's modifier is its length and four bytes more; -1 is unlimited.
        int maxLength = Math.max(0, column.modifier() - 4);
        return id.map(type -> new Column(field, table.schema(), type, maxLength));
    }

    private Optional<IdType> id(Field field, Map<String, Attribute> attributes) {
        Attribute id = attributes.get(field.id());
        if (id == null) {
            return refuse(
                    field,
                    "table " + field.table() + " has no column " + field.id()
                            + " to tell its rows apart; name the unique one with id: …"
                            + near(field.id(), attributes.keySet()));
        }
        Optional<IdType> type = IdType.of(id.type());
        if (type.isEmpty()) {
            return refuse(
                    field,
                    "id column " + field.id() + " is of type " + id.type()
                            + ", but must be text, varchar, uuid or an integer");
        }
        if (!id.isUnique()) {
            return refuse(
                    field,
                    "id column " + field.id()
                            + " is not unique: one link could be written to many rows; it needs a primary key or unique index");
        }
        return type;
    }

    private String nearTable(Field field) {
        List<String> names = tables.stream()
                .map(table -> table.visible() ? table.name() : table.schema() + "." + table.name())
                .toList();
        String wanted = field.schema() == null ? field.table() : field.schema() + "." + field.table();
        // The right table in another schema is nearer than a name that merely looks alike.
        return names.stream()
                .filter(name -> name.endsWith("." + field.table()))
                .findFirst()
                .map(name -> "; did you mean " + name + "?")
                .orElseGet(() -> near(wanted, names));
    }

    private static String near(String name, Collection<String> known) {
        return Names.nearest(name, known)
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
    }

    private <T> Optional<T> refuse(Field field, String problem) {
        problems.add("registry line " + field.line() + ": " + field.name() + ": " + problem);
        return Optional.empty();
    }
}
