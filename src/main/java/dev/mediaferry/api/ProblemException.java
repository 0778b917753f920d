package dev.mediaferry.api;

import dev.mediaferry.failure.MediaferryException;
import java.util.Map;

/** A request that is refused. */
public final class ProblemException extends MediaferryException {

    private final transient Problem problem;

    /** @param detail a sentence for the developer who reads the answer; nothing secret */
    public ProblemException(ProblemType type, String detail) {
        this(type, detail, (Throwable) null);
    }

    ProblemException(ProblemType type, String detail, Throwable cause) {
        super(detail, cause);
        problem = new Problem(type, detail);
    }

    /** @param headers of the answer, by name */
    public ProblemException(ProblemType type, String detail, Map<String, String> headers) {
        super(detail, null);
        problem = new Problem(type, detail, headers);
    }

    public Problem problem() {
        return problem;
    }
}
