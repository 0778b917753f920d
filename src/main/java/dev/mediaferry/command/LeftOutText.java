package dev.mediaferry.command;

import dev.mediaferry.planning.LeftOutRow;
import java.util.List;

/** Rows that runs leave alone, for a person. */
final class LeftOutText {

    private LeftOutText() {}

    static String of(List<LeftOutRow> rows) {
        TextTable table = new TextTable("FIELD", "ID", "REASON", "VALUE");
        rows.forEach(row ->
                table.row(row.field(), LedgerOptions.plain(row.id()), row.reason(), LedgerOptions.plain(row.value())));
        return table.toString();
    }
}
