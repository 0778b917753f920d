package dev.mediaferry.api;

import java.util.Locale;

/** What can be wrong with a request, for programs: the name never changes once it was released. */
public enum ProblemType {
    /** The request cannot be read. */
    INVALID_REQUEST(400, "The request is not valid"),
    /** No token, or one that is not taken here. */
    UNAUTHENTICATED(401, "A valid token is needed"),
    /** The token does not allow that. */
    FORBIDDEN(403, "Not allowed"),
    /** Direct uploads are rolled out to a part of the users, and this is none of them. */
    NOT_ROLLED_OUT(403, "Not offered to you yet"),
    /** There is no such thing, or it is another user's. */
    NOT_FOUND(404, "Not found"),
    METHOD_NOT_ALLOWED(405, "This address takes other methods"),
    /** It is not in a state in which that can be done. */
    CONFLICT(409, "Not possible in this state"),
    /** Nothing, or not everything, was uploaded yet. */
    NOT_UPLOADED(409, "The upload is not complete"),
    /** A request with the same Idempotency-Key is not answered yet. */
    REQUEST_UNDER_WAY(409, "The same request is under way"),
    /** A row of the application needs the medium. */
    IN_USE(409, "Still in use"),
    TOO_LARGE(413, "Too large"),
    /** The body of the request is not JSON, or the file is of a type that is not taken. */
    UNSUPPORTED_TYPE(415, "This type is not taken"),
    /** What was uploaded is not what was announced. */
    NOT_AS_ANNOUNCED(422, "The upload is not what was announced"),
    /** The store cannot do what was asked for; the detail says what it can. */
    NOT_OFFERED(422, "The store does not offer that"),
    /** An Idempotency-Key belongs to one request. */
    KEY_REUSED(422, "The Idempotency-Key was used for another request"),
    /** A limit of this user. */
    TOO_MANY_REQUESTS(429, "Too many requests"),
    INTERNAL(500, "Something went wrong here"),
    /** The keys that tokens are verified with do not come. */
    KEYS_UNAVAILABLE(503, "Tokens cannot be verified now"),
    /** Database or store are away. */
    UNAVAILABLE(503, "Try again later");

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    public int status() {
        return status;
    }

    String title() {
        return title;
    }

    /** As programs see it, like {@code not-found}. */
    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
