package dev.mediaferry.storage;

import dev.mediaferry.content.Digests;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.ServiceUnreachableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The bucket as it is, to be compared with the ledger. Deletes nothing. */
public final class Bucket implements AutoCloseable {

    private final S3Client client;
    private final String name;

    private Bucket(S3Client client, String name) {
        this.client = client;
        this.name = name;
    }

    /**
     * One line of a listing.
     *
     * @param etag without quotes
     */
    public record Listed(String key, long bytes, String etag, Instant modified) {}

    /**
     * What the store says of one object.
     *
     * @param etag as the store writes it
     * @param provenance what it says of itself
     * @param sha256 of the bytes as they were read just now; empty when only their head was
     */
    public record Facts(long bytes, String contentType, String etag, Provenance provenance, Optional<String> sha256) {}

    /**
     * @param connections how many requests may be under way at once
     * @throws ServiceUnreachableException when the store does not answer
     */
    public static Bucket open(StorageSettings storage, int connections) {
        S3Client client = ObjectStore.client(storage, connections);
        try {
            ObjectStore.check(client, storage);
            return new Bucket(client, storage.bucket());
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    /** @return -1, 0 or 1 in the order of a listing: by the bytes of UTF-8 */
    public static int compare(String one, String other) {
        return Integer.signum(
                Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Lists page by page, as the caller goes on.
     *
     * @param prefixes sorted, none the beginning of another
     * @param after a key, or empty for the beginning
     */
    public Iterator<Listed> list(List<String> prefixes, String after) {
        List<String> left = prefixes.stream()
                .filter(prefix -> compare(prefix, after) > 0 || after.startsWith(prefix))
                .toList();
        return new Listing(left.iterator(), after);
    }

    /** @return empty when there is no such object */
    public Optional<Facts> head(String key) {
        return answer(() -> {
            HeadObjectResponse head =
                    client.headObject(request -> request.bucket(name).key(key));
            return new Facts(
                    head.contentLength(),
                    head.contentType(),
                    head.eTag(),
                    Provenance.of(head.metadata()),
                    Optional.empty());
        });
    }

    /** @return what the object says of itself; empty when there is no such object */
    public Optional<Provenance> provenance(String key) {
        return answer(() -> Provenance.of(
                client.headObject(request -> request.bucket(name).key(key)).metadata()));
    }

    /** Reads an object to its end. @return empty when there is no such object */
    public Optional<Facts> read(String key) {
        return answer(() -> {
            MessageDigest digest = Digests.sha256();
            long length = 0;
            try (ResponseInputStream<GetObjectResponse> object =
                            client.getObject(request -> request.bucket(name).key(key));
                    InputStream bytes = new DigestInputStream(object, digest)) {
                byte[] buffer = new byte[64 * 1024];
                for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
                    length += read;
                }
                GetObjectResponse answer = object.response();
                return new Facts(
                        length,
                        answer.contentType(),
                        answer.eTag(),
                        Provenance.of(answer.metadata()),
                        Optional.of(Digests.hex(digest)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** A multipart upload that is neither completed nor aborted. */
    public record Upload(String key, String id, Instant begun) {}

    /** Lists the multipart uploads under a prefix, page by page, as the caller goes on. */
    public Iterator<Upload> uploads(String prefix) {
        Iterator<MultipartUpload> uploads = client.listMultipartUploadsPaginator(
                        request -> request.bucket(name).prefix(prefix))
                .uploads()
                .iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return answered(uploads::hasNext);
            }

            @Override
            public Upload next() {
                MultipartUpload upload = answered(uploads::next);
                return new Upload(upload.key(), upload.uploadId(), upload.initiated());
            }
        };
    }

    @Override
    public void close() {
        client.close();
    }

    private Iterator<S3Object> list(String prefix, String after) {
        return client.listObjectsV2Paginator(
                        request -> request.bucket(name).prefix(prefix).startAfter(after.isEmpty() ? null : after))
                .contents()
                .iterator();
    }

    private static <T> Optional<T> answer(java.util.function.Supplier<T> request) {
        try {
            return Optional.of(request.get());
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return Optional.empty();
            }
            throw unreachable(e);
        } catch (SdkException | UncheckedIOException e) {
            throw unreachable(e);
        }
    }

    private static <T> T answered(java.util.function.Supplier<T> request) {
        try {
            return request.get();
        } catch (SdkException e) {
            throw unreachable(e);
        }
    }

    private static ServiceUnreachableException unreachable(RuntimeException cause) {
        return new ServiceUnreachableException("the object store does not answer: " + cause.getMessage(), cause);
    }

    /**
     * Holds one page at a time, which a stream of streams would not. S3 lists by the bytes of the keys; there are stores that
     * do not (directory buckets), and a merge would go wrong.
     */
    private final class Listing implements Iterator<Listed> {

        private final Iterator<String> prefixes;
        private final String after;
        private Iterator<S3Object> objects = Collections.emptyIterator();
        private String last = "";

        Listing(Iterator<String> prefixes, String after) {
            this.prefixes = prefixes;
            this.after = after;
        }

        @Override
        public boolean hasNext() {
            try {
                while (!objects.hasNext() && prefixes.hasNext()) {
                    objects = list(prefixes.next(), after);
                }
                return objects.hasNext();
            } catch (SdkException e) {
                throw unreachable(e);
            }
        }

        @Override
        public Listed next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            S3Object object = objects.next();
            if (compare(last, object.key()) >= 0) {
                throw new ConfigurationException("mediaferry.storage.bucket: the store lists keys in no order ("
                        + object.key() + " after " + last + "), so the bucket cannot be compared with the ledger");
            }
            last = object.key();
            return new Listed(last, object.size(), object.eTag().replace("\"", ""), object.lastModified());
        }
    }
}
