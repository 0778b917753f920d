package dev.mediaferry.scan;

import dev.mediaferry.failure.MediaferryException;

/** Nobody knows whether a file is infected, since the scanner gives no verdict. */
public final class ScannerAwayException extends MediaferryException {

    private static final long serialVersionUID = 1L;

    ScannerAwayException(String message) {
        super(message);
    }

    ScannerAwayException(String message, Throwable cause) {
        super(message, cause);
    }
}
