package dev.mediaferry.reference;

import java.util.List;

/**
 * What changing a reference means for the database as it is; nothing is changed to find out.
 *
 * @param kind lookup, merge or copy
 * @param rowsToFill whose new side the backfill writes
 * @param minutes that this takes at the pace it has when nobody is in its way
 * @param walBytes that it writes into the log, about
 * @param heapBytes by which the table grows, about, until a vacuum has made room for reuse
 * @param dependents that name the old side
 * @param publications of the table
 * @param missingRights of the database user
 * @param transactions that are open for longer than a second
 * @param starReaders statements that read all columns of the table, whatever these are
 * @param obstacles why expand would refuse
 */
public record ReferencePlan(
        String reference,
        String kind,
        String table,
        String state,
        long rows,
        long rowsToFill,
        long minutes,
        long walBytes,
        long heapBytes,
        List<ValueClass> classes,
        List<PlannedStep> steps,
        List<String> dependents,
        List<String> publications,
        List<String> missingRights,
        List<String> transactions,
        List<String> starReaders,
        List<Finding> obstacles) {

    /**
     * @param stops whom its lock keeps off, and for how long
     * @param done true when there is nothing to do
     */
    public record PlannedStep(String step, String lock, String stops, boolean done) {}

    /** True when expand cannot do its work. */
    public boolean refused() {
        return !missingRights.isEmpty() || !obstacles.isEmpty();
    }
}
