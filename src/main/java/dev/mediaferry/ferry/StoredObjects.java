package dev.mediaferry.ferry;

import dev.mediaferry.content.Content;
import dev.mediaferry.content.Dimensions;
import dev.mediaferry.content.Original;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ledger.LedgerId;
import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.ledger.TransferId;
import dev.mediaferry.ledger.TransferResult.Stored;
import dev.mediaferry.object.KeyTemplate;
import dev.mediaferry.object.ObjectName;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.FastPutS3Client;
import dev.mediaferry.storage.Promotion;
import dev.mediaferry.storage.Provenance;
import dev.mediaferry.storage.Removal;
import dev.mediaferry.storage.StorageSettings;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Which object belongs to a transfer: before it is stored, after, and when it was stored by an earlier attempt. */
public final class StoredObjects {

    private static final String HASH = "[0-9a-f]{64}";

    /** Where an object's metadata has the length of what was compressed to it. */
    private static final String ORIGINAL_BYTES = "original-bytes";

    /** Where the metadata of what becomes a medium has its dimensions. */
    private static final String PIXELS = "pixels";

    private final Buckets buckets;
    private final String ledger;
    private final Function<String, Rules> rules;

    /**
     * What is asked of the objects of one entry.
     *
     * @param maxLength of its pointers in characters; 0 for unlimited
     * @param shared true when equal bytes get the same key
     * @param reproducible true when others may have come to the same key
     * @param s3Uri true when its pointers are {@code s3://bucket/key}
     * @param asMedia true when its rows become media
     * @param shown false when only signed URLs lead to these
     */
    public record Rules(
            int maxLength, boolean shared, boolean reproducible, boolean s3Uri, boolean asMedia, boolean shown) {}

    /**
     * What else there is about a shared key: the row of {@code removals.sql}.
     *
     * @param removals transfers for which its object is about to be deleted
     * @param others rows that other bytes under it belong to
     */
    public record KeyUse(long removals, long others) {}

    /**
     * @param ledger that every object carries
     * @param rules of an entry
     */
    public StoredObjects(Buckets buckets, LedgerId ledger, Function<String, Rules> rules) {
        this.buckets = buckets;
        this.ledger = ledger.toString();
        this.rules = rules;
    }

    /**
     * An object about to be stored.
     *
     * @param bucket as the client knows it
     * @param target what a pointer to it says
     * @param reserved true when it is to be written down before it is stored, since others may remove it
     * @param reproducible true when it must only be created where there is none
     * @param acl name of the SDK's constant, as camel-aws2-s3 takes it, or null
     */
    public record NewObject(
            String bucket,
            String key,
            String target,
            boolean reserved,
            boolean reproducible,
            String acl,
            Map<String, String> metadata) {

        /** Of its bytes: 64 hexadecimal digits. */
        public String sha256() {
            return metadata.get(FastPutS3Client.SHA256);
        }
    }

    /**
     * A transfer whose object no pointer leads to.
     *
     * @param from the bucket as the client knows it
     * @param prefix that its object may lie under; empty when nothing was stored
     * @param stored the object, when its key is complete
     */
    public record Litter(String from, String prefix, Removal stored) {

        public long id() {
            return stored.id();
        }

        /** True when only a listing tells which objects there are. */
        public boolean isListed() {
            return !prefix.isEmpty() && prefix.length() < stored.object().key().length();
        }
    }

    /** @throws TransferException when the new link would not fit into the column */
    public NewObject of(Transfer transfer, Content content) {
        Rules asked = rules.apply(transfer.entry());
        boolean shared = asked.shared();
        StorageSettings storage = buckets.at(transfer.bucket());
        // An earlier attempt may have chosen the key of other bytes.
        String open = shared ? KeyTemplate.reopened(transfer.objectKey()) : transfer.objectKey();
        String key = KeyTemplate.complete(open, content.type().extension(), content.sha256());
        String target = target(asked, storage, key);
        int most = asked.maxLength();
        int length = target.length();
        if (most > 0 && length > most) {
            throw new TransferException(
                    FailureKind.COLUMN_TOO_NARROW,
                    "the new link has " + length + " characters, the column takes " + most);
        }
        return new NewObject(
                buckets.clientName(transfer.bucket()),
                key,
                target,
                // Nobody else had a part in an object that the claim names already: who comes later sees the claim.
                shared && (transfer.contended() || !key.equals(transfer.objectKey())),
                asked.reproducible(),
                Promotion.acl(storage, asked.shown()).map(ObjectCannedACL::name).orElse(null),
                metadata(transfer, content));
    }

    private Map<String, String> metadata(Transfer transfer, Content content) {
        Map<String, String> metadata = new HashMap<>();
        metadata.put(FastPutS3Client.SHA256, content.sha256());
        metadata.put(Provenance.LEDGER, ledger);
        metadata.put(Provenance.TRANSFER, Long.toString(transfer.id()));
        if (content.original() != null) {
            metadata.put(Provenance.ORIGINAL_SHA256, content.original().sha256());
            metadata.put(ORIGINAL_BYTES, Long.toString(content.original().length()));
        }
        if (content.dimensions() != null && rules.apply(transfer.entry()).asMedia()) {
            metadata.put(PIXELS, content.dimensions().toString());
        }
        return metadata;
    }

    /** @return null when the object is as it came */
    private static Original original(Map<String, String> metadata) {
        String sha256 = metadata.get(Provenance.ORIGINAL_SHA256);
        String length = metadata.get(ORIGINAL_BYTES);
        boolean whole = sha256 != null && sha256.matches(HASH) && length != null && length.matches("[0-9]{1,18}");
        return whole ? new Original(Long.parseLong(length), sha256) : null;
    }

    /** @param key of an object that is about to be taken over */
    public Reservation removal(Transfer transfer, String key) {
        return new Reservation(transfer.id(), transfer.worker(), key, transfer.bucket(), null);
    }

    /** @param transfers just claimed, of one entry */
    public boolean mayShare(List<Transfer> transfers) {
        return !transfers.isEmpty() && rules.apply(transfers.get(0).entry()).shared();
    }

    /** @return parameters of {@code sharers.sql} */
    public Map<String, Object> ids(List<Transfer> transfers) {
        return Map.of("ids", transfers.stream().mapToLong(Transfer::id).toArray());
    }

    /** @param sharers those whose object others may have a part in */
    public List<Transfer> contended(List<Transfer> transfers, List<TransferId> sharers) {
        Set<Long> ids = sharers.stream().map(TransferId::id).collect(Collectors.toSet());
        return transfers.stream()
                .map(transfer -> ids.contains(transfer.id()) ? transfer.sharing() : transfer)
                .toList();
    }

    /** @param object that is about to be stored */
    public Reservation reservation(Transfer transfer, NewObject object) {
        return new Reservation(transfer.id(), transfer.worker(), object.key(), transfer.bucket(), object.sha256());
    }

    public void refuseWhileRemoved(String key, KeyUse use) {
        if (use.others() > 0) {
            throw new TransferException(
                    FailureKind.CHECKSUM_MISMATCH,
                    "other bytes are stored under " + key + " already, although their MD5 is the same");
        }
        if (use.removals() > 0) {
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
                object.target(),
                content.sha256(),
                content.length(),
                content.type().name(),
                etag,
                content.original(),
                content.dimensions(),
                false);
    }

    /** @return true when an earlier attempt may have stored the object, so that nothing needs to be fetched */
    public boolean mayBeStored(Transfer transfer) {
        // As long as something of it is open, a key that others may share is that of no object.
        boolean complete = rules.apply(transfer.entry()).shared()
                ? !KeyTemplate.isOpen(transfer.objectKey())
                : !KeyTemplate.isShared(transfer.objectKey());
        return transfer.mayBeStored() && complete;
    }

    /** @return the bucket of a transfer as the client knows it */
    public String bucket(Transfer transfer) {
        return buckets.clientName(transfer.bucket());
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

    /**
     * Takes over what an earlier attempt has stored: for a file only the bytes that it has now, for a link only the
     * transfer's own object, or, where equal bytes share one, the ledger's.
     *
     * @param file the transfer's; null for a link, whose bytes nobody knows before they are downloaded, and for a file that is
     *     gone since
     * @return null when it is another object
     * @throws TransferException when another ledger has stored it, so that nothing may be put in its place
     */
    public Stored adopted(Transfer transfer, Content file, String key, HeadObjectResponse head) {
        Rules asked = rules.apply(transfer.entry());
        Provenance there = Provenance.of(head.metadata());
        Original original = original(head.metadata());
        boolean ours = there.ledger().filter(ledger::equals).isPresent();
        if (!ours && there.ledger().isPresent()) {
            throw new TransferException(
                    FailureKind.KEY_TAKEN,
                    "the bucket has an object of another ledger under the key " + key + "; nothing was overwritten");
        }
        boolean fits = file != null
                ? isMadeOf(file, original, there, head.contentLength())
                : there.transfer().filter(id -> id == transfer.id()).isPresent()
                        || (asked.shared()
                                && there.sha256().filter(key::contains).isPresent());
        if (!ours || !fits || there.sha256().isEmpty()) {
            return null;
        }
        return new Stored(
                transfer,
                key,
                target(asked, buckets.at(transfer.bucket()), key),
                there.sha256().get(),
                head.contentLength(),
                head.contentType(),
                head.eTag(),
                original,
                Optional.ofNullable(head.metadata().get(PIXELS))
                        .flatMap(Dimensions::of)
                        .orElse(null),
                false);
    }

    /** @param original what the object says that it was compressed from, or null */
    private static boolean isMadeOf(Content file, Original original, Provenance there, long length) {
        return original == null
                ? length == file.length()
                        && there.sha256().filter(file.sha256()::equals).isPresent()
                : original.equals(new Original(file.length(), file.sha256()));
    }

    public Litter litter(SweepCandidate candidate) {
        String key = candidate.objectKey();
        // A shared key is complete once anything was stored under it.
        boolean nothing = KeyTemplate.isShared(key) || (candidate.shared() && KeyTemplate.isOpen(key));
        return new Litter(
                buckets.clientName(candidate.bucket()),
                nothing ? "" : KeyTemplate.prefix(key),
                new Removal(
                        candidate.id(),
                        new ObjectName(candidate.bucket(), key),
                        candidate.guarded(),
                        candidate.etag(),
                        candidate.sha256()));
    }

    /** @return what was stored for the transfer under its complete key */
    public List<Removal> stored(Litter litter) {
        return litter.prefix().isEmpty() ? List.of() : List.of(litter.stored());
    }

    /** @param listed all that starts with the litter's prefix */
    public List<Removal> found(Litter litter, List<S3Object> listed) {
        Removal stored = litter.stored();
        return listed.stream()
                .map(object -> new Removal(
                        stored.id(),
                        new ObjectName(stored.object().bucket(), object.key()),
                        stored.shared(),
                        stored.etag(),
                        stored.sha256()))
                .toList();
    }

    private static String target(Rules rules, StorageSettings storage, String key) {
        return rules.s3Uri() ? storage.s3Uri(key) : storage.target(key);
    }
}
