package dev.mediaferry.reference;

import java.util.List;
import java.util.Optional;

/**
 * One change of the catalogue. It is done when its probe says so, also where another process did it: a step that was interrupted is repeated, one
 * that was done is not.
 *
 * @param name as the ledger and messages have it
 * @param probe a query whose answer is true when there is nothing to do
 * @param statements are one transaction, or each its own where they go on beside traffic
 * @param lock the strongest that they take
 * @param table quoted; it is locked first, so that waiting and holding are measured separately
 * @param watched tables, by oid, on which others may be in the way
 * @param leftover what a try that was broken off leaves behind: it goes before each try
 */
record Step(
        String name,
        String probe,
        List<String> statements,
        Lock lock,
        String table,
        List<Long> watched,
        Optional<Step> leftover) {

    /** What a step's lock keeps others from. */
    enum Lock {
        /** Other changes of the table: not reads, not writes. Such statements wait for old transactions, and nobody for them. */
        SHARE_UPDATE_EXCLUSIVE("SHARE UPDATE EXCLUSIVE", "nobody but other changes of the table"),
        /** Writes, for an instant. */
        SHARE_ROW_EXCLUSIVE("SHARE ROW EXCLUSIVE", "writes, for an instant"),
        /** Reads and writes, for an instant. */
        ACCESS_EXCLUSIVE("ACCESS EXCLUSIVE", "reads and writes, for an instant");

        private final String sql;
        private final String stops;

        Lock(String sql, String stops) {
            this.sql = sql;
            this.stops = stops;
        }

        String sql() {
            return sql;
        }

        String stops() {
            return stops;
        }
    }

    Step {
        statements = List.copyOf(statements);
        watched = List.copyOf(watched);
    }

    Step(String name, String probe, List<String> statements, Lock lock, String table, List<Long> watched) {
        this(name, probe, statements, lock, table, watched, Optional.empty());
    }

    /** True when its statements run beside traffic, each in a transaction of its own. */
    boolean concurrent() {
        return lock == Lock.SHARE_UPDATE_EXCLUSIVE;
    }
}
