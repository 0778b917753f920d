package dev.mediaferry.storage;

import dev.mediaferry.content.Content;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ledger.Settlement.Stored;
import dev.mediaferry.ledger.Transfer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Which object belongs to a transfer: before it is stored, after, and when it was stored by an earlier attempt. */
public final class StoredObjects {

    private final StorageSettings storage;
    private final int worker;
    private final ToIntFunction<String> maxLength;
    private final Predicate<String> sharing;

    /**
     * @param worker id of this process in the ledger
     * @param maxLength of an entry's column in characters; 0 for unlimited
     * @param sharing tells of an entry whether equal bytes get the same key
     */
    public StoredObjects(
            StorageSettings storage, int worker, ToIntFunction<String> maxLength, Predicate<String> sharing) {
        this.storage = storage;
        this.worker = worker;
        this.maxLength = maxLength;
        this.sharing = sharing;
    }

    /**
     * An object about to be stored.
     *
     * @param shared true when equal bytes share the key
     * @param acl name of the SDK's constant, as camel-aws2-s3 takes it, or null
     */
    public record NewObject(String key, boolean shared, String acl, Map<String, String> metadata) {}

    /**
     * An object that no pointer leads to.
     *
     * @param prefix that it may lie under; empty when it cannot be told from others
     */
    public record Litter(long id, String objectKey, String prefix) {

        public Map<String, Object> parameters() {
            return Map.of("id", id, "objectKey", objectKey);
        }
    }

    /** @throws TransferException when the new link would not fit into the column */
    public NewObject of(Transfer transfer, Content content) {
        boolean shared = sharing.test(transfer.entry());
        // An earlier attempt may have chosen the key of other bytes.
        String open = shared ? KeyTemplate.reopened(transfer.objectKey()) : transfer.objectKey();
        String key = KeyTemplate.complete(open, content.type().extension(), content.sha256());
        int most = maxLength.applyAsInt(transfer.entry());
        int length = storage.target(key).length();
        if (most > 0 && length > most) {
            throw new TransferException(
                    FailureKind.COLUMN_TOO_NARROW,
                    "the new link has " + length + " characters, the column takes " + most);
        }
        return new NewObject(
                key,
                shared,
                storage.acl().map(ObjectCannedACL::name).orElse(null),
                Map.of(FastPutS3Client.SHA256, content.sha256()));
    }

    /** @return parameters of {@code removals.sql} for an object that is about to be taken over */
    public Map<String, Object> removal(String key) {
        return Map.of("objectKey", key);
    }

    /** @return parameters of {@code choose-key.sql} and {@code removals.sql} */
    public Map<String, Object> reservation(Transfer transfer, NewObject object) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("id", transfer.id());
        parameters.put("worker", worker);
        parameters.put("objectKey", object.key());
        return parameters;
    }

    /** @param removals transfers that are just removing the very object */
    public void refuseWhileRemoved(String key, Number removals) {
        if (removals.longValue() > 0) {
            throw new TransferException(
                    FailureKind.STORAGE_UNAVAILABLE, "the object " + key + " is just being removed");
        }
    }

    /** @param etag as the store answered */
    public Stored stored(Transfer transfer, Content content, NewObject object, String etag) {
        if (etag == null || etag.isBlank()) {
            throw new TransferException(
                    FailureKind.STORAGE_UNAVAILABLE, "the store confirmed " + object.key() + " without an ETag");
        }
        return new Stored(
                transfer,
                object.key(),
                storage.target(object.key()),
                content.sha256(),
                content.length(),
                content.type().name(),
                etag);
    }

    /** @return true when an earlier attempt may have stored the object, so that nothing needs to be fetched */
    public boolean mayBeStored(Transfer transfer) {
        // As long as its hash is open, a key is that of no object.
        return transfer.mayBeStored() && !KeyTemplate.isShared(transfer.objectKey());
    }

    /** @return what every object of this transfer starts with */
    public String prefix(Transfer transfer) {
        return KeyTemplate.prefix(transfer.objectKey());
    }

    /**
     * @param found all that starts with the transfer's {@link #prefix}
     * @return the key of the object that an earlier attempt stored, or null
     */
    public String newest(Transfer transfer, List<S3Object> found) {
        String key = transfer.objectKey();
        return found.stream()
                .filter(object -> KeyTemplate.prefix(key).length() < key.length()
                        || object.key().equals(key))
                .max(Comparator.comparing(S3Object::lastModified))
                .map(S3Object::key)
                .orElse(null);
    }

    /** @return null when the object does not carry the hash of its bytes, so that it cannot be one of ours */
    public Stored adopted(Transfer transfer, String key, HeadObjectResponse head) {
        return Optional.ofNullable(head.metadata().get(FastPutS3Client.SHA256))
                .filter(sha256 -> sha256.matches("[0-9a-f]{64}"))
                .map(sha256 -> new Stored(
                        transfer,
                        key,
                        storage.target(key),
                        sha256,
                        head.contentLength(),
                        head.contentType(),
                        head.eTag()))
                .orElse(null);
    }

    /** @param row of {@code sweep-candidates.sql} */
    public Litter litter(Map<String, Object> row) {
        String key = (String) row.get("object_key");
        // A shared key is complete once anything was stored under it.
        String prefix = KeyTemplate.isShared(key) ? "" : KeyTemplate.prefix(key);
        return new Litter(((Number) row.get("id")).longValue(), key, prefix);
    }

    /** @return of all that starts with the litter's prefix, what was stored for its transfer */
    public List<S3Object> ofLitter(Litter litter, List<S3Object> found) {
        boolean open = litter.prefix().length() < litter.objectKey().length();
        return found.stream()
                .filter(object -> open || object.key().equals(litter.objectKey()))
                .toList();
    }
}
