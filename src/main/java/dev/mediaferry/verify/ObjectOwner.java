package dev.mediaferry.verify;

import dev.mediaferry.storage.Bucket.Facts;
import dev.mediaferry.verify.Finding.Kind;
import java.util.Optional;

/**
 * A transfer with the object that it owns, or may come to own.
 *
 * @param run that claimed it last; 0 for none
 * @param key complete, or, when open, what the key will begin with
 * @param expected true when the object has to be there, with the facts that follow the next
 * @param own false when somebody else has stored the object, which the transfer only uses
 */
record ObjectOwner(
        long id,
        String entry,
        String rowKey,
        long run,
        String key,
        boolean open,
        boolean expected,
        boolean own,
        long bytes,
        String sha256,
        String contentType,
        String etag) {

    /** @return what is wrong with the object, whose bytes may have been read or not */
    Optional<Finding> difference(Facts facts) {
        if (facts.bytes() != bytes) {
            return Optional.of(ofAnotherSize(facts.bytes()));
        }
        if (facts.sha256().filter(hash -> !hash.equals(sha256)).isPresent()) {
            return Optional.of(Finding.of(
                    Kind.WRONG_BYTES, this, "SHA-256 is " + facts.sha256().get() + ", the ledger has " + sha256));
        }
        if (!facts.contentType().equals(contentType)) {
            return Optional.of(Finding.of(
                    Kind.WRONG_TYPE, this, "served as " + facts.contentType() + ", the ledger has " + contentType));
        }
        return Optional.empty();
    }

    Finding ofAnotherSize(long found) {
        return Finding.of(Kind.WRONG_SIZE, this, "has " + found + " bytes, the ledger has " + bytes);
    }
}
