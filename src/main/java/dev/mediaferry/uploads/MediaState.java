package dev.mediaferry.uploads;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Where a medium stands: the column {@code status} of {@code mediaferry.media}, whose trigger refuses every other step. */
public enum MediaState {
    /** Its session is open: the client's bytes are on their way. */
    PENDING,
    /** Its bytes are verified and under its own key. */
    UPLOADED,
    /** Something is derived from it. */
    PROCESSING,
    /** Nothing more is to be done. */
    READY,
    /** Its upload or its processing has failed, was cancelled, or took too long. */
    FAILED;

    private static final Map<MediaState, Set<MediaState>> NEXT = Map.of(
            PENDING, EnumSet.of(UPLOADED, FAILED),
            UPLOADED, EnumSet.of(PROCESSING, READY, FAILED),
            PROCESSING, EnumSet.of(READY, FAILED),
            READY, EnumSet.noneOf(MediaState.class),
            FAILED, EnumSet.of(UPLOADED));

    /** True when a medium in this state may get into the other one. */
    public boolean mayBecome(MediaState other) {
        return this == other || NEXT.get(this).contains(other);
    }

    /** True when a medium may begin in this state. */
    public boolean mayBegin() {
        return this == PENDING || this == UPLOADED || this == READY;
    }
}
