package dev.mediaferry.video;

import dev.mediaferry.failure.MediaferryException;

/** Nothing can be made of a film. The message is for its owner, too: it names no path of this machine. */
public final class FilmException extends MediaferryException {

    private final FilmFault fault;

    public FilmException(FilmFault fault, String message) {
        super(message);
        this.fault = fault;
    }

    FilmException(FilmFault fault, String message, Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    public FilmFault fault() {
        return fault;
    }
}
