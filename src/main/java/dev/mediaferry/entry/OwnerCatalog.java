package dev.mediaferry.entry;

import dev.mediaferry.entry.Tables.Attribute;
import dev.mediaferry.entry.Tables.Table;
import dev.mediaferry.entry.Tables.Wanted;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.registry.UploadType;
import dev.mediaferry.registry.UploadType.Attach;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds the tables whose rows have uploaded media, and refuses those that could not be asked. */
public final class OwnerCatalog {

    private final JdbcClient database;
    private final Tables tables;

    private OwnerCatalog(JdbcClient database) {
        this.database = database;
        this.tables = new Tables(database);
    }

    /**
     * @return the tables, each once
     * @throws ConfigurationException naming every type of uploads whose table does not fit, and why
     */
    public static List<OwnerTable> resolve(List<UploadType> types, JdbcClient database) {
        if (types.stream().allMatch(type -> type.attach().isEmpty())) {
            return List.of();
        }
        OwnerCatalog catalog = new OwnerCatalog(database);
        Map<String, Attach> asked = new HashMap<>();
        Map<String, OwnerTable> found = new LinkedHashMap<>();
        for (UploadType type : types) {
            type.attach().ifPresent(attach -> {
                Attach first = asked.putIfAbsent(attach.ownerType(), attach);
                if (first == null) {
                    catalog.table(type, attach).ifPresent(table -> found.put(table.ownerType(), table));
                } else if (!first.equals(attach)) {
                    catalog.refuseAnother(type, attach, first);
                }
            });
        }
        catalog.tables.failOnProblems();
        return List.copyOf(found.values());
    }

    private static Wanted wanted(UploadType type, Attach attach) {
        return new Wanted(type.line(), type.name(), attach.schema(), attach.table());
    }

    /** Whose a row is has one answer, for all types. */
    private void refuseAnother(UploadType type, Attach attach, Attach first) {
        tables.refuse(
                wanted(type, attach),
                "attach: " + attach.ownerType() + " has id " + first.id() + " and user " + first.user()
                        + " in a line before, so it cannot have id " + attach.id() + " and user " + attach.user()
                        + " here");
    }

    private Optional<OwnerTable> table(UploadType type, Attach attach) {
        Wanted wanted = wanted(type, attach);
        return tables.table(wanted, "select").flatMap(table -> table(wanted, attach, table));
    }

    private Optional<OwnerTable> table(Wanted wanted, Attach attach, Table table) {
        Map<String, Attribute> attributes = tables.attributes(table);
        if (!attributes.containsKey(attach.user())) {
            return tables.refuse(
                    wanted,
                    "table " + attach.table() + " has no column " + attach.user()
                            + Tables.near(attach.user(), attributes.keySet()));
        }
        if (hidesRows(table)) {
            return tables.refuse(
                    wanted,
                    "row security hides rows of " + attach.table()
                            + " from the database user, so they would seem to be gone; let it bypass row security");
        }
        return tables.id(wanted, attach.id(), attributes).map(id -> new OwnerTable(attach, table.schema(), id));
    }

    private boolean hidesRows(Table table) {
        return database.sql("select row_security_active(:table::oid)")
                .param("table", table.oid())
                .query(Boolean.class)
                .single();
    }
}
