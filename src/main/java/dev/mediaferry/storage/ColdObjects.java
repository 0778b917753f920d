package dev.mediaferry.storage;

import dev.mediaferry.ledger.LedgerId;
import dev.mediaferry.object.ObjectName;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.StorageClass;

/**
 * Moves objects of ours to another storage class and back: each is copied onto itself, under the ETag that the ledger knows, with
 * its metadata, and never a foreign one.
 */
public final class ColdObjects {

    /** What one copy takes (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html). */
    public static final long LARGEST = 5L << 30;

    /** The ETag before the copy, so that one whose answer was lost is known again. */
    private static final String BEFORE = "mediaferry-etag";

    /** How long what was restored may be read before it is copied. */
    private static final int RESTORED_DAYS = 7;

    private static final String STANDARD = StorageClass.STANDARD.toString();

    private final Supplier<S3Client> client;
    private final Buckets buckets;
    private final String ledger;

    public ColdObjects(Supplier<S3Client> client, Buckets buckets, LedgerId ledger) {
        this.client = client;
        this.buckets = buckets;
        this.ledger = ledger.toString();
    }

    /** What became of an object. */
    public enum Outcome {
        MOVED,
        /** It is being brought back by the store, which takes its time. */
        RESTORING,
        GONE,
        /** It is not what the ledger knows, or does not carry the ledger's id. */
        CHANGED,
        TOO_LARGE,
        /** The store takes no such class, or forgets it. */
        NOT_OFFERED
    }

    /**
     * How an object is now.
     *
     * @param etag that it has; null unless it was moved
     */
    public record Moved(Outcome outcome, String etag) {

        private static Moved as(Outcome outcome) {
            return new Moved(outcome, null);
        }
    }

    /** True for a class whose objects have to be restored before they can be read. */
    public static boolean isArchive(String storageClass) {
        return PutSettings.isArchive(storageClass);
    }

    /** @return the longest that a standard restore takes (docs.aws.amazon.com, restoring-objects-retrieval-options) */
    public static Duration longestRestore(String storageClass) {
        return storageClass.equals(StorageClass.DEEP_ARCHIVE.toString()) ? Duration.ofHours(12) : Duration.ofHours(5);
    }

    /**
     * @param etag as the ledger has it
     * @param shown false for what only signed URLs lead to
     */
    public Moved cool(ObjectName object, String etag, String storageClass, boolean shown) {
        return move(object, etag, storageClass, shown);
    }

    /**
     * Brings an object back to the class that objects are stored in. One that cannot be read is restored by the store first: asked
     * again later, it is copied back.
     */
    public Moved restore(ObjectName object, String etag, boolean shown) {
        Optional<HeadObjectResponse> head = head(object);
        if (head.isPresent() && isArchive(classOf(head.get()))) {
            String restore = head.get().restore();
            if (restore == null) {
                return isOurs(head.get(), etag) ? ask(object) : Moved.as(Outcome.CHANGED);
            }
            if (!restore.contains("ongoing-request=\"false\"")) {
                return Moved.as(Outcome.RESTORING);
            }
        }
        return move(
                object, etag, buckets.at(object.bucket()).puts().storageClass().orElse(STANDARD), shown);
    }

    private Moved ask(ObjectName object) {
        try {
            client.get().restoreObject(request -> request.bucket(buckets.clientName(object.bucket()))
                    .key(object.key())
                    .restoreRequest(
                            restore -> restore.days(RESTORED_DAYS).glacierJobParameters(job -> job.tier("Standard"))));
        } catch (S3Exception e) {
            if (e.statusCode() == 501) {
                return Moved.as(Outcome.NOT_OFFERED);
            }
            // Somebody has asked already.
            if (e.statusCode() != 409) {
                throw e;
            }
        }
        return Moved.as(Outcome.RESTORING);
    }

    private Moved move(ObjectName object, String etag, String storageClass, boolean shown) {
        Optional<HeadObjectResponse> found = head(object);
        if (found.isEmpty()) {
            return Moved.as(Outcome.GONE);
        }
        HeadObjectResponse head = found.get();
        if (!isOurs(head, etag)) {
            return Moved.as(Outcome.CHANGED);
        }
        if (classOf(head).equals(storageClass)) {
            return new Moved(Outcome.MOVED, head.eTag());
        }
        if (head.contentLength() > LARGEST) {
            return Moved.as(Outcome.TOO_LARGE);
        }
        try {
            client.get().copyObject(copy(object, head, etag, storageClass, shown));
        } catch (S3Exception e) {
            if (e.statusCode() == 412) {
                return Moved.as(Outcome.CHANGED);
            }
            if (e.statusCode() == 404) {
                return Moved.as(Outcome.GONE);
            }
            if (e.statusCode() == 501 || isUnknownClass(e)) {
                return Moved.as(Outcome.NOT_OFFERED);
            }
            throw e;
        }
        return head(object)
                .filter(moved -> isOurs(moved, etag))
                .map(moved -> classOf(moved).equals(storageClass)
                        ? new Moved(Outcome.MOVED, moved.eTag())
                        : Moved.as(Outcome.NOT_OFFERED))
                .orElse(Moved.as(Outcome.CHANGED));
    }

    private CopyObjectRequest copy(
            ObjectName object, HeadObjectResponse head, String etag, String storageClass, boolean shown) {
        StorageSettings storage = buckets.at(object.bucket());
        String bucket = buckets.clientName(object.bucket());
        Map<String, String> metadata = new HashMap<>(head.metadata());
        metadata.put(BEFORE, plain(etag));
        return CopyObjectRequest.builder()
                .sourceBucket(bucket)
                .sourceKey(object.key())
                .copySourceIfMatch(head.eTag())
                .destinationBucket(bucket)
                .destinationKey(object.key())
                .storageClass(storageClass)
                .metadataDirective(MetadataDirective.REPLACE)
                .metadata(metadata)
                .contentType(head.contentType())
                .cacheControl(head.cacheControl())
                .contentDisposition(head.contentDisposition())
                .contentEncoding(head.contentEncoding())
                .contentLanguage(head.contentLanguage())
                .acl(storage.acl()
                        .filter(acl -> shown || !Promotion.OPEN.contains(acl))
                        .map(ObjectCannedACL::toString)
                        .orElse(null))
                .serverSideEncryption(head.serverSideEncryptionAsString())
                .ssekmsKeyId(head.ssekmsKeyId())
                .build();
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

    /** An earlier copy may have changed the ETag: of one that was put in parts, or by encryption. */
    private boolean isOurs(HeadObjectResponse head, String etag) {
        return Provenance.of(head.metadata()).ledger().filter(ledger::equals).isPresent()
                && (plain(head.eTag()).equals(plain(etag))
                        || plain(etag).equals(head.metadata().get(BEFORE)));
    }

    private static boolean isUnknownClass(S3Exception e) {
        return e.awsErrorDetails() != null
                && "InvalidStorageClass".equals(e.awsErrorDetails().errorCode());
    }

    /** The store does not say what is usual. */
    private static String classOf(HeadObjectResponse head) {
        return head.storageClassAsString() == null ? STANDARD : head.storageClassAsString();
    }

    private static String plain(String etag) {
        return etag.replace("\"", "");
    }
}
