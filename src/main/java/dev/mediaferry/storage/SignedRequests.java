package dev.mediaferry.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.link.Authority;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * Signs requests that clients send to the store themselves. A signature binds method, bucket, key, what is asked, and of what is sent
 * its type and its exact length; it ends by itself.
 */
public final class SignedRequests {

    private static final Duration LONGEST_LIFE = Duration.ofDays(7);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final AwsCredentialsProvider credentials;
    private final SignatureV4 signature;
    private final Optional<URI> endpoint;
    private final Duration expiry;
    private final InstantSource clock;

    /**
     * @param storage of the store whose buckets these are
     * @param endpoint where clients reach it; empty where it is the same as for this process
     * @param expiry of a signature, up to seven days
     */
    public SignedRequests(StorageSettings storage, Optional<URI> endpoint, Duration expiry) {
        this(storage, endpoint, expiry, InstantSource.system());
    }

    SignedRequests(StorageSettings storage, Optional<URI> endpoint, Duration expiry, InstantSource clock) {
        this.credentials = ObjectStore.credentials(storage);
        this.signature = new SignatureV4(storage.region());
        this.endpoint = endpoint;
        this.expiry = expiry;
        this.clock = clock;
    }

    /** @param sha256 of the bytes, in base64, which the store checks then; empty when nobody knows it */
    public SignedRequest put(StorageSettings bucket, String key, String type, long length, Optional<String> sha256) {
        SortedMap<String, String> headers = typed(type);
        headers.put("content-length", Long.toString(length));
        sha256.ifPresent(hash -> headers.put("x-amz-checksum-sha256", hash));
        return sign("PUT", bucket, key, Map.of(), headers);
    }

    public SignedRequest get(StorageSettings bucket, String key) {
        return sign("GET", bucket, key, Map.of(), new TreeMap<>());
    }

    /** @param life of the signature; S3 takes up to seven days */
    public SignedRequest get(StorageSettings bucket, String key, Duration life) {
        return sign(
                "GET", bucket, key, Map.of(), new TreeMap<>(), life.compareTo(LONGEST_LIFE) > 0 ? LONGEST_LIFE : life);
    }

    /** How long a signature is good, where nothing else is asked for. */
    public Duration expiry() {
        return expiry;
    }

    public SignedRequest createMultipart(StorageSettings bucket, String key, String type) {
        return sign("POST", bucket, key, Map.of("uploads", ""), typed(type));
    }

    /** @param length empty where the client alone knows it */
    public SignedRequest part(StorageSettings bucket, String key, String upload, int number, OptionalLong length) {
        SortedMap<String, String> headers = new TreeMap<>();
        length.ifPresent(bytes -> headers.put("content-length", Long.toString(bytes)));
        return sign("PUT", bucket, key, Map.of("uploadId", upload, "partNumber", Integer.toString(number)), headers);
    }

    public SignedRequest listParts(StorageSettings bucket, String key, String upload) {
        return sign("GET", bucket, key, Map.of("uploadId", upload), new TreeMap<>());
    }

    public SignedRequest completeMultipart(StorageSettings bucket, String key, String upload) {
        return sign("POST", bucket, key, Map.of("uploadId", upload), new TreeMap<>());
    }

    public SignedRequest abortMultipart(StorageSettings bucket, String key, String upload) {
        return sign("DELETE", bucket, key, Map.of("uploadId", upload), new TreeMap<>());
    }

    /**
     * A form that a browser sends with the object (POST policy).
     *
     * @param least with most bounds of the object's length
     */
    public SignedForm form(StorageSettings bucket, String key, String type, long least, long most) {
        return form(bucket, key, type, least, most, expiry);
    }

    SignedForm form(StorageSettings bucket, String key, String type, long least, long most, Duration life) {
        AwsCredentials keys = credentials.resolveCredentials();
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        SortedMap<String, String> fields = new TreeMap<>(signature.policyFields(keys.accessKeyId(), now));
        fields.put("key", key);
        fields.put("Content-Type", type);
        fields.put("success_action_status", "201");
        if (keys instanceof AwsSessionCredentials session) {
            fields.put("x-amz-security-token", session.sessionToken());
        }
        List<Object> conditions = new ArrayList<>();
        conditions.add(Map.of("bucket", bucket.bucket()));
        fields.forEach((name, value) -> conditions.add(Map.of(name, value)));
        conditions.add(List.of("content-length-range", least, most));
        String policy = base64(Map.of("expiration", now.plus(life).toString(), "conditions", conditions));
        fields.put("policy", policy);
        fields.put("x-amz-signature", signature.signPolicy(policy, fields.get("x-amz-date"), keys.secretAccessKey()));
        URI address = endpoint.map(bucket::reachedAt).orElse(bucket).requestAddress();
        return new SignedForm(
                URI.create(address.getScheme() + "://" + host(address) + address.getRawPath() + "/"),
                fields,
                now.plus(life));
    }

    private static String base64(Object document) {
        try {
            return Base64.getEncoder().encodeToString(JSON.writeValueAsBytes(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers are always JSON", e);
        }
    }

    private static SortedMap<String, String> typed(String type) {
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("content-type", type);
        return headers;
    }

    private SignedRequest sign(
            String method,
            StorageSettings bucket,
            String key,
            Map<String, String> query,
            SortedMap<String, String> headers) {
        return sign(method, bucket, key, query, headers, expiry);
    }

    private SignedRequest sign(
            String method,
            StorageSettings bucket,
            String key,
            Map<String, String> query,
            SortedMap<String, String> headers,
            Duration life) {
        URI address = endpoint.map(bucket::reachedAt).orElse(bucket).requestAddress();
        String path = address.getRawPath() + "/" + SignatureV4.encode(key, true);
        Map<String, String> sent = new TreeMap<>(headers);
        sent.remove("content-length");
        String host = host(address);
        headers.put("host", host);
        AwsCredentials keys = credentials.resolveCredentials();
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        String signed = signature.presign(
                method,
                path,
                query,
                headers,
                keys.accessKeyId(),
                keys.secretAccessKey(),
                keys instanceof AwsSessionCredentials session ? session.sessionToken() : null,
                now,
                life.toSeconds());
        return new SignedRequest(
                method, URI.create(address.getScheme() + "://" + host + path + "?" + signed), sent, now.plus(life));
    }

    /** As clients write it into their requests: without the port that goes without saying. */
    private static String host(URI address) {
        Authority authority = Authority.of(address);
        boolean usual = authority.port() == ("https".equals(address.getScheme()) ? 443 : 80);
        return usual ? authority.host() : authority.toString();
    }
}
