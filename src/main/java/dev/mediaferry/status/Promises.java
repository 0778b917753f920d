package dev.mediaferry.status;

import dev.mediaferry.ledger.Database;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads from the ledger whether the links of fields are moved in time. */
final class Promises {

    private final JdbcClient database;

    Promises(JdbcClient database) {
        this.database = database;
    }

    /** @return what the ledger says of the fields that it knows something of */
    Map<String, Promise> of(List<String> fields) {
        Map<String, Promise> promises = new HashMap<>();
        database.sql(Database.statement("promise"))
                .param("entries", fields.toArray(String[]::new))
                .query(rs -> {
                    promises.merge(
                            rs.getString("entry"),
                            new Promise(rs.getLong("due"), rs.getLong("in_time"), rs.getLong("overdue")),
                            Promise::plus);
                });
        return promises;
    }

    /** @param parameters of a page @return what is to be said of its rows that the ledger does not know */
    Promise unseen(Map<String, Object> parameters) {
        return database.sql(Database.statement("unseen-promise"))
                .params(parameters)
                .query((rs, row) -> new Promise(rs.getLong("due"), 0, rs.getLong("overdue")))
                .single();
    }
}
