package dev.mediaferry.storage;

import dev.mediaferry.ledger.LedgerId;
import dev.mediaferry.storage.Removal.Outcome;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Deletes objects that are ours: they carry the ledger's id and are the bytes that the ledger knows. Nothing else of this
 * program deletes what a transfer has stored.
 */
public final class OwnObjects {

    private static final Logger LOG = LoggerFactory.getLogger(OwnObjects.class);

    private final Supplier<S3Client> client;
    private final Buckets buckets;
    private final String ledger;
    private final boolean deleteShared;

    /** Buckets whose store does not know a condition on a deletion. */
    private final Set<String> unconditional = ConcurrentHashMap.newKeySet();

    /** @param deleteShared true when no other ledger writes to these buckets */
    public OwnObjects(Supplier<S3Client> client, Buckets buckets, LedgerId ledger, boolean deleteShared) {
        this.client = client;
        this.buckets = buckets;
        this.ledger = ledger.toString();
        this.deleteShared = deleteShared;
    }

    /** @return whether it was removed, or why it was not; the store's failures are thrown */
    public Outcome remove(Removal removal) {
        if (removal.shared() && !deleteShared) {
            return Outcome.SHARED;
        }
        String bucket = buckets.clientName(removal.object().bucket());
        String key = removal.object().key();
        Optional<HeadObjectResponse> head = head(bucket, key);
        if (head.isEmpty()) {
            return Outcome.GONE;
        }
        Provenance says = Provenance.of(head.get().metadata());
        if (says.ledger().isEmpty()) {
            return Outcome.UNKNOWN;
        }
        if (!says.ledger().get().equals(ledger)) {
            return Outcome.THEIRS;
        }
        return isKnown(removal, says, head.get().eTag())
                ? delete(bucket, key, head.get().eTag())
                : Outcome.CHANGED;
    }

    private static boolean isKnown(Removal removal, Provenance says, String etag) {
        if (removal.etag() == null && removal.sha256() == null) {
            return says.transfer().filter(id -> id == removal.id()).isPresent();
        }
        return (removal.etag() == null || plain(removal.etag()).equals(plain(etag)))
                && (removal.sha256() == null
                        || says.sha256().filter(removal.sha256()::equals).isPresent());
    }

    private Optional<HeadObjectResponse> head(String bucket, String key) {
        try {
            return Optional.of(
                    client.get().headObject(request -> request.bucket(bucket).key(key)));
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Outcome delete(String bucket, String key, String etag) {
        try {
            client.get()
                    .deleteObject(request ->
                            request.bucket(bucket).key(key).ifMatch(unconditional.contains(bucket) ? null : etag));
            return Outcome.REMOVED;
        } catch (S3Exception e) {
            if (e.statusCode() == 412) {
                return Outcome.CHANGED;
            }
            if (e.statusCode() == 404) {
                return Outcome.GONE;
            }
            if (!isUnknown(e) || !unconditional.add(bucket)) {
                throw e;
            }
            LOG.debug("the store of {} knows no condition on a deletion", bucket);
            return delete(bucket, key, etag);
        }
    }

    private static boolean isUnknown(S3Exception e) {
        return e.statusCode() == 501
                || (e.awsErrorDetails() != null
                        && "NotImplemented".equals(e.awsErrorDetails().errorCode()));
    }

    private static String plain(String etag) {
        return etag.replace("\"", "");
    }
}
