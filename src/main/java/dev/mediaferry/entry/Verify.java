package dev.mediaferry.entry;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares the rows of an entry with the ledger. Changes nothing.
 *
 * @param record what the record of a transfer holds now: {@code id, value}, or nothing when it is not there; takes {@code transfer}
 * @param lost linked transfers of which the pointer or record is not there: {@code id, value}
 * @param unknown rows that lead to an object of ours, of which the ledger knows nothing: {@code id, value}; empty when they
 *     cannot be recognised
 * @param checks queries for what else may be wrong: {@code id, value}; take {@code entry} and {@code run}, 0 for all
 */
public record Verify(String record, String lost, Optional<String> unknown, Map<Check, List<String>> checks) {

    /** What a verification finds besides lost pointers. */
    public enum Check {
        /** A new id of an import leads to a row that is not there. */
        DANGLING_ID("new ids lead to rows that are not there"),
        /** Of the records that belong together, none or several are the first. */
        NOT_ONE_FIRST("groups have no first record, or several");

        private final String meaning;

        Check(String meaning) {
            this.meaning = meaning;
        }

        /** Completes "5 …". */
        public String meaning() {
            return meaning;
        }
    }
}
