package dev.mediaferry.failure;

import java.util.Locale;

/**
 * Why a medium could not be moved. The kind alone decides the consequence: {@link Retry#NEVER} makes a dead letter,
 * {@link Retry#SOON} is tried again within the same run, {@link Retry#LATER} by a later run, {@link Retry#ALWAYS} too, and
 * however often it was tried; {@link Retry#UNTRIED} when the time has come, without having counted as an attempt.
 *
 * <p>The label (the name in lower case with dashes) is what the ledger, the reports and the metrics show.
 */
public enum FailureKind {
    /** HTTP 404 or 410. */
    GONE(Retry.NEVER),
    /** The date that the link carries has passed; no request was made. */
    EXPIRED(Retry.NEVER),
    /** HTTP 401 or 403: a signature that is no longer accepted, a login wall; or a file that may not be read. */
    FORBIDDEN(Retry.NEVER),
    /** Any other HTTP status that says no. */
    REFUSED(Retry.NEVER),
    /** The link leads to an address that must not be reached from here, or the path out of its folder. */
    ADDRESS_REFUSED(Retry.NEVER),
    /** More than three redirects, a circle, or a redirect to something that is no web address. */
    BAD_REDIRECT(Retry.NEVER),
    /** The file is not where it was said to be, nor anywhere else in its folder. */
    MISSING_FILE(Retry.NEVER),
    /** The file's bytes have another MD5 than the table says. */
    CHECKSUM_MISMATCH(Retry.NEVER),
    /** More bytes than {@code mediaferry.fetch.max-bytes}, or than the import allows. */
    TOO_LARGE(Retry.NEVER),
    /** A picture of more pixels than {@code mediaferry.fetch.max-pixels}. */
    TOO_MANY_PIXELS(Retry.NEVER),
    /** The bytes are of no type that the field takes, whatever the server calls them. */
    NOT_MEDIA(Retry.NEVER),
    /** No decoder makes a picture or a film of it: it is damaged, or of a form that none here knows. */
    DAMAGED(Retry.NEVER),
    /** A film whose codec or dynamic range is not taken. */
    FILM_REFUSED(Retry.NEVER),
    /** A film that lasts longer than its type of media takes. */
    TOO_LONG(Retry.NEVER),
    /** Nothing, or a single pixel; or bytes that an operator has judged to be a stand-in. */
    PLACEHOLDER(Retry.NEVER),
    /** Many different links of its host gave these very bytes: held until an operator releases or discards them. */
    PLACEHOLDER_SUSPECTED(Retry.NEVER),
    /** The new link does not fit into the column. */
    COLUMN_TOO_NARROW(Retry.NEVER),
    /** The database refused the new value, or kept another: a check, a trigger, a unique index, row security. */
    ROW_REFUSED(Retry.NEVER),
    /** The bucket has another object under this key, which stays as it is. */
    KEY_TAKEN(Retry.NEVER),
    /** The store refused this object for good. */
    STORAGE_REFUSED(Retry.NEVER),

    /** HTTP 429, or 503 with Retry-After. */
    RATE_LIMITED(Retry.SOON),
    /** Its host asked us to stay away for a while; nobody was asked for this medium. */
    HOST_PAUSED(Retry.UNTRIED),
    /** The run was stopped before it came to this medium. */
    INTERRUPTED(Retry.UNTRIED),
    /** The whole download took longer than {@code mediaferry.fetch.timeout}. */
    TIMEOUT(Retry.SOON),
    /** HTTP 5xx, a refused or broken connection, a name that does not resolve. */
    UNAVAILABLE(Retry.SOON),
    /** Fewer bytes than were announced, or than the picture has. */
    TRUNCATED(Retry.SOON),
    /** The file changed while it was read. */
    CHANGED(Retry.SOON),
    /** The process that worked on it has ended before it was done, again and again. */
    PROCESS_DIED(Retry.SOON),
    /** Somebody else held the row locked, again and again. */
    ROW_LOCKED(Retry.SOON),
    /** The store did not answer, or not with success, after the retries of its client. */
    STORAGE_UNAVAILABLE(Retry.SOON),

    /** The store refuses everything, for a reason that is not this medium: keys, a session that has ended, a policy, a quota. */
    STORAGE_DENIED(Retry.ALWAYS),
    /** The store has refused one medium after the other, so nothing was asked for this one. */
    STORAGE_PAUSED(Retry.UNTRIED),
    /** No room for the spool file. */
    DISK_FULL(Retry.LATER),
    /** Something that Mediaferry did not foresee; the log has the stack trace. */
    INTERNAL(Retry.LATER);

    /** When a failed transfer is tried again. */
    public enum Retry {
        NEVER,
        SOON,
        LATER,
        ALWAYS,
        UNTRIED
    }

    private final Retry retry;
    private final String label;

    FailureKind(Retry retry) {
        this.retry = retry;
        this.label = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public Retry retry() {
        return retry;
    }

    public String label() {
        return label;
    }

    /** @throws IllegalArgumentException for a label that no kind has */
    public static FailureKind ofLabel(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
