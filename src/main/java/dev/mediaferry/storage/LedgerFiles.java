package dev.mediaferry.storage;

import dev.mediaferry.content.Digests;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ledger.LedgerId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Files that the ledger keeps in a bucket. One counts as stored when it was read back with the SHA-256 that it has here. */
public final class LedgerFiles {

    private static final String GZIP = "application/gzip";

    private final Buckets buckets;
    private final LedgerId ledger;

    public LedgerFiles(Buckets buckets, LedgerId ledger) {
        this.buckets = buckets;
        this.ledger = ledger;
    }

    /**
     * @param bucket as the ledger keeps it
     * @param sha256 of the file's bytes
     * @throws TransferException when the store gives other bytes back
     * @throws ServiceUnreachableException when it does not answer, or refuses
     */
    public void store(String bucket, String key, Path file, String sha256) {
        String read = with(client -> {
            client.putObject(
                    request -> request.bucket(buckets.clientName(bucket))
                            .key(key)
                            .contentType(GZIP)
                            .metadata(Map.of(FastPutS3Client.SHA256, sha256, Provenance.LEDGER, ledger.toString())),
                    RequestBody.fromFile(file));
            return read(client, bucket, key, OutputStream.nullOutputStream());
        });
        if (!read.equals(sha256)) {
            throw new TransferException(
                    FailureKind.STORAGE_UNAVAILABLE,
                    "the store gives other bytes back for " + key + " than it was sent: SHA-256 is " + read
                            + " instead of " + sha256);
        }
    }

    /**
     * Reads an object into a file.
     *
     * @return the SHA-256 of what was read; empty when there is no such object
     */
    public Optional<String> fetch(String bucket, String key, Path file) {
        return with(client -> {
            try (OutputStream out = Files.newOutputStream(file)) {
                return Optional.of(read(client, bucket, key, out));
            } catch (S3Exception e) {
                if (e.statusCode() == 404) {
                    return Optional.empty();
                }
                throw e;
            } catch (IOException e) {
                throw SdkClientException.create("cannot write " + file + ": " + e.getMessage(), e);
            }
        });
    }

    private String read(S3Client client, String bucket, String key, OutputStream out) {
        MessageDigest hash = Digests.sha256();
        try (InputStream in = new DigestInputStream(
                client.getObject(
                        request -> request.bucket(buckets.clientName(bucket)).key(key)),
                hash)) {
            in.transferTo(out);
            return Digests.hex(hash);
        } catch (IOException e) {
            throw SdkClientException.create("the store's answer broke off: " + e.getMessage(), e);
        }
    }

    /** References are changed rarely, so no connection is kept open for them. */
    private <T> T with(Function<S3Client, T> work) {
        try (S3Client client = ObjectStore.client(buckets, 2)) {
            return work.apply(client);
        } catch (SdkException e) {
            throw new ServiceUnreachableException("the object store does not answer: " + e.getMessage(), e);
        }
    }
}
