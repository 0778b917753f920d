package dev.mediaferry.run;

import dev.mediaferry.plan.PlannedRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How the rows that a run finds differ from those of the plan that it follows. For any number of threads. */
public final class Drift {

    /** How many rows are named. */
    private static final int EXAMPLES = 20;

    /** The column holds another link, or none. */
    public static final String CHANGED = "changed";

    /** The row is gone. */
    public static final String GONE = "gone";

    /** The column holds a link of ours. */
    public static final String MIGRATED = "migrated";

    /** Not in the plan. */
    static final String NEW = "new";

    private final Map<String, Long> counts = new TreeMap<>();
    private final List<DriftReport.Row> examples = new ArrayList<>();

    synchronized void row(PlannedRow row, String reason) {
        counts.merge(reason, 1L, Long::sum);
        if (examples.size() < EXAMPLES) {
            examples.add(new DriftReport.Row(row.field(), row.id(), reason));
        }
    }

    synchronized void rows(String reason, long rows) {
        if (rows > 0) {
            counts.merge(reason, rows, Long::sum);
        }
    }

    synchronized DriftReport report(long planned, long unplanned) {
        Map<String, Long> all = new TreeMap<>(counts);
        if (unplanned > 0) {
            all.put(NEW, unplanned);
        }
        return new DriftReport(planned, all, List.copyOf(examples));
    }
}
