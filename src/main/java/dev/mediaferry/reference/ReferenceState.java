package dev.mediaferry.reference;

import java.util.Locale;

/** How far the change of a reference is. */
public enum ReferenceState {
    /** Nothing is done. */
    PLANNED,
    /** Both sides are there, and writes of either reach the other. */
    EXPANDED,
    /** The new side is filled. */
    FILLED,
    /** Both sides were proved to say the same. */
    PROVED,
    /** The old side has a name that nobody uses, and follows the new one. */
    RETIRED,
    /** The old side is gone. */
    FINISHED;

    /** As the ledger has it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ReferenceState of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
