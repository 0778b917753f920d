package dev.mediaferry.storage;

import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.ledger.LedgerId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectAclResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.Permission;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Has objects carry the ledger's id that were stored before objects did. Each is copied onto itself, its bytes stay. */
public final class Adoptions implements AutoCloseable {

    private static final String EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers";

    private final S3Client client;
    private final StorageSettings storage;
    private final String ledger;

    /** @param connections how many requests may be under way at once */
    public Adoptions(StorageSettings storage, LedgerId ledger, int connections) {
        this.client = ObjectStore.client(storage, connections);
        this.storage = storage;
        this.ledger = ledger.toString();
    }

    /**
     * What became of one object.
     *
     * @param etag that it has now; empty unless it was adopted
     * @param refusal why it was not adopted; empty when it was, or carries an id already
     */
    public record Adoption(Optional<String> etag, Optional<String> refusal) {}

    /**
     * Adopts an object that carries no ledger's id and is the very one that the ledger knows.
     *
     * @param transfer that has stored it
     * @throws ServiceUnreachableException when the store does not answer
     */
    public Adoption adopt(long transfer, String key, long bytes, String etag, String sha256) {
        try {
            HeadObjectResponse head = client.headObject(
                    request -> request.bucket(storage.bucket()).key(key));
            Provenance says = Provenance.of(head.metadata());
            if (says.ledger().isPresent()) {
                return new Adoption(Optional.empty(), Optional.empty());
            }
            if (etag == null || !plain(etag).equals(plain(head.eTag()))) {
                return refused("its ETag is not the one that the ledger has");
            }
            if (head.contentLength() != bytes
                    || says.sha256().filter(sha256::equals).isEmpty()) {
                return refused("it does not carry the length and the SHA-256 that the ledger has");
            }
            return new Adoption(Optional.of(copy(key, head, transfer)), Optional.empty());
        } catch (S3Exception e) {
            if (e.statusCode() >= 500) {
                throw unreachable(e);
            }
            return refused("the store answers HTTP " + e.statusCode());
        } catch (SdkException e) {
            throw unreachable(e);
        }
    }

    private String copy(String key, HeadObjectResponse head, long transfer) {
        Map<String, String> metadata = new HashMap<>(head.metadata());
        metadata.put(Provenance.LEDGER, ledger);
        metadata.put(Provenance.TRANSFER, Long.toString(transfer));
        CopyObjectResponse copy = client.copyObject(request -> request.sourceBucket(storage.bucket())
                .sourceKey(key)
                .destinationBucket(storage.bucket())
                .destinationKey(key)
                .copySourceIfMatch(head.eTag())
                .metadataDirective(MetadataDirective.REPLACE)
                .metadata(metadata)
                .contentType(head.contentType())
                .cacheControl(head.cacheControl())
                .contentDisposition(head.contentDisposition())
                .contentEncoding(head.contentEncoding())
                .contentLanguage(head.contentLanguage())
                .websiteRedirectLocation(head.websiteRedirectLocation())
                .storageClass(head.storageClassAsString())
                .serverSideEncryption(head.serverSideEncryptionAsString())
                .ssekmsKeyId(head.ssekmsKeyId())
                .acl(acl(key)));
        return copy.copyObjectResult().eTag();
    }

    /** A copy is private unless it says otherwise; not every store tells what the original is. */
    private ObjectCannedACL acl(String key) {
        try {
            GetObjectAclResponse acl = client.getObjectAcl(
                    request -> request.bucket(storage.bucket()).key(key));
            boolean open = acl.grants().stream()
                    .anyMatch(grant -> grant.permission() == Permission.READ
                            && grant.grantee() != null
                            && EVERYBODY.equals(grant.grantee().uri()));
            return open ? ObjectCannedACL.PUBLIC_READ : storage.acl().orElse(null);
        } catch (S3Exception e) {
            return storage.acl().orElse(null);
        }
    }

    private static Adoption refused(String why) {
        return new Adoption(Optional.empty(), Optional.of(why));
    }

    private static String plain(String etag) {
        return etag.replace("\"", "");
    }

    private static ServiceUnreachableException unreachable(SdkException e) {
        return new ServiceUnreachableException("the object store does not answer: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        client.close();
    }
}
