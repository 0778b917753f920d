package dev.mediaferry.run;

import dev.mediaferry.plan.PlanFile;
import dev.mediaferry.plan.PlannedRow;
import java.util.List;

/**
 * One field's part of a plan while a run goes by it: first the planned rows are looked up, then the column is searched as
 * ever, only to count what is not in the plan. A field is planned by one thread at a time.
 */
final class Following {

    private final PlanFile.Rows rows;
    private final Drift drift;
    private boolean begun;
    private long accounted;
    private long seen;

    Following(PlanFile.Rows rows, Drift drift) {
        this.rows = rows;
        this.drift = drift;
    }

    Drift drift() {
        return drift;
    }

    boolean isAtStart() {
        return !begun;
    }

    boolean hasRows() {
        return !rows.isEmpty();
    }

    List<PlannedRow> next(int most) {
        begun = true;
        return rows.next(most);
    }

    /** Links that the search of the column will find, too, though they are not new. */
    void account(long links) {
        accounted += links;
    }

    /** Links that the search of the column has found, less those that the ledger holds back. */
    void see(long links) {
        begun = true;
        seen += links;
    }

    /** @return links that are not in the plan and that a run would move, once the column was searched to its end */
    long unplanned() {
        return Math.max(0, seen - accounted);
    }
}
