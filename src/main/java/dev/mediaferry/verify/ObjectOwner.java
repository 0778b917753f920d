package dev.mediaferry.verify;

import dev.mediaferry.storage.Bucket.Facts;
import dev.mediaferry.verify.Finding.Kind;
import java.util.Optional;

/**
 * A transfer, a medium or a derivative, with the object that it owns, or may come to own.
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

    /** What stands for the entry of a medium; its row is the medium's id. */
    static final String MEDIA = "media";

    /** What stands for the entry of a derivative; its row is the derivative's id. */
    static final String DERIVATIVE = "derivative";

    boolean isMedium() {
        return entry.equals(MEDIA);
    }

    boolean isDerivative() {
        return entry.equals(DERIVATIVE);
    }

    /** True for what this ledger alone stores, and no transfer. */
    boolean isOfMedia() {
        return isMedium() || isDerivative();
    }

    /** @param found by the store, with quotes or without */
    boolean hasTag(String found) {
        return plain(etag).equals(plain(found));
    }

    private static String plain(String tag) {
        return tag.replace("\"", "");
    }

    /** @return what is wrong with the object, whose bytes may have been read or not */
    Optional<Finding> difference(Facts facts) {
        if (facts.bytes() != bytes) {
            return Optional.of(ofAnotherSize(facts.bytes()));
        }
        if (sha256 == null && etag != null && !hasTag(facts.etag())) {
            return Optional.of(
                    Finding.of(Kind.WRONG_BYTES, this, "its ETag is " + facts.etag() + ", the ledger has " + etag));
        }
        if (sha256 != null
                && facts.sha256().filter(hash -> !hash.equals(sha256)).isPresent()) {
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
