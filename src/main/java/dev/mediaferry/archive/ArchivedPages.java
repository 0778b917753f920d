package dev.mediaferry.archive;

import dev.mediaferry.entry.ArchiveTable;
import dev.mediaferry.ledger.RecordMapper;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The archived rows of a table, page by page, in the order in which they were planned. */
final class ArchivedPages {

    private final JdbcClient sql;
    private final ArchiveTable table;
    private final String before;
    private long after;

    /** @param before a time of the database; what was archived since is left out */
    ArchivedPages(JdbcClient sql, ArchiveTable table, String before) {
        this.sql = sql;
        this.table = table;
        this.before = before;
    }

    /** @return empty at the end */
    List<ArchivedRow> next(int most) {
        List<ArchivedRow> rows = sql.sql(table.queries().cleanSql().replace(":#", ":"))
                .param("entry", table.name())
                .param("after", after)
                .param("before", before)
                .param("most", most)
                .query(new RecordMapper<>(ArchivedRow.class))
                .list();
        if (!rows.isEmpty()) {
            after = rows.get(rows.size() - 1).transfer();
        }
        return rows;
    }
}
