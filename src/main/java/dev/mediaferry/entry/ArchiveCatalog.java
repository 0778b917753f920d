package dev.mediaferry.entry;

import dev.mediaferry.entry.Tables.Attribute;
import dev.mediaferry.entry.Tables.Table;
import dev.mediaferry.entry.Tables.Wanted;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.registry.Archive;
import dev.mediaferry.registry.Archive.Role;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds the tables of archives in the database, and refuses those that do not fit. */
public final class ArchiveCatalog {

    private final Tables tables;

    private ArchiveCatalog(Tables tables) {
        this.tables = tables;
    }

    /**
     * @return the archives in their order
     * @throws ConfigurationException naming every archive whose table does not fit, and why
     */
    public static List<ArchiveTable> resolve(List<Archive> archives, JdbcClient database) {
        if (archives.isEmpty()) {
            return List.of();
        }
        ArchiveCatalog catalog = new ArchiveCatalog(new Tables(database));
        List<ArchiveTable> found = archives.stream()
                .map(catalog::archive)
                .flatMap(Optional::stream)
                .toList();
        catalog.tables.failOnProblems();
        return found;
    }

    private Optional<ArchiveTable> archive(Archive archive) {
        Wanted wanted = new Wanted(archive.line(), archive.name(), archive.schema(), archive.table());
        return tables.table(wanted, "select and update").flatMap(table -> archive(archive, wanted, table));
    }

    private Optional<ArchiveTable> archive(Archive archive, Wanted wanted, Table table) {
        Map<String, Attribute> attributes = tables.attributes(table);
        Optional<IdType> id = tables.id(wanted, archive.id(), attributes);
        tables.checkUser(wanted, archive.asMedia(), attributes);
        Map<Role, Attribute> columns = columns(archive, wanted, attributes);
        Attribute md5 = columns.get(Role.MD5);
        if (md5 != null && !List.of("text", "varchar", "bpchar", "uuid").contains(md5.type())) {
            return tables.refuse(
                    wanted, md5.name() + " is of type " + md5.type() + ", but must be text, varchar, char(32) or uuid");
        }
        Optional<String> date = date(archive, wanted, columns.get(Role.CREATED));
        Attribute target = columns.get(Role.TARGET);
        if (md5 == null || target == null || id.isEmpty() || date.isEmpty() || !tables.isWritable(wanted, target)) {
            return Optional.empty();
        }
        Map<Role, String> names = new EnumMap<>(Role.class);
        columns.forEach((role, column) -> names.put(role, column.name()));
        Optional<ArchiveTable> found = tables.traits(wanted, table, target)
                .map(traits -> new ArchiveTable(
                        archive,
                        table.schema(),
                        id.get(),
                        names,
                        date.get(),
                        Math.max(0, target.modifier() - 4),
                        traits));
        found.ifPresent(entry -> tables.explain(
                wanted, "the statement that writes addresses", entry.pointer().relink(), PointerSql.NOTHING));
        return found;
    }

    /** What the table must have, or was said to have; and what it has by its usual name. */
    private Map<Role, Attribute> columns(Archive archive, Wanted wanted, Map<String, Attribute> attributes) {
        Map<Role, Attribute> columns = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            String name = archive.columns().getOrDefault(role, role.usual());
            boolean needed = role == Role.MD5
                    || role == Role.TARGET
                    || (role == Role.CREATED && archive.key().dated())
                    || archive.columns().containsKey(role);
            if (attributes.containsKey(name)) {
                columns.put(role, attributes.get(name));
            } else if (needed) {
                tables.refuse(
                        wanted,
                        "table " + wanted.table() + " has no column " + name + "; name the right one with "
                                + role.label() + ": …" + Tables.near(name, attributes.keySet()));
            }
        }
        return columns;
    }

    /** A year of four digits; before, later or infinite it is as good as none. */
    private static String day(String column) {
        return "case when %1$s >= '0001-01-01' and %1$s < '10000-01-01' then to_char(%1$s, 'YYYY-MM-DD') end"
                .formatted(column);
    }

    /** @return SQL of the day of a row, in UTC */
    private Optional<String> date(Archive archive, Wanted wanted, Attribute created) {
        if (!archive.key().dated() || created == null) {
            return Optional.of("null::text");
        }
        String column = "x." + QueueSql.quote(created.name());
        return switch (created.type()) {
            case "timestamptz" -> Optional.of(day("(" + column + " at time zone 'UTC')"));
            case "timestamp", "date" -> Optional.of(day(column));
            default ->
                tables.refuse(
                        wanted,
                        created.name() + " is of type " + created.type()
                                + ", but must be timestamp, timestamptz or date");
        };
    }
}
