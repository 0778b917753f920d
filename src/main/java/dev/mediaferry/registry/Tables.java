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

/** The tables of the database, and what is wrong with those that the registry names. */
final class Tables {

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
              format_type(a.atttypid, -1) as cast_type, a.attidentity <> '' as identity,
              (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d
                where d.adrelid = a.attrelid and d.adnum = a.attnum and a.attgenerated = '') as default_value,
              a.attnotnull as required, has_column_privilege(a.attrelid, a.attnum, 'insert') as insertable,
              exists (select from pg_index i where i.indrelid = a.attrelid and i.indisunique and i.indisvalid
                and i.indpred is null and i.indnkeyatts = 1 and i.indkey[0] = a.attnum) as is_unique
            from pg_attribute a join pg_type t on t.oid = a.atttypid
            where a.attrelid = :table and a.attnum > 0 and not a.attisdropped""";

    record Table(String schema, String name, String kind, long oid, boolean visible, boolean readable) {}

    record Attribute(
            String name,
            String type,
            String castType,
            int modifier,
            boolean generated,
            boolean identity,
            String defaultValue,
            boolean required,
            boolean insertable,
            boolean writable,
            boolean isUnique) {

        boolean filledByItself() {
            return identity || generated || defaultValue != null || !required;
        }
    }

    /** What a table is looked for by, and where that stands in the registry. */
    record Wanted(int line, String entry, String schema, String table) {

        static Wanted of(Field field) {
            return new Wanted(field.line(), field.name(), field.schema(), field.table());
        }
    }

    private final JdbcClient database;
    private final List<Table> tables;
    private final List<String> problems = new ArrayList<>();

    Tables(JdbcClient database) {
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

    JdbcClient database() {
        return database;
    }

    /** @throws ConfigurationException naming all that was refused */
    void failOnProblems() {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    Optional<Table> table(Wanted wanted, String rights) {
        List<Table> found = tables.stream()
                .filter(table -> table.name().equals(wanted.table()))
                .filter(table -> wanted.schema() == null
                        ? table.visible()
                        : table.schema().equals(wanted.schema()))
                .toList();
        if (found.isEmpty()) {
            return refuse(wanted, "the database has no table " + wanted.table() + nearTable(wanted));
        }
        Table table = found.get(0);
        if (!table.kind().equals("r") && !table.kind().equals("p")) {
            return refuse(wanted, table.name() + " is no table but a view or the like; name the table behind it");
        }
        if (!table.readable()) {
            return refuse(wanted, "the database user may not read table " + table.name() + "; grant " + rights);
        }
        return Optional.of(table);
    }

    Map<String, Attribute> attributes(Table table) {
        Map<String, Attribute> attributes = new TreeMap<>();
        database.sql(COLUMNS)
                .param("table", table.oid())
                .query((rs, row) -> new Attribute(
                        rs.getString("name"),
                        rs.getString("type"),
                        rs.getString("cast_type"),
                        rs.getInt("modifier"),
                        rs.getBoolean("generated"),
                        rs.getBoolean("identity"),
                        rs.getString("default_value"),
                        rs.getBoolean("required"),
                        rs.getBoolean("insertable"),
                        rs.getBoolean("writable"),
                        rs.getBoolean("is_unique")))
                .list()
                .forEach(attribute -> attributes.put(attribute.name(), attribute));
        return attributes;
    }

    Optional<IdType> id(Wanted wanted, String name, Map<String, Attribute> attributes) {
        Attribute id = attributes.get(name);
        if (id == null) {
            return refuse(
                    wanted,
                    "table " + wanted.table() + " has no column " + name
                            + " to tell its rows apart; name the unique one with id: …"
                            + near(name, attributes.keySet()));
        }
        Optional<IdType> type = IdType.of(id.type());
        if (type.isEmpty()) {
            return refuse(
                    wanted,
                    "id column " + name + " is of type " + id.type()
                            + ", but must be text, varchar, uuid or an integer");
        }
        if (!id.isUnique()) {
            return refuse(
                    wanted,
                    "id column " + name
                            + " is not unique: one link could be written to many rows; it needs a primary key or unique index");
        }
        return type;
    }

    /** Refuses a column that no link could be written to. */
    boolean isWritable(Wanted wanted, Attribute column) {
        if (!column.type().equals("text") && !column.type().equals("varchar")) {
            refuse(wanted, column.name() + " is of type " + column.type() + ", but must be text or varchar");
            return false;
        }
        if (column.generated()) {
            refuse(wanted, column.name() + " is generated by the database, nothing can be written to it");
            return false;
        }
        if (!column.writable()) {
            refuse(wanted, "the database user may not update " + column.name() + "; grant update on it");
            return false;
        }
        return true;
    }

    private String nearTable(Wanted wanted) {
        List<String> names = tables.stream()
                .map(table -> table.visible() ? table.name() : table.schema() + "." + table.name())
                .toList();
        String full = wanted.schema() == null ? wanted.table() : wanted.schema() + "." + wanted.table();
        // The right table in another schema is nearer than a name that merely looks alike.
        return names.stream()
                .filter(name -> name.endsWith("." + wanted.table()))
                .findFirst()
                .map(name -> "; did you mean " + name + "?")
                .orElseGet(() -> near(full, names));
    }

    static String near(String name, Collection<String> known) {
        return Names.nearest(name, known)
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
    }

    <T> Optional<T> refuse(Wanted wanted, String problem) {
        problems.add("registry line " + wanted.line() + ": " + wanted.entry() + ": " + problem);
        return Optional.empty();
    }
}
