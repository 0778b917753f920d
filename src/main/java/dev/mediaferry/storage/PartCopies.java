package dev.mediaferry.storage;

import dev.mediaferry.ledger.LedgerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListPartsRequest;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A copy within a bucket that is larger than one request copies. The store copies each part, pinned to the ETag that was verified.
 * The next after an attempt that has stopped copies the parts that are missing; two at once copy the same bytes to the same parts.
 */
final class PartCopies {

    private static final Logger LOG = LoggerFactory.getLogger(PartCopies.class);

    private final S3Client client;
    private final Promotion promotion;
    private final LedgerId ledger;
    private final String bucket;
    private final long partSize;

    /** @param partSize of all parts but the last, unless there would be too many */
    PartCopies(S3Client client, Promotion promotion, LedgerId ledger, long partSize) {
        long length = promotion.arrived().length();
        long needed = (length + IncomingObjects.MOST_PARTS - 1) / IncomingObjects.MOST_PARTS;
        this.client = client;
        this.promotion = promotion;
        this.ledger = ledger;
        this.bucket = promotion.bucket().bucket();
        this.partSize = Math.max(partSize, needed);
    }

    /** The source is another object, or gone. */
    private static final class ChangedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ChangedException(Throwable cause) {
            super(cause);
        }
    }

    Optional<String> copy(ExecutorService copies, Optional<String> before, Predicate<String> begun) {
        Map<Integer, Part> there = new HashMap<>();
        Optional<String> upload = before.filter(id -> isThere(id, there));
        if (upload.isEmpty()) {
            // It may be complete, and the answer lost.
            Optional<String> etag = before.flatMap(id -> complete());
            if (etag.isPresent()) {
                return etag;
            }
            abortOthers();
            upload = begin(begun);
        }
        return upload.flatMap(id -> copy(copies, id, there));
    }

    /** @param there gets the parts that the store has */
    private boolean isThere(String upload, Map<Integer, Part> there) {
        try {
            client.listPartsPaginator(ListPartsRequest.builder()
                            .bucket(bucket)
                            .key(promotion.to())
                            .uploadId(upload)
                            .build())
                    .parts()
                    .forEach(part -> there.put(part.partNumber(), part));
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return false;
            }
            throw e;
        }
    }

    /** @return the ETag of a copy that is complete */
    private Optional<String> complete() {
        try {
            HeadObjectResponse head =
                    client.headObject(request -> request.bucket(bucket).key(promotion.to()));
            return promotion.isDone(head) ? Optional.of(head.eTag()) : Optional.empty();
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Nobody else's uploads are under the medium's own key: these are of processes that died before they could note them. */
    private void abortOthers() {
        try {
            List<MultipartUpload> left = client
                    .listMultipartUploadsPaginator(ListMultipartUploadsRequest.builder()
                            .bucket(bucket)
                            .prefix(promotion.to())
                            .build())
                    .uploads()
                    .stream()
                    .filter(upload -> upload.key().equals(promotion.to()))
                    .toList();
            left.forEach(upload -> abort(upload.uploadId()));
        } catch (S3Exception e) {
            // Some stores and keys do not let us list them; the bucket's lifecycle removes them then.
            LOG.debug("multipart uploads of {} are not listed", promotion.to(), e);
        }
    }

    private Optional<String> begin(Predicate<String> begun) {
        String upload = client.createMultipartUpload(promotion.inParts(ledger)).uploadId();
        boolean wanted = false;
        try {
            wanted = begun.test(upload);
        } finally {
            if (!wanted) {
                abort(upload);
            }
        }
        return wanted ? Optional.of(upload) : Optional.empty();
    }

    private Optional<String> copy(ExecutorService copies, String upload, Map<Integer, Part> there) {
        List<CompletableFuture<CompletedPart>> parts = new ArrayList<>();
        long length = promotion.arrived().length();
        for (long from = 0; from < length; from += partSize) {
            int number = parts.size() + 1;
            long first = from;
            long last = Math.min(from + partSize, length) - 1;
            Part part = there.get(number);
            parts.add(
                    part != null && part.size() == last - first + 1
                            ? CompletableFuture.completedFuture(part(number, part.eTag()))
                            : CompletableFuture.supplyAsync(() -> copy(upload, number, first, last), copies));
        }
        try {
            List<CompletedPart> done =
                    parts.stream().map(CompletableFuture::join).toList();
            return Optional.of(client.completeMultipartUpload(request -> request.bucket(bucket)
                            .key(promotion.to())
                            .uploadId(upload)
                            .multipartUpload(all -> all.parts(done)))
                    .eTag());
        } catch (NoSuchUploadException e) {
            // Somebody was first, or has aborted it since nobody wants it.
            return complete();
        } catch (CompletionException e) {
            parts.forEach(part -> part.cancel(false));
            if (e.getCause() instanceof ChangedException) {
                abort(upload);
                return Optional.empty();
            }
            if (e.getCause() instanceof NoSuchUploadException) {
                return complete();
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private CompletedPart copy(String upload, int number, long first, long last) {
        try {
            return part(
                    number,
                    client.uploadPartCopy(request -> request.sourceBucket(bucket)
                                    .sourceKey(promotion.key())
                                    .copySourceIfMatch(promotion.arrived().etag())
                                    .copySourceRange("bytes=" + first + "-" + last)
                                    .destinationBucket(bucket)
                                    .destinationKey(promotion.to())
                                    .uploadId(upload)
                                    .partNumber(number))
                            .copyPartResult()
                            .eTag());
        } catch (NoSuchUploadException e) {
            throw e;
        } catch (S3Exception e) {
            if (e.statusCode() == 412 || e.statusCode() == 404) {
                throw new ChangedException(e);
            }
            throw e;
        }
    }

    private static CompletedPart part(int number, String etag) {
        return CompletedPart.builder().partNumber(number).eTag(etag).build();
    }

    private void abort(String upload) {
        try {
            client.abortMultipartUpload(
                    request -> request.bucket(bucket).key(promotion.to()).uploadId(upload));
        } catch (SdkException e) {
            LOG.debug("the copy {} of {} stays until it is swept", upload, promotion.to(), e);
        }
    }
}
