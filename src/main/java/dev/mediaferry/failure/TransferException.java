package dev.mediaferry.failure;

import java.time.Duration;
import java.util.Optional;

/** One medium could not be moved. Carries the kind, which decides what happens next. */
public final class TransferException extends MediaferryException {

    private final FailureKind kind;
    private final Duration retryAfter;

    public TransferException(FailureKind kind, String message) {
        this(kind, message, null, null);
    }

    public TransferException(FailureKind kind, String message, Throwable cause) {
        this(kind, message, null, cause);
    }

    /** @param retryAfter how long the other side asked us to stay away, or null */
    public TransferException(FailureKind kind, String message, Duration retryAfter, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    public FailureKind kind() {
        return kind;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
