package dev.mediaferry.failure;

/** The database or the object store, without which nothing can be done, does not answer or does not let us in. */
public final class ServiceUnreachableException extends MediaferryException {

    public ServiceUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
