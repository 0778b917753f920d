package dev.mediaferry.link;

/** A text that is not an http(s) link which could be requested. Thrown per row, so it carries no stack trace. */
public final class InvalidLinkException extends Exception {

    InvalidLinkException(String message) {
        super(message, null, false, false);
    }
}
