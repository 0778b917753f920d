package dev.mediaferry.ledger;

import dev.mediaferry.failure.ConfigurationException;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tells the objects that the transfers of this ledger have stored from those of others: they carry it. */
public record LedgerId(UUID value) {

    /** @param database that the ledger was made in; null before anybody asked */
    private record Kept(UUID id, String database) {}

    /**
     * Made when the ledger has none yet. Processes that do so at once agree.
     *
     * @throws ConfigurationException when the ledger was made in another database than this: a copy would take the
     *     objects of the original for its own
     */
    static LedgerId of(Database database) {
        JdbcClient sql = database.client();
        String here = databaseId(sql);
        List<Kept> rows = read(sql);
        if (rows.isEmpty()) {
            sql.sql("insert into mediaferry.ledger (id, database) values (:id, :here) on conflict do nothing")
                    .param("id", UUID.randomUUID())
                    .param("here", here)
                    .update();
            rows = read(sql);
        }
        Kept kept = rows.get(0);
        if (kept.database() == null) {
            keep(database);
        } else if (!here.equals(kept.database())) {
            throw new ConfigurationException(List.of(
                    "this ledger was made in another database (" + kept.database() + ") than this one (" + here
                            + "), and its objects carry its id",
                    "if this is a copy, for tests say, it needs an id of its own, so that it never deletes the original's"
                            + " objects: mediaferry ledger new-id",
                    "if the database has moved here (restored, upgraded, failed over) and the old one is gone:"
                            + " mediaferry ledger keep-id"));
        }
        return new LedgerId(kept.id());
    }

    /** The database has moved: what carries the ledger's id is its own all the same. */
    static void keep(Database database) {
        database.client()
                .sql("update mediaferry.ledger set database = :here")
                .param("here", databaseId(database.client()))
                .update();
    }

    /**
     * The database is a copy: what its transfers have stored so far belongs to the original, and so do the keys of those that
     * have not stored anything yet.
     */
    static LedgerId renew(Database database) {
        database.client()
                .sql(Database.statement("renew-ledger"))
                .param("id", UUID.randomUUID())
                .param("here", databaseId(database.client()))
                .update();
        return of(database);
    }

    private static List<Kept> read(JdbcClient sql) {
        return sql.sql("select id, database from mediaferry.ledger")
                .query(new RecordMapper<>(Kept.class))
                .list();
    }

    /** A dump that is restored elsewhere, be it in the same cluster, gets another. */
    private static String databaseId(JdbcClient sql) {
        boolean readable = sql.sql("select has_function_privilege('pg_control_system()', 'execute')")
                .query(Boolean.class)
                .single();
        String cluster = readable
                ? sql.sql("select system_identifier::text from pg_control_system()")
                        .query(String.class)
                        .single()
                : "unknown";
        long number = sql.sql("select oid::bigint from pg_database where datname = current_database()")
                .query(Long.class)
                .single();
        return "cluster " + cluster + ", database " + number;
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
