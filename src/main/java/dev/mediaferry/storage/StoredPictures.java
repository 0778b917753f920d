package dev.mediaferry.storage;

import dev.mediaferry.object.ObjectName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Reads stored objects for somebody who wants to see them. */
public final class StoredPictures {

    private static final Pattern RANGE = Pattern.compile("bytes \\d{1,18}-\\d{1,18}/(\\d{1,18})");

    private final Supplier<S3Client> client;
    private final Buckets buckets;

    /** @param client of the store */
    public StoredPictures(Supplier<S3Client> client, Buckets buckets) {
        this.client = client;
        this.buckets = buckets;
    }

    /**
     * Some of an object.
     *
     * @param first number of the first of these bytes, from 0
     * @param total bytes of the whole object
     */
    public record Part(byte[] bytes, long first, long total) {}

    /**
     * @param object its bucket as the ledger has it
     * @param first number of the first byte, from 0
     * @param most bytes
     * @return empty when it is not there, or ends before
     */
    public Optional<Part> part(ObjectName object, long first, int most) {
        try (ResponseInputStream<GetObjectResponse> in = client.get()
                .getObject(request -> request.bucket(buckets.clientName(object.bucket()))
                        .key(object.key())
                        .range("bytes=" + first + "-" + (first + most - 1)))) {
            Matcher range = RANGE.matcher(String.valueOf(in.response().contentRange()));
            if (!range.matches()) {
                in.abort();
                return Optional.empty();
            }
            return Optional.of(new Part(in.readNBytes(most), first, Long.parseLong(range.group(1))));
        } catch (S3Exception e) {
            if (List.of(403, 404, 416).contains(e.statusCode())) {
                return Optional.empty();
            }
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
