package dev.mediaferry.reference;

import dev.mediaferry.failure.MediaferryException;

/** A step of a reference is not taken, since something is in the way; the message says what, and how to get past it. */
public final class ReferenceRefusedException extends MediaferryException {

    public ReferenceRefusedException(String message) {
        super(message);
    }
}
