package dev.mediaferry.storage;

import dev.mediaferry.content.Digests;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Stores one large object part by part, in the memory of a buffer whatever its size. Each part carries its MD5, so the
 * store refuses bytes that were damaged on their way; the parts together must have the SHA-256 that the object's metadata
 * promises, or nothing is stored. What fails is aborted.
 */
final class MultipartUpload {

    /** S3 takes no more parts of one object (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html). */
    static final int MOST_PARTS = 10_000;

    /** Of most parts; larger only where there would be too many of them. */
    static final long PART = 16L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(MultipartUpload.class);

    private static final int BUFFER = 64 * 1024;

    private final S3Client sdk;
    private final PutObjectRequest object;
    private final ContentStreamProvider bytes;
    private final long length;
    private final String sha256;

    /**
     * @param object as it would be put at once, with the SHA-256 of its bytes in the metadata
     * @param bytes can be read again and again
     */
    MultipartUpload(S3Client sdk, PutObjectRequest object, ContentStreamProvider bytes, long length) {
        this.sdk = sdk;
        this.object = object;
        this.bytes = bytes;
        this.length = length;
        this.sha256 = object.metadata().get(FastPutS3Client.SHA256);
    }

    /** @return in whole MiB, the same for all parts but the last */
    static long partSize(long length) {
        long needed = (length + MOST_PARTS - 1) / MOST_PARTS;
        return Math.max(PART, (needed + (1L << 20) - 1) >> 20 << 20);
    }

    PutObjectResponse put() {
        String upload = sdk.createMultipartUpload(request()).uploadId();
        try {
            List<CompletedPart> parts = parts(upload);
            return complete(upload, parts);
        } catch (RuntimeException | Error e) {
            abort(upload);
            throw e;
        }
    }

    private CreateMultipartUploadRequest request() {
        return CreateMultipartUploadRequest.builder()
                .bucket(object.bucket())
                .key(object.key())
                .acl(object.acl() == ObjectCannedACL.UNKNOWN_TO_SDK_VERSION ? null : object.acl())
                .cacheControl(object.cacheControl())
                .contentType(object.contentType())
                .metadata(object.metadata())
                .serverSideEncryption(object.serverSideEncryptionAsString())
                .ssekmsKeyId(object.ssekmsKeyId())
                .storageClass(object.storageClassAsString())
                .build();
    }

    private List<CompletedPart> parts(String upload) {
        MessageDigest whole = Digests.sha256();
        List<CompletedPart> parts = new ArrayList<>();
        long size = partSize(length);
        for (long from = 0; from < length; from += size) {
            parts.add(part(upload, parts.size() + 1, from, Math.min(size, length - from), whole));
        }
        if (!Digests.hex(whole).equals(sha256)) {
            throw changed();
        }
        return parts;
    }

    private CompletedPart part(String upload, int number, long from, long size, MessageDigest whole) {
        String md5 = hash(from, size, whole);
        RequestBody body = RequestBody.fromContentProvider(() -> open(from, size), size, "application/octet-stream");
        String etag = sdk.uploadPart(
                        request -> request.bucket(object.bucket())
                                .key(object.key())
                                .uploadId(upload)
                                .partNumber(number)
                                .contentLength(size)
                                .contentMD5(md5),
                        body)
                .eTag();
        return CompletedPart.builder().partNumber(number).eTag(etag).build();
    }

    /** @return the MD5 of a part as the protocol writes it; its bytes are added to the hash of the whole */
    private String hash(long from, long size, MessageDigest whole) {
        MessageDigest md5 = Digests.md5();
        byte[] buffer = new byte[BUFFER];
        long left = size;
        try (InputStream in = open(from, size)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                md5.update(buffer, 0, read);
                whole.update(buffer, 0, read);
                left -= read;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (left > 0) {
            throw changed();
        }
        return Base64.getEncoder().encodeToString(md5.digest());
    }

    private PutObjectResponse complete(String upload, List<CompletedPart> parts) {
        try {
            CompleteMultipartUploadResponse done =
                    sdk.completeMultipartUpload(request -> request.bucket(object.bucket())
                            .key(object.key())
                            .uploadId(upload)
                            .ifNoneMatch(object.ifNoneMatch())
                            .multipartUpload(completed -> completed.parts(parts)));
            return PutObjectResponse.builder()
                    .eTag(done.eTag())
                    .versionId(done.versionId())
                    .build();
        } catch (NoSuchUploadException e) {
            // The answer to the first attempt was lost, and the upload is complete.
            HeadObjectResponse head =
                    sdk.headObject(request -> request.bucket(object.bucket()).key(object.key()));
            if (head.contentLength() != length || !sha256.equals(head.metadata().get(FastPutS3Client.SHA256))) {
                throw e;
            }
            return PutObjectResponse.builder()
                    .eTag(head.eTag())
                    .versionId(head.versionId())
                    .build();
        }
    }

    /** Parts that stay behind cost money until the bucket's lifecycle removes them. */
    private void abort(String upload) {
        try {
            sdk.abortMultipartUpload(
                    request -> request.bucket(object.bucket()).key(object.key()).uploadId(upload));
        } catch (SdkException e) {
            LOG.warn("the parts of {} could not be removed from the store: {}", object.key(), e.getMessage());
        }
    }

    private TransferException changed() {
        return new TransferException(
                FailureKind.STORAGE_UNAVAILABLE, "the bytes of " + object.key() + " changed while they were stored");
    }

    /** @return the bytes of one part, which may be read more than once */
    private InputStream open(long from, long size) {
        InputStream in = bytes.newStream();
        try {
            in.skipNBytes(from);
            return new Stretch(in, size);
        } catch (IOException e) {
            try {
                in.close();
            } catch (IOException failed) {
                e.addSuppressed(failed);
            }
            throw new UncheckedIOException(e);
        }
    }

    /** The next bytes of a stream, and no more. */
    private static final class Stretch extends FilterInputStream {

        private long left;

        Stretch(InputStream in, long size) {
            super(in);
            this.left = size;
        }

        @Override
        public int read() throws IOException {
            int value = left > 0 ? in.read() : -1;
            left -= value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int most) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int read = in.read(buffer, offset, (int) Math.min(left, most));
            left -= Math.max(read, 0);
            return read;
        }

        @Override
        public long skip(long most) throws IOException {
            long skipped = in.skip(Math.min(left, most));
            left -= skipped;
            return skipped;
        }

        @Override
        public int available() throws IOException {
            return (int) Math.min(left, in.available());
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
