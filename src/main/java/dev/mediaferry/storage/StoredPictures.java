package dev.mediaferry.storage;

import dev.mediaferry.object.ObjectName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Reads stored objects for somebody who wants to see them. */
public final class StoredPictures {

    private final Supplier<S3Client> client;
    private final Buckets buckets;

    /** @param client of the store */
    public StoredPictures(Supplier<S3Client> client, Buckets buckets) {
        this.client = client;
        this.buckets = buckets;
    }

    /**
     * @param object its bucket as the ledger has it
     * @param most bytes
     * @return empty when it is not there, or has more bytes
     */
    public Optional<byte[]> read(ObjectName object, int most) {
        try (ResponseInputStream<GetObjectResponse> in = client.get()
                .getObject(request ->
                        request.bucket(buckets.clientName(object.bucket())).key(object.key()))) {
            if (in.response().contentLength() != null && in.response().contentLength() > most) {
                in.abort();
                return Optional.empty();
            }
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                in.abort();
                return Optional.empty();
            }
            return Optional.of(bytes);
        } catch (S3Exception e) {
            if (e.statusCode() == 404 || e.statusCode() == 403) {
                return Optional.empty();
            }
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
