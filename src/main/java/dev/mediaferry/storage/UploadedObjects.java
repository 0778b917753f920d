package dev.mediaferry.storage;

import dev.mediaferry.ledger.LedgerId;
import dev.mediaferry.object.IncomingKey;
import dev.mediaferry.object.ObjectName;
import dev.mediaferry.storage.Removal.Outcome;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What users have uploaded: where it arrives, and where it lies afterwards. The store's failures are thrown. */
public final class UploadedObjects {

    private final Supplier<S3Client> client;
    private final Buckets buckets;
    private final LedgerId ledger;

    public UploadedObjects(Supplier<S3Client> client, Buckets buckets, LedgerId ledger) {
        this.client = client;
        this.buckets = buckets;
        this.ledger = ledger;
    }

    /** @return the ETag of an object that carries our ledger's id; empty when there is none, or it is another's */
    public Optional<String> etag(ObjectName object) {
        return head(object).filter(this::carriesOurs).map(HeadObjectResponse::eTag);
    }

    /** Ends a multipart upload whose parts nobody will put together; it may have ended already. */
    public void abort(ObjectName object, String uploadId) {
        try {
            client.get().abortMultipartUpload(request -> request.bucket(buckets.clientName(object.bucket()))
                    .key(object.key())
                    .uploadId(uploadId));
        } catch (S3Exception e) {
            if (e.statusCode() != 404) {
                throw e;
            }
        }
    }

    /** Removes what arrived under an incoming key, if that key or the object's metadata says that it is ours. */
    public Outcome removeIncoming(ObjectName object) {
        Optional<HeadObjectResponse> head = head(object);
        if (head.isEmpty()) {
            return Outcome.GONE;
        }
        if (!IncomingKey.isOf(object.key(), ledger.value()) && !carriesOurs(head.get())) {
            return Outcome.UNKNOWN;
        }
        client.get().deleteObject(request -> request.bucket(buckets.clientName(object.bucket()))
                .key(object.key()));
        return Outcome.REMOVED;
    }

    private boolean carriesOurs(HeadObjectResponse head) {
        return Provenance.of(head.metadata())
                .ledger()
                .filter(ledger.toString()::equals)
                .isPresent();
    }

    private Optional<HeadObjectResponse> head(ObjectName object) {
        try {
            return Optional.of(client.get().headObject(request -> request.bucket(buckets.clientName(object.bucket()))
                    .key(object.key())));
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
