package dev.mediaferry.ledger;

import java.util.Optional;
import java.util.UUID;

/** Tells the objects that the transfers of this ledger have stored from those of others: they carry it. */
public record LedgerId(UUID value) {

    /** Made when the ledger has none yet. Processes that do so at once agree. */
    static LedgerId of(Database database) {
        return read(database).orElseGet(() -> {
            database.client()
                    .sql("insert into mediaferry.ledger (id) values (:id) on conflict do nothing")
                    .param("id", UUID.randomUUID())
                    .update();
            return read(database).orElseThrow();
        });
    }

    private static Optional<LedgerId> read(Database database) {
        return database.client()
                .sql("select id from mediaferry.ledger")
                .query(UUID.class)
                .optional()
                .map(LedgerId::new);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
