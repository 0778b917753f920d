package dev.mediaferry.run;

import dev.mediaferry.plan.PlanFile;
import dev.mediaferry.plan.PlannedRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One field's part of a plan while a run goes by it: first the planned rows are looked up, then the column is searched as
 * ever, only to count what is not in the plan. A field is planned by one thread at a time.
 *
 * <p>What is reported of a page counts when the page is done: when the database goes away in the middle of one, the whole page
 * comes again.
 */
public final class PlanFollower {

    private record Drifted(PlannedRow row, String reason) {}

    private final PlanFile.Rows rows;
    private final Drift drift;
    private final List<Drifted> drifted = new ArrayList<>();
    private final Map<String, Long> held = new HashMap<>();
    private boolean begun;
    private List<PlannedRow> page = List.of();
    private long accountedOfPage;
    private long accounted;
    private long seen;

    PlanFollower(PlanFile.Rows rows, Drift drift) {
        this.rows = rows;
        this.drift = drift;
    }

    Drift drift() {
        return drift;
    }

    public boolean isAtStart() {
        return !begun;
    }

    public boolean hasRows() {
        return !rows.isEmpty();
    }

    /** @return the first rows that {@link #pageDone} was not said of */
    public List<PlannedRow> nextPage(int most) {
        begun = true;
        forgetPage();
        page = rows.page(most);
        return page;
    }

    /** @return what {@link #nextPage} has returned last */
    public List<PlannedRow> page() {
        return page;
    }

    public void drifted(PlannedRow row, String reason) {
        drifted.add(new Drifted(row, reason));
    }

    /** Links that the search of the column will find, too, though they are not new. */
    public void account(long links) {
        accountedOfPage += links;
    }

    /** The ledger does not release these planned rows, nor will the search of the column count them. */
    public void held(String reason, long links) {
        held.merge(reason, links, Long::sum);
        accountedOfPage -= links;
    }

    public void pageDone() {
        drifted.forEach(one -> drift.row(one.row(), one.reason()));
        held.forEach(drift::rows);
        accounted += accountedOfPage;
        rows.pageDone();
        forgetPage();
    }

    private void forgetPage() {
        drifted.clear();
        held.clear();
        accountedOfPage = 0;
    }

    /** Links that the search of the column has found, less those that the ledger holds back. */
    public void see(long links) {
        begun = true;
        seen += links;
    }

    /** @return links that are not in the plan and that a run would move, once the column was searched to its end */
    long unplanned() {
        return Math.max(0, seen - accounted);
    }
}
