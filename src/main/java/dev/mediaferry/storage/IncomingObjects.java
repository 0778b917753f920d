package dev.mediaferry.storage;

import dev.mediaferry.content.Digests;
import dev.mediaferry.ledger.LedgerId;
import dev.mediaferry.object.IncomingKey;
import dev.mediaferry.object.ObjectName;
import dev.mediaferry.storage.Removal.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListPartsRequest;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Objects that clients upload, with their multipart uploads. What has come is looked at under one ETag, and promoted under that ETag
 * only: bytes that are written over it meanwhile are never taken for what was looked at.
 */
public final class IncomingObjects {

    /** What one copy takes (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html). */
    public static final long LARGEST_COPY = 5L << 30;

    /** S3 takes no more parts of one object. */
    public static final int MOST_PARTS = MultipartUpload.MOST_PARTS;

    private static final int MOST_LISTED = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(IncomingObjects.class);

    private final Supplier<S3Client> client;
    private final Buckets buckets;
    private final LedgerId ledger;

    public IncomingObjects(Supplier<S3Client> client, Buckets buckets, LedgerId ledger) {
        this.client = client;
        this.buckets = buckets;
        this.ledger = ledger;
    }

    /** An object as it is now. */
    public record Arrived(String etag, long length) {}

    /** A part that the store has, or that a client says it has. */
    public record Part(int number, String etag, long size) {}

    /** A multipart upload that is neither complete nor aborted. */
    public record Started(String key, String uploadId, Instant since) {}

    /** @return empty when there is nothing under the key */
    public Optional<Arrived> look(StorageSettings bucket, String key) {
        return headers(bucket.bucket(), key).map(head -> new Arrived(head.eTag(), head.contentLength()));
    }

    /**
     * @return the first bytes, or all when there are not as many; empty when it is no longer the same object, or has another length
     *     than it seemed to have
     */
    public Optional<byte[]> head(StorageSettings bucket, String key, Arrived arrived, int most) {
        return same(() -> {
            ResponseInputStream<GetObjectResponse> in = client.get().getObject(request -> {
                request.bucket(bucket.bucket()).key(key).ifMatch(arrived.etag());
                if (arrived.length() > most) {
                    request.range("bytes=0-" + (most - 1));
                }
            });
            try {
                byte[] bytes = in.readNBytes(most);
                // Not every store knows ranges: what follows is not read.
                if (in.read() < 0) {
                    in.close();
                } else {
                    in.abort();
                }
                return lengthOf(in.response()) == arrived.length() ? bytes : null;
            } catch (IOException e) {
                in.abort();
                throw SdkClientException.create("the store's answer broke off: " + e.getMessage(), e);
            }
        });
    }

    /** @return bytes of the whole object */
    private static long lengthOf(GetObjectResponse response) {
        String range = response.contentRange();
        return range != null && range.matches("bytes \\d+-\\d+/\\d{1,18}")
                ? Long.parseLong(range.substring(range.indexOf('/') + 1))
                : response.contentLength();
    }

    /** @return of all bytes, 64 hexadecimal digits; empty when it is no longer the same object */
    public Optional<String> sha256(StorageSettings bucket, String key, Arrived arrived) {
        MessageDigest hash = Digests.sha256();
        return read(bucket, key, arrived, in -> {
            new DigestInputStream(in, hash).transferTo(OutputStream.nullOutputStream());
            return Digests.hex(hash);
        });
    }

    /** What is made of the bytes of an object. */
    @FunctionalInterface
    public interface Reader<T> {
        /** @throws IOException when the bytes do not come */
        T read(InputStream in) throws IOException;
    }

    /** @return what is made of all bytes; empty when it is no longer the same object */
    public <T> Optional<T> read(StorageSettings bucket, String key, Arrived arrived, Reader<T> reader) {
        return same(() -> {
            ResponseInputStream<GetObjectResponse> in = client.get()
                    .getObject(
                            request -> request.bucket(bucket.bucket()).key(key).ifMatch(arrived.etag()));
            try {
                T made = reader.read(in);
                in.close();
                return made;
            } catch (IOException e) {
                in.abort();
                throw SdkClientException.create("the store's answer broke off: " + e.getMessage(), e);
            } catch (RuntimeException e) {
                // Closing would read what is left.
                in.abort();
                throw e;
            }
        });
    }

    /**
     * Copies an object at once, up to {@link #LARGEST_COPY}.
     *
     * @return its ETag there; empty when it is no longer the same object
     * @throws SdkClientException when the store says that it has copied it, and has not
     */
    public Optional<String> promote(Promotion promotion) {
        CopyObjectRequest copy = promotion.atOnce(ledger);
        return same(() -> client.get().copyObject(copy)).map(done -> landed(promotion));
    }

    /** @return the ETag of what a promotion has become, which is looked at: an answer alone makes no object */
    private String landed(Promotion promotion) {
        return headers(promotion.bucket().bucket(), promotion.to())
                .filter(promotion::isDone)
                .map(HeadObjectResponse::eTag)
                .orElseThrow(() -> SdkClientException.create(
                        "the store says that it has copied an upload to " + promotion.to() + ", but it is not there"));
    }

    /**
     * Copies an object part by part, from where an earlier attempt has stopped.
     *
     * @param copies what the parts are copied by
     * @param copy the multipart upload that the copy becomes; null when none has begun
     * @param begun notes one that has begun; false when nobody wants it any more
     * @return its ETag there; empty when it is no longer the same object, or nobody wants it
     * @throws SdkClientException when the store says that it has copied it, and has not
     */
    public Optional<String> promote(
            Promotion promotion, long partSize, ExecutorService copies, String copy, Predicate<String> begun) {
        return new PartCopies(client.get(), promotion, ledger, partSize)
                .copy(copies, Optional.ofNullable(copy), begun)
                .map(done -> landed(promotion));
    }

    /** Ends the multipart upload that a copy was to become. */
    public void abortCopy(StorageSettings bucket, String to, String copy) {
        abort(bucket.bucket(), to, copy);
    }

    /**
     * Deletes what a client has put, and its parts. What cannot be deleted now stays for a sweep.
     *
     * @param upload the multipart upload; null for a single PUT
     */
    public void forget(StorageSettings bucket, String key, String upload) {
        try {
            if (upload != null) {
                abort(bucket.bucket(), key, upload);
            }
            client.get().deleteObject(request -> request.bucket(bucket.bucket()).key(key));
        } catch (SdkException e) {
            LOG.debug("{} stays until it is swept", key, e);
        }
    }

    /** @return id of a new multipart upload */
    public String begin(StorageSettings bucket, String key, String type) {
        return client.get()
                .createMultipartUpload(
                        request -> request.bucket(bucket.bucket()).key(key).contentType(type))
                .uploadId();
    }

    /** @return empty when the store does not know the upload, or no longer */
    public Optional<List<Part>> parts(StorageSettings bucket, String key, String upload) {
        try {
            return Optional.of(client
                    .get()
                    .listPartsPaginator(ListPartsRequest.builder()
                            .bucket(bucket.bucket())
                            .key(key)
                            .uploadId(upload)
                            .build())
                    .parts()
                    .stream()
                    .map(part -> new Part(part.partNumber(), part.eTag(), part.size()))
                    .toList());
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** @return the first of the multipart uploads whose keys begin with a prefix, and no others' */
    public List<Started> started(StorageSettings bucket, String prefix) {
        return client
                .get()
                .listMultipartUploadsPaginator(
                        request -> request.bucket(bucket.bucket()).prefix(prefix))
                .uploads()
                .stream()
                .filter(upload -> upload.key().startsWith(prefix))
                .limit(MOST_LISTED)
                .map(upload -> new Started(upload.key(), upload.uploadId(), upload.initiated()))
                .toList();
    }

    /** Ends one that nobody will put together. */
    public void abort(StorageSettings bucket, Started upload) {
        abort(bucket.bucket(), upload.key(), upload.uploadId());
    }

    /** Makes one object of these parts. What was done already stays done. */
    public void complete(StorageSettings bucket, String key, String upload, List<Part> parts) {
        List<CompletedPart> completed = parts.stream()
                .map(part -> CompletedPart.builder()
                        .partNumber(part.number())
                        .eTag(part.etag())
                        .build())
                .toList();
        try {
            client.get().completeMultipartUpload(request -> request.bucket(bucket.bucket())
                    .key(key)
                    .uploadId(upload)
                    .multipartUpload(all -> all.parts(completed)));
        } catch (NoSuchUploadException e) {
            // Somebody was first, or the answer was lost: what lies there is looked at in any case.
        }
    }

    /** @return the ETag of an object that carries our ledger's id; empty when there is none, or it is another's */
    public Optional<String> etag(ObjectName object) {
        return headers(object).filter(this::carriesOurs).map(HeadObjectResponse::eTag);
    }

    /** True for an incoming key that was made for our ledger; another's uploads are not ours to end. */
    public boolean isOurs(ObjectName incoming) {
        return IncomingKey.isOf(incoming.key(), ledger.value());
    }

    /** Ends a multipart upload whose parts nobody will put together; it may have ended already. */
    public void abort(ObjectName object, String upload) {
        abort(buckets.clientName(object.bucket()), object.key(), upload);
    }

    /** Removes what arrived under an incoming key, if that key or the object's metadata says that it is ours. */
    public Outcome remove(ObjectName object) {
        Optional<HeadObjectResponse> head = headers(object);
        if (head.isEmpty()) {
            return Outcome.GONE;
        }
        if (!isOurs(object) && !carriesOurs(head.get())) {
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

    private void abort(String bucket, String key, String upload) {
        try {
            client.get()
                    .abortMultipartUpload(
                            request -> request.bucket(bucket).key(key).uploadId(upload));
        } catch (S3Exception e) {
            if (e.statusCode() != 404) {
                throw e;
            }
        }
    }

    private Optional<HeadObjectResponse> headers(ObjectName object) {
        return headers(buckets.clientName(object.bucket()), object.key());
    }

    /** @return empty when there is nothing under the key */
    private Optional<HeadObjectResponse> headers(String bucket, String key) {
        return same(
                () -> client.get().headObject(request -> request.bucket(bucket).key(key)));
    }

    /** @return empty when the object is gone, or is another one, or the answer is null */
    private static <T> Optional<T> same(Supplier<T> question) {
        try {
            return Optional.ofNullable(question.get());
        } catch (S3Exception e) {
            if (e.statusCode() == 412 || e.statusCode() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
