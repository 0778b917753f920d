package dev.mediaferry.failure;

/** Root of everything that Mediaferry itself reports. The message is written for the operator: it says what to do. */
public abstract class MediaferryException extends RuntimeException {

    protected MediaferryException(String message) {
        super(message);
    }

    protected MediaferryException(String message, Throwable cause) {
        super(message, cause);
    }
}
