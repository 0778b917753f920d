package dev.mediaferry.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.content.Digests;
import dev.mediaferry.fixture.Sandbox;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the store lets in of what somebody without keys sends, and what it refuses. */
class SignedRequestsTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String KEY = "incoming/a b+ü/1-2.jpg";
    private static final byte[] BYTES = "what a client sends".getBytes(StandardCharsets.UTF_8);

    private final StorageSettings bucket = StorageSettings.of(SANDBOX.settings());
    private final SignedRequests signed = new SignedRequests(bucket, Optional.empty(), Duration.ofMinutes(15));

    @Test
    void signsAmazonsExample() {
        // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
        TreeMap<String, String> headers = new TreeMap<>();
        headers.put("host", "examplebucket.s3.amazonaws.com");
        assertThat(new SignatureV4("us-east-1")
                        .presign(
                                "GET",
                                "/test.txt",
                                new TreeMap<>(),
                                headers,
                                "AKIAIOSFODNN7EXAMPLE",
                                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                                null,
                                Instant.parse("2013-05-24T00:00:00Z"),
                                86400))
                .endsWith("X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
    }

    @Test
    void letsInWhatWasAnnounced() throws Exception {
        SignedRequest put = put();
        assertThat(send(put, "image/jpeg", BYTES).statusCode()).isEqualTo(200);
        assertThat(SANDBOX.object(KEY)).isEqualTo(BYTES);
        assertThat(SANDBOX.head(KEY).contentType()).isEqualTo("image/jpeg");
        assertThat(put.headers()).containsExactlyEntriesOf(java.util.Map.of("content-type", "image/jpeg"));
        assertThat(put).hasToString("PUT /" + SANDBOX.bucketName() + "/incoming/a%20b%2B%C3%BC/1-2.jpg");
    }

    @Test
    void refusesAnotherLength() throws Exception {
        assertThat(send(
                                put(),
                                "image/jpeg",
                                (new String(BYTES, StandardCharsets.UTF_8) + "!").getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(403);
        assertThat(send(put(), "image/jpeg", new byte[0]).statusCode()).isEqualTo(403);
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void refusesAnotherType() throws Exception {
        assertThat(send(put(), "text/html", BYTES).statusCode()).isEqualTo(403);
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void refusesAnotherKeyAndAnotherMethod() throws Exception {
        SignedRequest put = put();
        SignedRequest elsewhere = new SignedRequest(
                "PUT", URI.create(put.url().toString().replace("1-2.jpg", "3-4.jpg")), put.headers(), put.expires());
        assertThat(send(elsewhere, "image/jpeg", BYTES).statusCode()).isEqualTo(403);
        SignedRequest delete = new SignedRequest("DELETE", put.url(), put.headers(), put.expires());
        assertThat(send(delete, "image/jpeg", BYTES).statusCode()).isEqualTo(403);
    }

    @Test
    void refusesWhatHasExpired() throws Exception {
        SignedRequests past = new SignedRequests(
                bucket,
                Optional.empty(),
                Duration.ofMinutes(1),
                InstantSource.fixed(Instant.now().minusSeconds(3600)));
        SignedRequest put = past.put(bucket, KEY, "image/jpeg", BYTES.length, Optional.empty());
        assertThat(put.expires()).isBefore(Instant.now());
        assertThat(send(put, "image/jpeg", BYTES).statusCode()).isEqualTo(403);
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void refusesBytesWithAnotherHashThanAnnounced() throws Exception {
        String hash = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(Digests.sha256(BYTES)));
        SignedRequest put = signed.put(bucket, KEY, "image/jpeg", BYTES.length, Optional.of(hash));
        byte[] others = BYTES.clone();
        others[0]++;
        assertThat(send(put, "image/jpeg", others).statusCode()).isEqualTo(400);
        assertThat(send(put, "image/jpeg", BYTES).statusCode()).isEqualTo(200);
    }

    @Test
    void leadsThroughAMultipartUpload() throws Exception {
        byte[] first = new byte[5 * 1024 * 1024];
        String upload = found(
                "<UploadId>(.+?)</UploadId>",
                send(signed.createMultipart(bucket, KEY, "video/mp4"), "video/mp4", new byte[0])
                        .body());
        SignedRequest part = signed.part(bucket, KEY, upload, 1, OptionalLong.of(first.length));
        assertThat(send(part, null, BYTES).statusCode())
                .as("a part of another length")
                .isEqualTo(403);
        String etag = send(part, null, first).headers().firstValue("etag").orElseThrow();
        SignedRequest last = signed.part(bucket, KEY, upload, 2, OptionalLong.empty());
        String lastTag = send(last, null, BYTES).headers().firstValue("etag").orElseThrow();
        assertThat(send(signed.listParts(bucket, KEY, upload), null, null).body())
                .contains("<PartNumber>1</PartNumber>", "<PartNumber>2</PartNumber>");
        String parts = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag
                + "</ETag></Part><Part><PartNumber>2</PartNumber><ETag>" + lastTag
                + "</ETag></Part></CompleteMultipartUpload>";
        assertThat(send(
                                signed.completeMultipart(bucket, KEY, upload),
                                "application/xml",
                                parts.getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(200);
        assertThat(SANDBOX.head(KEY).contentLength()).isEqualTo(first.length + BYTES.length);
        assertThat(send(signed.get(bucket, KEY), null, null).body())
                .endsWith(new String(BYTES, StandardCharsets.UTF_8));
    }

    @Test
    void endsAMultipartUpload() throws Exception {
        String upload = found(
                "<UploadId>(.+?)</UploadId>",
                send(signed.createMultipart(bucket, KEY, "video/mp4"), "video/mp4", new byte[0])
                        .body());
        assertThat(send(signed.abortMultipart(bucket, KEY, upload), null, null).statusCode())
                .isEqualTo(204);
        assertThat(SANDBOX.bucket()
                        .listMultipartUploads(request -> request.bucket(SANDBOX.bucketName()))
                        .uploads())
                .isEmpty();
    }

    @Test
    void namesTheStoreAsClientsReachIt() {
        SignedRequests outside = new SignedRequests(
                bucket, Optional.of(URI.create("https://store.example:443")), Duration.ofMinutes(15));
        assertThat(outside.get(bucket, "a/b.jpg").url().toString())
                .startsWith("https://store.example/" + SANDBOX.bucketName() + "/a/b.jpg?X-Amz-Algorithm=");
    }

    private SignedRequest put() {
        return signed.put(bucket, KEY, "image/jpeg", BYTES.length, Optional.empty());
    }

    private static String found(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }

    private static HttpResponse<String> send(SignedRequest request, String type, byte[] body) throws Exception {
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.url())
                .method(
                        request.method(),
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        request.headers().forEach((name, value) -> {
            if (!name.equals("content-type")) {
                builder.header(name, value);
            }
        });
        if (type != null) {
            builder.header("content-type", type);
        }
        return HTTP.send(builder.build(), HttpResponse.BodyHandlers.ofString());
    }
}
