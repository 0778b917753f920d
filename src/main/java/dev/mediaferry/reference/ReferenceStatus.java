package dev.mediaferry.reference;

import java.util.List;

/**
 * How far the change of a reference is.
 *
 * @param since when it came into its state; null before anything was done
 * @param filled rows that the backfill has written
 * @param cursor where its pass is; null between two
 * @param oldWrites how often old clients have written since the dual write; null without one
 * @param conflicts writes that gave both sides values which contradict each other; null without dual write
 * @param proved when verify has proved it; null before
 * @param soakUntil until when nobody may use the old side before it is retired; null before it was proved
 * @param until when a contract ends by itself; null for one that stays
 * @param lagSeconds that the slowest replica is behind; null where there is none
 * @param building what an index that is being built waits for; null when none is
 * @param dump what the bucket has of columns that were dropped; null before
 * @param uses of the old side that a service has seen, the latest first
 */
public record ReferenceStatus(
        String reference,
        String table,
        String state,
        String since,
        boolean paused,
        int share,
        long pages,
        long filled,
        String cursor,
        Long oldWrites,
        Long conflicts,
        String proved,
        String soakUntil,
        String until,
        Double lagSeconds,
        String building,
        Dump dump,
        List<Use> uses,
        List<Done> steps) {

    /**
     * Somebody who uses the old side.
     *
     * @param side session: was seen with its latest statement; statement: as the server counts; writes: as the triggers count
     * @param calls how often; of a session, in how many looks it was seen
     */
    public record Use(String side, String role, String application, long calls, String query, String seen) {}

    /** A step that was done, or is under way. */
    public record Done(
            String step,
            String lock,
            int attempts,
            Long waitedMillis,
            Long heldMillis,
            String started,
            String finished,
            String error,
            String blockedBy) {}
}
