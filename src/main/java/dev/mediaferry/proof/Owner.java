package dev.mediaferry.proof;

/**
 * A transfer with the object that it owns, or may come to own.
 *
 * @param run that had it in hand last; 0 for none
 * @param key complete, or, when open, what the key will begin with
 * @param expected true when the object has to be there, with the facts that follow
 */
record Owner(
        long id,
        String entry,
        String rowKey,
        long run,
        String key,
        boolean open,
        boolean expected,
        long bytes,
        String sha256,
        String contentType,
        String etag) {}
