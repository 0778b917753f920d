package dev.mediaferry.storage;

import dev.mediaferry.content.Digests;
import dev.mediaferry.link.Authority;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.impl.bootstrap.HttpRequester;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * An S3 client whose plain PutObject is sent without the SDK's machinery, which costs most of a small upload (figures in
 * bench/README.md). The payload is signed by the SHA-256 that the caller computed and put into the object's metadata, so
 * the store refuses bytes that were damaged on their way.
 *
 * <p>What is larger than {@value ObjectStore#LARGEST_PUT} bytes is a {@link MultipartUpload}. Everything else is the SDK's:
 * other operations, requests with a field that is not known here, and every put that does not succeed and is sent again, so
 * that its retries, redirects, clock correction and error types apply.
 */
public final class FastPutS3Client extends DelegatingS3Client {

    /** Name of the metadata entry, {@code x-amz-meta-sha256} on the wire: 64 hexadecimal digits. */
    public static final String SHA256 = "sha256";

    static final String BUCKET_OWNER = "x-amz-expected-bucket-owner";

    private static final Logger LOG = LoggerFactory.getLogger(FastPutS3Client.class);

    private final StorageSettings storage;
    private final AwsCredentialsProvider credentials;
    private final HttpRequester http;
    private final Timeout connectTimeout;
    private final boolean direct;
    private final SignatureV4 signature;
    private final Creations creations;
    private final Map<String, Address> addresses = new ConcurrentHashMap<>();

    /** Buckets that take nothing without its MD5. */
    private final Set<String> digested = ConcurrentHashMap.newKeySet();

    /** Where the requests of one bucket go. */
    private record Address(HttpHost host, String header, String path) {

        static Address of(URI bucket) {
            Authority authority = Authority.of(bucket);
            return new Address(
                    new HttpHost(bucket.getScheme(), authority.host(), authority.port()),
                    authority.toString(),
                    bucket.getRawPath());
        }
    }

    /** @param direct false where a proxy stands between, which is the SDK's business */
    FastPutS3Client(
            S3Client sdk,
            StorageSettings storage,
            AwsCredentialsProvider credentials,
            HttpRequester http,
            Timeout connectTimeout,
            boolean direct) {
        super(sdk);
        this.storage = storage;
        this.credentials = credentials;
        this.http = http;
        this.connectTimeout = connectTimeout;
        this.direct = direct;
        this.signature = new SignatureV4(storage.region());
        this.creations = new Creations(sdk, this::digested);
    }

    /** @throws KeyTakenException when the request asks for no object to be there, and one is that its sender has not stored */
    @Override
    public PutObjectResponse putObject(PutObjectRequest given, RequestBody body) {
        PutObjectRequest request = storage.puts().on(given);
        return request.ifNoneMatch() == null ? digested(request, body) : creations.create(request, body);
    }

    private PutObjectResponse digested(PutObjectRequest request, RequestBody body) {
        if (digested.contains(request.bucket())) {
            return send(withMd5(request, body), body);
        }
        try {
            return send(request, body);
        } catch (S3Exception e) {
            if (!wantsMd5(e) || request.contentMD5() != null) {
                throw e;
            }
            digested.add(request.bucket());
            LOG.info("bucket {} wants the MD5 of what is put, which it gets from now on", request.bucket());
            return send(withMd5(request, body), body);
        }
    }

    /** As buckets with Object Lock do: "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests …". */
    private static boolean wantsMd5(S3Exception refusal) {
        return refusal.statusCode() == 400
                && String.valueOf(refusal.getMessage()).toLowerCase(Locale.ROOT).contains("content-md5")
                && String.valueOf(refusal.getMessage()).toLowerCase(Locale.ROOT).contains("required");
    }

    private static PutObjectRequest withMd5(PutObjectRequest request, RequestBody body) {
        MessageDigest md5 = Digests.md5();
        try (InputStream in = new DigestInputStream(body.contentStreamProvider().newStream(), md5)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return request.toBuilder()
                .contentMD5(Base64.getEncoder().encodeToString(md5.digest()))
                .build();
    }

    private PutObjectResponse send(PutObjectRequest request, RequestBody body) {
        if (!isPlain(request, body)) {
            return super.putObject(request, body);
        }
        long length = body.optionalContentLength().orElseThrow();
        return length > ObjectStore.LARGEST_PUT
                ? new MultipartUpload((S3Client) delegate(), request, body.contentStreamProvider(), length).put()
                : (direct ? put(request, body) : Optional.<PutObjectResponse>empty())
                        .orElseGet(() -> super.putObject(request, body));
    }

    @Override
    public void close() {
        http.close(CloseMode.GRACEFUL);
        super.close();
    }

    private boolean isPlain(PutObjectRequest request, RequestBody body) {
        PutObjectRequest known = PutObjectRequest.builder()
                .bucket(request.bucket())
                .key(request.key())
                .acl(request.acl())
                .cacheControl(request.cacheControl())
                .contentLength(request.contentLength())
                .contentType(request.contentType())
                .contentMD5(request.contentMD5())
                .ifNoneMatch(request.ifNoneMatch())
                .metadata(request.metadata())
                .serverSideEncryption(request.serverSideEncryptionAsString())
                .ssekmsKeyId(request.ssekmsKeyId())
                .storageClass(request.storageClassAsString())
                .expectedBucketOwner(request.expectedBucketOwner())
                .build();
        return request.equals(known)
                && request.metadata().containsKey(SHA256)
                && body.optionalContentLength().isPresent()
                && request.metadata().values().stream().allMatch(FastPutS3Client::isAscii);
    }

    /**
     * @return empty when the store did not answer with success, or not at all
     * @throws S3Exception when it says that the request's condition does not hold
     */
    private Optional<PutObjectResponse> put(PutObjectRequest request, RequestBody body) {
        Address address = addresses.computeIfAbsent(
                request.bucket(),
                bucket -> Address.of(storage.in(bucket, Optional.empty()).requestAddress()));
        String path = address.path() + "/" + SignatureV4.encode(request.key(), true);
        ClassicHttpRequest put = new BasicClassicHttpRequest("PUT", address.host(), path);
        headers(request, address.header(), path).forEach(put::setHeader);
        put.setEntity(new InputStreamEntity(
                body.contentStreamProvider().newStream(),
                body.optionalContentLength().orElseThrow(),
                null));
        try (ClassicHttpResponse response =
                http.execute(address.host(), put, connectTimeout, HttpCoreContext.create())) {
            EntityUtils.consume(response.getEntity());
            if (response.getCode() == HttpStatus.SC_PRECONDITION_FAILED) {
                throw S3Exception.builder()
                        .statusCode(HttpStatus.SC_PRECONDITION_FAILED)
                        .message("there is an object under " + request.key() + " already")
                        .build();
            }
            if (response.getCode() / 100 != 2) {
                LOG.debug("PUT {} answered {}; the SDK sends it again", request.key(), response.getCode());
                return Optional.empty();
            }
            Header etag = response.getFirstHeader("ETag");
            Header version = response.getFirstHeader("x-amz-version-id");
            return Optional.of(PutObjectResponse.builder()
                    .eTag(etag == null ? null : etag.getValue())
                    .versionId(version == null ? null : version.getValue())
                    .build());
        } catch (IOException | HttpException e) {
            LOG.debug("PUT {} failed; the SDK sends it again", request.key(), e);
            return Optional.empty();
        }
    }

    private SortedMap<String, String> headers(PutObjectRequest request, String host, String path) {
        AwsCredentials key = credentials.resolveCredentials();
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("host", host);
        headers.put("x-amz-content-sha256", request.metadata().get(SHA256));
        headers.put("x-amz-date", signature.timestamp());
        for (Map.Entry<String, String> entry : request.metadata().entrySet()) {
            headers.put("x-amz-meta-" + entry.getKey().toLowerCase(Locale.ROOT), entry.getValue());
        }
        put(headers, "cache-control", request.cacheControl());
        put(headers, "content-type", request.contentType());
        put(headers, "content-md5", request.contentMD5());
        put(headers, "if-none-match", request.ifNoneMatch());
        put(
                headers,
                "x-amz-acl",
                request.acl() == ObjectCannedACL.UNKNOWN_TO_SDK_VERSION ? null : request.aclAsString());
        put(headers, "x-amz-server-side-encryption", request.serverSideEncryptionAsString());
        put(headers, "x-amz-server-side-encryption-aws-kms-key-id", request.ssekmsKeyId());
        put(headers, "x-amz-storage-class", request.storageClassAsString());
        put(headers, BUCKET_OWNER, request.expectedBucketOwner());
        put(
                headers,
                "x-amz-security-token",
                key instanceof AwsSessionCredentials session ? session.sessionToken() : null);
        String authorization = signature.authorize("PUT", path, headers, key.accessKeyId(), key.secretAccessKey());
        headers.put("authorization", authorization);
        return headers;
    }

    private static void put(SortedMap<String, String> headers, String name, String value) {
        if (value != null && !value.isEmpty()) {
            headers.put(name, value);
        }
    }

    private static boolean isAscii(String text) {
        // Asked of every object: a stream of characters takes ten times as long until it is compiled.
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < 0x20 || text.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }
}
