package dev.mediaferry.storage;

import dev.mediaferry.content.Digests;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ledger.LedgerId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Reads originals, and creates what is made of them beside them: nothing that is there is ever written over, but for what the same job has left. */
public final class DerivedObjects {

    private static final int NOT_FOUND = 404;

    private final Supplier<S3Client> client;
    private final LedgerId ledger;

    public DerivedObjects(Supplier<S3Client> client, LedgerId ledger) {
        this.client = client;
        this.ledger = ledger;
    }

    /**
     * An object to be created.
     *
     * @param shown false for what only signed URLs lead to
     * @param job whose it is
     */
    public record NewObject(
            StorageSettings bucket, String key, String contentType, String cacheControl, boolean shown, long job) {}

    /** What was created. */
    public record Created(long bytes, String sha256, String etag) {}

    /** What becomes of the bytes of an original. */
    @FunctionalInterface
    public interface Reader<T> {

        /**
         * @param length of all bytes
         * @throws IOException when the bytes do not come
         */
        T read(InputStream in, long length) throws IOException;
    }

    /**
     * @param most bytes that are taken
     * @throws TransferException when it is not there, or larger
     */
    public <T> T read(StorageSettings bucket, String key, long most, Reader<T> reader) {
        try {
            ResponseInputStream<GetObjectResponse> in = client.get()
                    .getObject(request -> request.bucket(bucket.bucket()).key(key));
            try {
                long length = in.response().contentLength();
                if (length > most) {
                    throw new TransferException(
                            FailureKind.TOO_LARGE,
                            "the original has " + length + " bytes, at most " + most + " are taken");
                }
                T made = reader.read(in, length);
                in.close();
                return made;
            } catch (IOException e) {
                in.abort();
                throw SdkClientException.create("the store's answer broke off: " + e.getMessage(), e);
            } catch (RuntimeException | Error e) {
                // Closing would read what is left.
                in.abort();
                throw e;
            }
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
                throw new TransferException(FailureKind.GONE, "the original is not in the bucket: " + key, e);
            }
            throw e;
        }
    }

    /** @throws TransferException when another's object lies under its key */
    public Created create(NewObject object, byte[] bytes) {
        return create(object, RequestBody.fromBytes(bytes), bytes.length, Digests.sha256(bytes));
    }

    /** @throws TransferException when another's object lies under its key */
    public Created create(NewObject object, Path file) {
        MessageDigest hash = Digests.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), hash)) {
            long length = in.transferTo(java.io.OutputStream.nullOutputStream());
            return create(object, RequestBody.fromFile(file), length, Digests.hex(hash));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Created create(NewObject object, RequestBody body, long length, String sha256) {
        PutObjectRequest request = PutObjectRequest.builder()
                .bucket(object.bucket().bucket())
                .key(object.key())
                .contentType(object.contentType())
                .contentLength(length)
                .cacheControl(object.cacheControl())
                .acl(Promotion.acl(object.bucket(), object.shown()).orElse(null))
                .ifNoneMatch("*")
                .metadata(Map.of(
                        FastPutS3Client.SHA256,
                        sha256,
                        Provenance.LEDGER,
                        ledger.toString(),
                        Provenance.DERIVATIVE,
                        Long.toString(object.job())))
                .build();
        try {
            String etag = client.get().putObject(request, body).eTag();
            if (etag == null || etag.isBlank()) {
                throw new TransferException(
                        FailureKind.STORAGE_UNAVAILABLE, "the store confirmed " + object.key() + " without an ETag");
            }
            return new Created(length, sha256, etag);
        } catch (KeyTakenException e) {
            throw new TransferException(FailureKind.KEY_TAKEN, e.getMessage(), e);
        }
    }
}
