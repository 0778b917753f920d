package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.entry.ReferenceTable.Side;
import dev.mediaferry.ledger.Database;

/** What the triggers of a reference have counted; null where there are none. After a crash of the server they may be too high. */
final class Counters {

    private final Database database;
    private final DualWrite triggers;

    Counters(Database database, ReferenceTable table) {
        this.database = database;
        this.triggers = new DualWrite(table, database.schema().name(), Side.NAMED);
    }

    Long oldWrites() {
        return value(triggers.oldWrites());
    }

    Long conflicts() {
        return value(triggers.conflicts());
    }

    private Long value(String sequence) {
        boolean there = database.client()
                .sql("select to_regclass(:sequence) is not null")
                .param("sequence", sequence)
                .query(Boolean.class)
                .single();
        return there
                ? database.client()
                        .sql("select case when is_called then last_value else 0 end from " + sequence)
                        .query(Long.class)
                        .single()
                : null;
    }
}
