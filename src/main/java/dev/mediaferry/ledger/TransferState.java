package dev.mediaferry.ledger;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Where a transfer stands: the column {@code state} of {@code mediaferry.transfer}. */
public enum TransferState {
    /** In the queue: found by a plan, or to be tried again. */
    WAITING,
    /** A worker has it. */
    CLAIMED,
    /** The row leads to the object. */
    LINKED,
    /** There is nothing to do for it: its row holds something else. */
    SUPERSEDED,
    /** A dead letter: it failed for good, or too often. */
    DEAD,
    /** The row leads to the old address once more, since somebody asked for that. */
    ROLLED_BACK,
    /** A dead letter that somebody has given up. */
    DISCARDED;

    /** What a statement may make of a transfer. A copied ledger's transfers are all superseded: their objects are another's. */
    private static final Map<TransferState, Set<TransferState>> NEXT = Map.of(
            WAITING, EnumSet.of(CLAIMED, SUPERSEDED),
            CLAIMED, EnumSet.of(LINKED, WAITING, DEAD, SUPERSEDED),
            LINKED, EnumSet.of(ROLLED_BACK, SUPERSEDED),
            SUPERSEDED, EnumSet.noneOf(TransferState.class),
            DEAD, EnumSet.of(WAITING, DISCARDED, SUPERSEDED),
            ROLLED_BACK, EnumSet.of(WAITING, SUPERSEDED),
            DISCARDED, EnumSet.of(SUPERSEDED));

    /** @param label as the ledger has it */
    public static TransferState of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /** As the ledger and reports have it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** True when a transfer in this state may get into the other one. */
    public boolean mayBecome(TransferState other) {
        return this == other || NEXT.get(this).contains(other);
    }
}
