package dev.mediaferry.archive;

import dev.mediaferry.archive.CacheFiles.Wanted;
import dev.mediaferry.entry.ArchiveTable;
import dev.mediaferry.entry.Entry;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.ledger.Transfer;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Says for a person where the file of a row was looked for. */
public final class Whereabouts {

    private final JdbcClient sql;

    public Whereabouts(Database database) {
        this.sql = database.client();
    }

    /** @return empty for a file of no archive, and for one whose row is gone */
    public Optional<String> of(Entry entry, Transfer transfer) {
        return entry instanceof ArchiveTable table ? of(table, transfer.rowKey()) : Optional.empty();
    }

    private Optional<String> of(ArchiveTable table, String id) {
        return sql
                .sql(table.queries().factsSql().replace(":#", ":"))
                .param("id", id)
                .query(new RecordMapper<>(Wanted.class))
                .list()
                .stream()
                .findFirst()
                .map(new CacheFiles(table.archive().dir())::places)
                .map(places -> String.join(", ", places));
    }
}
