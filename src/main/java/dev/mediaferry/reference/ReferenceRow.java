package dev.mediaferry.reference;

import java.time.Instant;

/**
 * What the ledger has of a reference.
 *
 * @param sha256 of what its statements are made of
 * @param cursor the last row that the pass under way has looked at, or null
 * @param share percent of the time that the backfill may be at work
 * @param proof what verify has found, as JSON; null before
 * @param soakFrom since when the use of the old side counts; null before it was proved
 * @param soakBase what the counters said then, as JSON
 * @param conflicts contradictions that an operator knows of; null before the first proof
 * @param until when a contract ends by itself; null for one that stays
 */
record ReferenceRow(
        String name,
        String sha256,
        ReferenceState state,
        Instant since,
        String cursor,
        long pages,
        long filled,
        boolean paused,
        int share,
        String proof,
        Instant proved,
        Instant soakFrom,
        String soakBase,
        Instant until,
        Long conflicts) {}
