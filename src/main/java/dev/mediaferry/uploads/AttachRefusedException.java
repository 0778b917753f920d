package dev.mediaferry.uploads;

import dev.mediaferry.failure.MediaferryException;

/** Media cannot be attached to an owner. The message says which, and why. */
public final class AttachRefusedException extends MediaferryException {

    /** Why. */
    public enum Reason {
        /** There are no such media of this user. */
        UNKNOWN,
        /** They are not uploaded yet, or have failed. */
        NOT_UPLOADED,
        /** Another owner has them. */
        ELSEWHERE,
        /** The list or the owner is none. */
        INVALID
    }

    private final Reason reason;

    AttachRefusedException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
