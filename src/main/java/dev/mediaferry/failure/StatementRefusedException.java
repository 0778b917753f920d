package dev.mediaferry.failure;

/** The database answered, and refuses a statement of ours however often it is repeated. */
public final class StatementRefusedException extends MediaferryException {

    public StatementRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
