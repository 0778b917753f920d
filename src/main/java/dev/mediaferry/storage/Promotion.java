package dev.mediaferry.storage;

import dev.mediaferry.ledger.LedgerId;
import dev.mediaferry.storage.IncomingObjects.Arrived;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;

/**
 * What arrived under one key, and what it becomes under another in the same bucket: an object of this ledger.
 *
 * @param arrived as it was verified
 * @param to the medium's own key
 * @param shown false for what only signed URLs lead to, whatever ACL other objects of the bucket have
 * @param type with cacheControl and disposition what it is served with
 */
public record Promotion(
        StorageSettings bucket,
        String key,
        Arrived arrived,
        String to,
        UUID medium,
        boolean shown,
        String type,
        String cacheControl,
        Optional<String> disposition) {

    /** ACLs that let others read. */
    static final Set<ObjectCannedACL> OPEN =
            Set.of(ObjectCannedACL.PUBLIC_READ, ObjectCannedACL.PUBLIC_READ_WRITE, ObjectCannedACL.AUTHENTICATED_READ);

    CopyObjectRequest atOnce(LedgerId ledger) {
        PutSettings puts = bucket.puts();
        return CopyObjectRequest.builder()
                .sourceBucket(bucket.bucket())
                .sourceKey(key)
                .copySourceIfMatch(arrived.etag())
                .destinationBucket(bucket.bucket())
                .destinationKey(to)
                .metadataDirective(MetadataDirective.REPLACE)
                .metadata(metadata(ledger))
                .contentType(type)
                .contentDisposition(disposition.orElse(null))
                .cacheControl(cacheControl)
                .acl(acl(bucket, shown).orElse(null))
                .serverSideEncryption(puts.encryption().orElse(null))
                .ssekmsKeyId(puts.kmsKey().orElse(null))
                .storageClass(puts.storageClass().orElse(null))
                .build();
    }

    CreateMultipartUploadRequest inParts(LedgerId ledger) {
        PutSettings puts = bucket.puts();
        return CreateMultipartUploadRequest.builder()
                .bucket(bucket.bucket())
                .key(to)
                .metadata(metadata(ledger))
                .contentType(type)
                .contentDisposition(disposition.orElse(null))
                .cacheControl(cacheControl)
                .acl(acl(bucket, shown).orElse(null))
                .serverSideEncryption(puts.encryption().orElse(null))
                .ssekmsKeyId(puts.kmsKey().orElse(null))
                .storageClass(puts.storageClass().orElse(null))
                .build();
    }

    /** True for an object that was made by this promotion, and has all bytes. */
    boolean isDone(HeadObjectResponse head) {
        return head.contentLength() == arrived.length()
                && Provenance.of(head.metadata())
                        .medium()
                        .filter(medium::equals)
                        .isPresent();
    }

    /** @return the ACL of an object; empty where the bucket's own rules say it */
    public static Optional<ObjectCannedACL> acl(StorageSettings bucket, boolean shown) {
        return bucket.acl().filter(acl -> shown || !OPEN.contains(acl));
    }

    private Map<String, String> metadata(LedgerId ledger) {
        return Map.of(Provenance.LEDGER, ledger.toString(), Provenance.MEDIUM, medium.toString());
    }
}
