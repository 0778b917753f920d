package dev.mediaferry.imports;

import dev.mediaferry.failure.MediaferryException;

/** An archive that is not unpacked; the message tells why. */
public final class DropRefusedException extends MediaferryException {

    DropRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
