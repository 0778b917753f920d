package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Every reason not to drop the retired side yet. */
final class FinishGuards {

    private final ReferenceLedger ledger;
    private final ReferenceTable table;
    private final List<Finding> reasons = new ArrayList<>();

    FinishGuards(ReferenceLedger ledger, ReferenceTable table) {
        this.ledger = ledger;
        this.table = table;
    }

    List<Finding> reasons(Connection connection) throws SQLException {
        list(
                "dependents",
                new ReferenceFacts(ledger.database(), table).dependents(),
                "these name the retired column; change or drop them first");
        list(
                "constraints",
                new RetiredColumns(connection, table).others(),
                "these constraints would go with the column and not come back with restore; drop them first");
        return reasons;
    }

    private void list(String name, List<String> what, String words) {
        if (!what.isEmpty()) {
            reasons.add(new Finding(name, what.size(), what, words));
        }
    }
}
