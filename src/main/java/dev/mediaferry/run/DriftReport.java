package dev.mediaferry.run;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is no longer as a plan says.
 *
 * @param planned rows of the plan
 * @param counts by reason: changed, gone, migrated (by an earlier run), new (not in the plan, left alone), and what the
 *     ledger holds back meanwhile: dead, waiting, elsewhere, rolledBack, discarded
 * @param rows the first that are changed, gone or migrated
 */
public record DriftReport(long planned, Map<String, Long> counts, List<Row> rows) {

    private static final Set<String> AS_PLANNED = Set.of(Drift.MIGRATED, Drift.NEW);

    /** One planned row that was left as it is. */
    public record Row(String field, String id, String reason) {}

    /** @return true when something that was planned was not done, and had not been done before */
    boolean leftOut() {
        return counts.keySet().stream().anyMatch(reason -> !AS_PLANNED.contains(reason));
    }
}
