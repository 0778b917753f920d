package dev.mediaferry.console;

import dev.mediaferry.failure.FailureKind;

/** What an operator may do about media that failed alike. */
final class Advice {

    private Advice() {}

    static String of(FailureKind kind) {
        return switch (kind) {
            case GONE -> "The source no longer has it. Discard it, or give the row another link.";
            case EXPIRED ->
                "The link's own date has passed. Only a fresh link helps: a resolver, or the application writes one.";
            case FORBIDDEN ->
                "The source wants a signature or a login. Refresh the link, or set its headers"
                        + " (mediaferry.fetch.headers).";
            case REFUSED -> "The source says no. Open one to see its status; retry once the source is well.";
            case ADDRESS_REFUSED ->
                "The link leads to an address that must not be reached. Allow it with mediaferry.fetch.allow-private"
                        + " if it is yours.";
            case BAD_REDIRECT -> "The source redirects in circles or to no web address. Correct the link.";
            case MISSING_FILE -> "The file is not in its folder. Put it there and retry, or discard it.";
            case CHECKSUM_MISMATCH ->
                "The file differs from what the table says. Restore the file, or correct its MD5.";
            case TOO_LARGE -> "Larger than the limit. Raise mediaferry.fetch.max-bytes and retry, or discard it.";
            case TOO_MANY_PIXELS -> "More pixels than the limit. Raise mediaferry.fetch.max-pixels and retry.";
            case NOT_MEDIA ->
                "The source gives a page or something else that is no medium, often where a login is due.";
            case DAMAGED -> "No decoder takes it. Have it uploaded again, or discard it.";
            case FILM_REFUSED -> "Its codec or dynamic range is not taken. Convert the original, or leave it as it is.";
            case TOO_LONG -> "Longer than its type of media takes. Raise max-duration in the registry and retry.";
            case PLACEHOLDER -> "The source gives a stand-in, not the picture. Discard it, or correct the link.";
            case PLACEHOLDER_SUSPECTED ->
                "Many links give these very bytes. Look at the picture: release it when it is real, discard it when"
                        + " not.";
            case COLUMN_TOO_NARROW -> "The new link is longer than the column. Widen the column and retry.";
            case ROW_REFUSED ->
                "The database refused the new value. Its words say which rule; retry when that is solved.";
            case KEY_TAKEN -> "Another object has this key and stays. Move it, or choose another key, and retry.";
            case STORAGE_REFUSED -> "The store refused this object for good. Its answer says why.";
            case RATE_LIMITED, TIMEOUT, UNAVAILABLE, TRUNCATED ->
                "The source had trouble again and again. Retry when it is well; the host's pace may be lowered.";
            case CHANGED -> "The file changed while it was read. Retry when nobody writes to it.";
            case PROCESS_DIED ->
                "It ended the process that worked on it, each time. Look at the original before retrying.";
            case ROW_LOCKED -> "Somebody held the row locked. Retry when that transaction is over.";
            case STORAGE_UNAVAILABLE, STORAGE_DENIED, STORAGE_PAUSED ->
                "The store had trouble, not the medium. Retry when it is well.";
            case DISK_FULL -> "There was no room on this machine. Make some, and retry.";
            case HOST_PAUSED, INTERRUPTED -> "It was never asked for. Retry.";
            case INTERNAL -> "Nobody foresaw this. The log has the stack trace; please report it.";
        };
    }
}
