package dev.mediaferry.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.mediaferry.content.Digests;
import dev.mediaferry.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** What a store reads in our requests. The shared one knows neither keys of KMS nor accounts, so this one writes down what comes. */
class PutSettingsTest {

    private record Request(String line, Headers headers) {}

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private HttpServer store;

    @BeforeEach
    void open() throws IOException {
        store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            requests.add(new Request(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI(), exchange.getRequestHeaders()));
            boolean begins = String.valueOf(exchange.getRequestURI().getQuery()).startsWith("uploads");
            byte[] answer = begins
                    ? "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>"
                            .getBytes(StandardCharsets.UTF_8)
                    : new byte[0];
            exchange.getResponseHeaders().set("ETag", "\"1\"");
            exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        store.start();
    }

    @AfterEach
    void close() {
        store.stop(0);
    }

    @Test
    void areSentSignedAndStillWithoutTheSdk() {
        try (S3Client client = client(
                "sse", "aws:kms", "kms-key", "1234abcd", "class", "STANDARD_IA", "bucket-owner", "123456789012")) {
            put(client, new byte[10]);
            client.headBucket(request -> request.bucket("media"));
        }
        Headers put = requests.get(0).headers();
        assertThat(put.getFirst("User-Agent")).isEqualTo("Mediaferry");
        assertThat(put.getFirst("x-amz-server-side-encryption")).isEqualTo("aws:kms");
        assertThat(put.getFirst("x-amz-server-side-encryption-aws-kms-key-id")).isEqualTo("1234abcd");
        assertThat(put.getFirst("x-amz-storage-class")).isEqualTo("STANDARD_IA");
        assertThat(put.getFirst("x-amz-expected-bucket-owner")).isEqualTo("123456789012");
        assertThat(put.getFirst("Authorization"))
                .contains("x-amz-expected-bucket-owner;", "x-amz-server-side-encryption;", "x-amz-storage-class");
        Headers head = requests.get(1).headers();
        assertThat(head.getFirst("x-amz-expected-bucket-owner")).isEqualTo("123456789012");
        assertThat(head.getFirst("Authorization")).contains("x-amz-expected-bucket-owner");
    }

    @Test
    void areSentForObjectsThatGoInParts() {
        try (S3Client client = client("sse", "AES256", "class", "STANDARD_IA", "bucket-owner", "123456789012")) {
            put(client, new byte[(int) ObjectStore.LARGEST_PUT + 1]);
        } catch (RuntimeException e) {
            // It answers nothing that an upload could end with.
        }
        Request begun = requests.get(0);
        assertThat(begun.line()).startsWith("POST ").contains("uploads");
        assertThat(begun.headers().getFirst("x-amz-server-side-encryption")).isEqualTo("AES256");
        assertThat(begun.headers().getFirst("x-amz-storage-class")).isEqualTo("STANDARD_IA");
        assertThat(requests).allSatisfy(request -> assertThat(request.headers().getFirst("x-amz-expected-bucket-owner"))
                .isEqualTo("123456789012"));
    }

    @Test
    void areNothingWhereNothingIsSet() {
        try (S3Client client = client()) {
            put(client, new byte[10]);
        }
        assertThat(requests.get(0).headers().keySet())
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).matches("x-amz-(server|storage|expected|security).*"));
    }

    @Test
    void includeTheTokenOfKeysThatLastForHours() {
        try (S3Client client = client("session-token", "token")) {
            put(client, new byte[10]);
            client.headBucket(request -> request.bucket("media"));
        }
        assertThat(requests).hasSize(2).allSatisfy(request -> assertThat(
                        request.headers().getFirst("x-amz-security-token"))
                .isEqualTo("token"));
    }

    @Test
    void goThroughTheProxyOfJavaToAStoreElsewhere() {
        System.setProperty("http.proxyHost", "127.0.0.1");
        System.setProperty("http.proxyPort", Integer.toString(store.getAddress().getPort()));
        try (S3Client client = client("endpoint", "http://store.example")) {
            put(client, new byte[10]);
        } finally {
            System.clearProperty("http.proxyHost");
            System.clearProperty("http.proxyPort");
        }
        assertThat(requests.get(0).line()).contains("http://store.example/media/object");
    }

    private S3Client client(String... keyValues) {
        Map<String, String> all = new TreeMap<>(Map.of(
                "mediaferry.storage.endpoint",
                        "http://127.0.0.1:" + store.getAddress().getPort(),
                "mediaferry.storage.bucket", "media",
                "mediaferry.storage.access-key", "key",
                "mediaferry.storage.secret-key", "secret"));
        for (int i = 0; i < keyValues.length; i += 2) {
            all.put("mediaferry.storage." + keyValues[i], keyValues[i + 1]);
        }
        return ObjectStore.client(StorageSettings.of(Settings.load(null, Map.of(), all)), 2);
    }

    private static void put(S3Client client, byte[] bytes) {
        client.putObject(
                request -> request.bucket("media")
                        .key("object")
                        .contentType("image/jpeg")
                        .contentLength((long) bytes.length)
                        .metadata(Map.of(FastPutS3Client.SHA256, Digests.sha256(bytes))),
                RequestBody.fromBytes(bytes));
    }
}
