package dev.mediaferry.uploads;

import dev.mediaferry.entry.OwnerTable;
import dev.mediaferry.ledger.Database;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of the application that have media. */
public final class Owners {

    private final List<OwnerTable> tables;
    private final JdbcClient database;

    public Owners(List<OwnerTable> tables, Database database) {
        this.tables = List.copyOf(tables);
        this.database = database.client();
    }

    /** True when a row is there and this user's, or when its table is none of the registry, which nobody can check. */
    public boolean isOf(String userId, String ownerType, String ownerId) {
        return tables.stream()
                .filter(table -> table.ownerType().equals(ownerType))
                .allMatch(table -> database.sql(table.ownedSql().replace(":#", ":"))
                        .param("ownerId", ownerId)
                        .param("userId", userId)
                        .query(Boolean.class)
                        .single());
    }
}
