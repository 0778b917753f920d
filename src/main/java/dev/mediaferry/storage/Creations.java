package dev.mediaferry.storage;

import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Puts with {@code If-None-Match: *}: they create an object, and never take another one's place.
 *
 * <p>Stores differ in whether they know that condition: some refuse it, some ignore it. Until this one has shown that it
 * keeps to it, the key is asked for before each put; the first object that is created is put a second time, which changes
 * nothing, to find out. A store without the condition is asked before every put.
 */
final class Creations {

    private static final Logger LOG = LoggerFactory.getLogger(Creations.class);

    /** Larger ones are not sent twice. */
    private static final long LARGEST_TRIAL = 8_000_000;

    private final S3Client sdk;
    private final BiFunction<PutObjectRequest, RequestBody, PutObjectResponse> put;
    private final AtomicReference<Condition> condition = new AtomicReference<>(Condition.UNKNOWN);

    /** What the store makes of the condition. */
    private enum Condition {
        UNKNOWN,
        TRIED,
        KEPT,
        MISSING
    }

    /** @param put sends a request as it is */
    Creations(S3Client sdk, BiFunction<PutObjectRequest, RequestBody, PutObjectResponse> put) {
        this.sdk = sdk;
        this.put = put;
    }

    /**
     * @param request with the condition, and with the {@link Provenance} of a transfer or a derivative in its metadata
     * @return also when an earlier put of the same transfer has stored these very bytes, whose answer may have been lost
     * @throws KeyTakenException when there is another object
     */
    PutObjectResponse create(PutObjectRequest request, RequestBody body) {
        long length = body.optionalContentLength().orElse(Long.MAX_VALUE);
        if (condition.get() != Condition.KEPT || length > ObjectStore.LARGEST_PUT) {
            Optional<HeadObjectResponse> there = head(request);
            if (there.isPresent()) {
                return settle(request, body, there.get());
            }
        }
        if (condition.get() == Condition.MISSING) {
            return put.apply(unconditional(request), body);
        }
        try {
            PutObjectResponse created = put.apply(request, body);
            if (length <= LARGEST_TRIAL && condition.compareAndSet(Condition.UNKNOWN, Condition.TRIED)) {
                condition.set(tried(request, body));
            }
            return created;
        } catch (S3Exception e) {
            if (isTaken(e)) {
                return settle(request, body, head(request).orElseThrow(() -> disputed(request, e)));
            }
            if (isUnknown(e)) {
                lacking();
                return put.apply(unconditional(request), body);
            }
            throw e;
        }
    }

    private Condition tried(PutObjectRequest request, RequestBody body) {
        try {
            PutObjectResponse again = put.apply(request, body);
            LOG.debug("{} was put twice, and has the ETag {}", request.key(), again.eTag());
            lacking();
            return Condition.MISSING;
        } catch (S3Exception e) {
            return e.statusCode() == 412 ? Condition.KEPT : Condition.UNKNOWN;
        } catch (RuntimeException e) {
            LOG.debug("whether the store knows If-None-Match could not be found out", e);
            return Condition.UNKNOWN;
        }
    }

    private void lacking() {
        condition.set(Condition.MISSING);
        LOG.info("the store does not know If-None-Match: each key is asked for before an object is put there");
    }

    private PutObjectResponse settle(PutObjectRequest request, RequestBody body, HeadObjectResponse there) {
        if (!isOwn(request.metadata(), there)) {
            throw KeyTakenException.of(request.key(), there);
        }
        // No pointer leads to what a transfer under way has stored before.
        return same(request, there)
                ? PutObjectResponse.builder()
                        .eTag(there.eTag())
                        .versionId(there.versionId())
                        .build()
                : put.apply(unconditional(request), body);
    }

    private static boolean same(PutObjectRequest request, HeadObjectResponse there) {
        boolean sameLength =
                request.contentLength() == null || request.contentLength().equals(there.contentLength());
        return sameLength
                && Provenance.of(request.metadata())
                        .sha256()
                        .equals(Provenance.of(there.metadata()).sha256());
    }

    private static boolean isOwn(Map<String, String> metadata, HeadObjectResponse there) {
        Provenance ours = Provenance.of(metadata);
        Provenance theirs = Provenance.of(there.metadata());
        boolean ownLedger = ours.ledger().isPresent() && ours.ledger().equals(theirs.ledger());
        boolean ownTransfer = ours.transfer().isPresent() && ours.transfer().equals(theirs.transfer());
        // The key of a derivative has its original, its place and its version in it: whichever job of this ledger has
        // put it there.
        boolean derived = ours.derivative().isPresent() && theirs.derivative().isPresent();
        return ownLedger && (ownTransfer || derived);
    }

    private Optional<HeadObjectResponse> head(PutObjectRequest request) {
        try {
            return Optional.of(
                    sdk.headObject(head -> head.bucket(request.bucket()).key(request.key())));
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Somebody else creates or removes an object there at the very moment. */
    private static TransferException disputed(PutObjectRequest request, S3Exception cause) {
        return new TransferException(
                FailureKind.STORAGE_UNAVAILABLE, "somebody else is just writing " + request.key(), cause);
    }

    /** AWS answers 409 when two are about to create the same object. */
    private static boolean isTaken(S3Exception e) {
        return e.statusCode() == 412 || e.statusCode() == 409;
    }

    private static boolean isUnknown(S3Exception e) {
        boolean named = e.awsErrorDetails() != null
                && "NotImplemented".equals(e.awsErrorDetails().errorCode());
        return e.statusCode() == 501 || named;
    }

    private static PutObjectRequest unconditional(PutObjectRequest request) {
        return request.toBuilder().ifNoneMatch(null).build();
    }
}
