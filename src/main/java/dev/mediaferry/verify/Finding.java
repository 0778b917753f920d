package dev.mediaferry.verify;

import dev.mediaferry.entry.Verify;

/**
 * One thing that database, ledger and bucket do not agree on.
 *
 * @param field {@code Table.column}; empty when it belongs to none
 * @param id of the row; empty when there is none
 * @param what the object's key, or the pointer
 */
public record Finding(String kind, String field, String id, String what, String detail) {

    /** What may be found. The names are part of the command's output. */
    public enum Kind {
        MISSING_OBJECT,
        WRONG_SIZE,
        WRONG_BYTES,
        WRONG_TYPE,
        POINTER_WITHOUT_LEDGER,
        LEDGER_WITHOUT_POINTER,
        OBJECT_WITHOUT_OWNER,
        DUPLICATE,
        UNCLAIMED,
        /** Another ledger has stored what lies under the key of a medium. */
        FOREIGN_OBJECT,
        /** A medium, or a deleted one, that a sweep should have dealt with. */
        STUCK_MEDIUM,
        INCOMING_WITHOUT_SESSION,
        UPLOAD_WITHOUT_SESSION,
        UNREACHABLE_STORE,
        /** The address that a row gives to the world does not answer, or not with the object. */
        UNREACHABLE_LINK,
        DANGLING_ID,
        NOT_ONE_FIRST;

        static Kind of(Verify.Check check) {
            return switch (check) {
                case DANGLING_ID -> DANGLING_ID;
                case NOT_ONE_FIRST -> NOT_ONE_FIRST;
            };
        }

        /** True for what is wrong in rows, false for what is wrong in a bucket. */
        public boolean ofDatabase() {
            return switch (this) {
                case POINTER_WITHOUT_LEDGER, LEDGER_WITHOUT_POINTER, DANGLING_ID, NOT_ONE_FIRST, STUCK_MEDIUM -> true;
                default -> false;
            };
        }

        /** Lower case with dashes. */
        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    static Finding of(Kind kind, ObjectOwner owner, String detail) {
        return new Finding(kind.label(), owner.entry(), owner.rowKey(), owner.key(), detail);
    }

    @Override
    public String toString() {
        String row = field.isEmpty() ? "-" : field + ":" + id;
        return "%-24s %s  %s  %s".formatted(kind, row, what, detail);
    }
}
