package dev.mediaferry.failure;

import java.time.Duration;
import java.util.Optional;

/**
 * One medium could not be moved. Carries the kind, which decides what happens next. Its message gets into log and ledger, so
 * it holds no query of a link.
 */
public final class TransferException extends MediaferryException {

    private final FailureKind kind;
    private final Duration retryAfter;
    private final Integer httpStatus;
    private final byte[] answer;

    public TransferException(FailureKind kind, String message) {
        this(kind, message, null, null);
    }

    public TransferException(FailureKind kind, String message, Throwable cause) {
        this(kind, message, null, cause);
    }

    /** @param retryAfter how long the other side asked us to stay away, or null */
    public TransferException(FailureKind kind, String message, Duration retryAfter, Throwable cause) {
        this(kind, message, retryAfter, null, null, cause);
    }

    private TransferException(
            FailureKind kind, String message, Duration retryAfter, Integer httpStatus, byte[] answer, Throwable cause) {
        super(Redaction.of(message), cause);
        this.kind = kind;
        this.retryAfter = retryAfter;
        this.httpStatus = httpStatus;
        this.answer = answer;
    }

    /** @return the same failure, knowing what the source's server had answered */
    public TransferException withHttpStatus(int status) {
        return new TransferException(kind, getMessage(), retryAfter, status, answer, getCause());
    }

    /**
     * @param first bytes of what the source's server sent, for a person who wants to see it
     * @return the same failure, knowing them
     */
    public TransferException withAnswer(byte[] first) {
        return new TransferException(kind, getMessage(), retryAfter, httpStatus, first, getCause());
    }

    /** @return the same failure with more to say */
    public TransferException saying(String more) {
        return new TransferException(kind, getMessage() + more, retryAfter, httpStatus, answer, getCause());
    }

    public FailureKind kind() {
        return kind;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** @return first bytes of what the source's server sent; empty when nobody kept them */
    public Optional<byte[]> answer() {
        return Optional.ofNullable(answer);
    }

    /** @return what the source's server answered; empty when it did not come to that */
    public Optional<Integer> httpStatus() {
        return Optional.ofNullable(httpStatus);
    }
}
