package dev.mediaferry.reference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.ledger.Database;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the ledger knows of dumps of dropped columns. */
final class DumpLedger {

    private static final JsonMapper JSON = new JsonMapper();

    private final Database database;

    DumpLedger(Database database) {
        this.database = database;
    }

    private JdbcClient sql() {
        return database.client();
    }

    private static Dump read(String json) {
        try {
            return JSON.readValue(json, Dump.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the ledger has a dump that cannot be read", e);
        }
    }

    /** Writes down where a dump is, and once it was read back, what it is. */
    void put(String name, Dump dump) {
        sql().sql("update mediaferry.reference set dump = :dump::jsonb where name = :name")
                .param("dump", ReferenceLedger.json(dump))
                .param("name", name)
                .update();
    }

    Optional<Dump> of(String name) {
        return sql().sql("select dump::text from mediaferry.reference where name = :name and dump is not null")
                .param("name", name)
                .query(String.class)
                .optional()
                .map(DumpLedger::read);
    }

    /** Gives back what verify had noted. */
    void notes(String name, List<DumpFile.Note> notes) {
        for (DumpFile.Note note : notes) {
            sql().sql("insert into mediaferry.reference_row (reference, row_key, kind, old_value, new_value)"
                            + " values (:name, :row, :kind, :old, :fresh) on conflict do nothing")
                    .param("name", name)
                    .param("row", note.row())
                    .param("kind", note.kind())
                    .param("old", note.old())
                    .param("fresh", note.fresh())
                    .update();
        }
    }
}
