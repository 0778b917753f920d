package dev.mediaferry.storage;

import dev.mediaferry.object.ObjectName;

/**
 * An object that is to be deleted, with what the ledger knows of it.
 *
 * @param id of the transfer that it belongs to
 * @param shared true when equal bytes of others may lie under its key
 * @param etag as the store answered when it was stored; null when no answer came
 * @param sha256 of its bytes; null when no answer came
 */
public record Removal(long id, ObjectName object, boolean shared, String etag, String sha256) {

    /** What became of it. All but the first two are kept in the bucket. */
    public enum Outcome {
        REMOVED("removed"),
        GONE("was not there any more"),
        IN_USE("a row or another transfer leads to it"),
        THEIRS("another ledger has stored it"),
        UNKNOWN("carries no ledger's id; verify --claim adopts what the ledger knows"),
        CHANGED("is not what was stored: its ETag or SHA-256 is another"),
        SHARED("equal bytes of another database may share it (mediaferry.storage.delete-shared)");

        private final String reason;

        Outcome(String reason) {
            this.reason = reason;
        }

        /** Completes "photos/1/a.jpg: …". */
        public String reason() {
            return reason;
        }

        public boolean kept() {
            return this != REMOVED && this != GONE;
        }
    }
}
