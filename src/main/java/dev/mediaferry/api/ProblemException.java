package dev.mediaferry.api;

import dev.mediaferry.failure.MediaferryException;

/** A request that is refused. */
public final class ProblemException extends MediaferryException {

    private final transient Problem problem;

    /** @param detail a sentence for the developer who reads the answer; nothing secret */
    public ProblemException(ProblemType type, String detail) {
        this(type, detail, null);
    }

    ProblemException(ProblemType type, String detail, Throwable cause) {
        super(detail, cause);
        problem = new Problem(type, detail);
    }

    public Problem problem() {
        return problem;
    }
}
