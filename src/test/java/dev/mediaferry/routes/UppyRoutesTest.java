package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.ApiClient.Answer;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SmallStore;
import dev.mediaferry.fixture.Tokens;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** What Uppy sends: the Companion protocol, and the six shapes of signRequest. */
class UppyRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final String REGISTRY =
            """
            uploads:
              - { type: POST_IMAGE, folder: posts, content: [image/jpeg], max-bytes: { default: 12MB, pro: 100MB } }
              - { type: PROFILE_IMAGE, folder: profiles, content: [image/jpeg], max-bytes: 5MB, rollout: 0% }
            """;

    private static final String PORT = FreePort.text();
    private static final ApiClient NOBODY = new ApiClient(Integer.parseInt(PORT), Optional.empty());
    private static final ApiClient ANNA = NOBODY.as("anna", Map.of());
    private static final ApiClient BERT = NOBODY.as("bert", Map.of());
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final byte[] PICTURE = Pictures.jpeg(1);
    private static final int PART = 5 << 20;

    @BeforeAll
    static void start() {
        SANDBOX.api(REGISTRY, Tokens.settings(PORT));
    }

    @Test
    void makesAMediumOfAFormThatTheCompanionProtocolSigned() throws Exception {
        Answer params = NOBODY.get(
                companion(ANNA) + "/s3/params?filename=h%C3%B6he.jpg&type=image%2Fjpeg&metadata%5Bname%5D=x");
        assertThat(params.status()).isEqualTo(200);
        String id = params.text("mediaId");
        assertThat(params.body().path("fields").path("key").asText()).endsWith("/" + id);

        assertThat(sendForm(params.body(), "image/jpeg", PICTURE)).isEqualTo(201);
        Answer medium = ANNA.post("/" + id + "/complete", Map.of());
        assertThat(medium.status()).isEqualTo(200);
        assertThat(medium.text("fileName")).isEqualTo("höhe.jpg");
        assertThat(medium.body().path("fileSize").asInt()).isEqualTo(PICTURE.length);
        assertThat(SANDBOX.object(SANDBOX.key(medium.text("cdnUrl")))).isEqualTo(PICTURE);
    }

    @Test
    void bindsAFormToItsKeyItsTypeAndWhatTheUserMaySend() throws Exception {
        String token = companion(ANNA);
        JsonNode params =
                NOBODY.get(token + "/s3/params?filename=a.jpg&type=image/jpeg").body();
        assertThat(sendForm(params, "text/html", PICTURE)).as("another type").isEqualTo(403);
        assertThat(sendForm(params, "image/jpeg", new byte[12_000_001]))
                .as("too large")
                .isEqualTo(400);
        assertThat(sendForm(params, "image/jpeg", new byte[0])).as("empty").isEqualTo(400);
        Map<String, String> elsewhere = fields(params);
        elsewhere.put("key", "posts/evil");
        assertThat(sendForm(params.path("url").asText(), elsewhere, PICTURE)).isEqualTo(403);
        JsonNode exact = NOBODY.get(token + "/s3/params?filename=a.jpg&type=image/jpeg&metadata%5Bsize%5D=100")
                .body();
        assertThat(sendForm(exact, "image/jpeg", new byte[101])).isEqualTo(400);
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void refusesWhatTheTypeDoesNotTakeBeforeAnythingIsSent() {
        String token = companion(ANNA);
        assertThat(NOBODY.get(token + "/s3/params?filename=a.html&type=text/html")
                        .text("error"))
                .isEqualTo("unsupported-type");
        Answer large = NOBODY.get(token + "/s3/params?filename=a.jpg&type=image/jpeg&metadata%5Bsize%5D=12000001");
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.text("message")).contains("at most 12000000");
        assertThat(NOBODY.post(
                                token + "/s3/multipart",
                                Map.of(
                                        "filename",
                                        "a.jpg",
                                        "type",
                                        "image/jpeg",
                                        "metadata",
                                        Map.of("size", 12_000_001)))
                        .status())
                .isEqualTo(413);
        assertThat(count("media")).isZero();
    }

    @Test
    void makesAMediumOfPartsOfTheCompanionProtocol() throws Exception {
        byte[] large = padded(PART + 1000);
        String token = companion(ANNA);
        Answer begun = begin(token);
        String address = token + "/s3/multipart/" + begun.text("uploadId");
        String key = "?key=" + URLEncoder.encode(begun.text("key"), StandardCharsets.UTF_8);

        String first = sendPart(NOBODY.get(address + "/1" + key), Arrays.copyOf(large, PART));
        JsonNode listed = NOBODY.get(address + key).body();
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).path("PartNumber").asInt()).isEqualTo(1);
        assertThat(listed.get(0).path("Size").asInt()).isEqualTo(PART);
        String second = sendPart(NOBODY.get(address + "/2" + key), Arrays.copyOfRange(large, PART, large.length));

        Map<String, Object> sent = Map.of(
                "parts",
                List.of(
                        Map.of("PartNumber", 1, "ETag", first),
                        Map.of("PartNumber", 2, "ETag", second.replace("\"", ""))));
        Answer done = NOBODY.post(address + "/complete" + key, sent);
        assertThat(done.status()).isEqualTo(200);
        assertThat(done.text("mediaId")).isEqualTo(begun.text("mediaId"));
        assertThat(done.text("location"))
                .isEqualTo(ANNA.get("/" + begun.text("mediaId")).text("cdnUrl"));
        assertThat(SANDBOX.object(SANDBOX.key(done.text("location")))).isEqualTo(large);
        assertThat(NOBODY.post(address + "/complete" + key, sent).text("location"))
                .as("again")
                .isEqualTo(done.text("location"));
    }

    @Test
    void abortsPartsThatAreTooLargeTogether() throws Exception {
        String token = companion(ANNA);
        Answer begun = begin(token);
        String address = token + "/s3/multipart/" + begun.text("uploadId");
        String key = "?key=" + begun.text("key");
        String etag = sendPart(NOBODY.get(address + "/1" + key), new byte[12_000_001]);

        Answer refused = NOBODY.post(
                address + "/complete" + key, Map.of("parts", List.of(Map.of("PartNumber", 1, "ETag", etag))));
        assertThat(refused.status()).isEqualTo(413);
        assertThat(ANNA.get("/" + begun.text("mediaId")).text("failure")).isEqualTo("too-large");
        assertThat(SANDBOX.keys()).isEmpty();
        assertThat(NOBODY.get(address + key).status()).isEqualTo(409);
        assertThat(sign(ANNA, Map.of("method", "GET", "key", begun.text("key"), "uploadId", begun.text("uploadId")))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void signsNoPartThatOnlyALargerFileHas() {
        String token = companion(ANNA);
        Answer begun = begin(token);
        String address = token + "/s3/multipart/" + begun.text("uploadId");
        String key = "?key=" + begun.text("key");
        assertThat(NOBODY.get(address + "/3" + key).status()).isEqualTo(200);
        assertThat(NOBODY.get(address + "/4" + key).status()).isEqualTo(413);
        assertThat(NOBODY.get(address + "/0" + key).status()).isEqualTo(400);
        assertThat(NOBODY.get(address + "/x" + key).status()).isEqualTo(400);
    }

    @Test
    void endsAnUploadOfTheCompanionProtocol() {
        String token = companion(ANNA);
        Answer begun = begin(token);
        String address = token + "/s3/multipart/" + begun.text("uploadId") + "?key=" + begun.text("key");
        assertThat(NOBODY.delete(address).status()).isEqualTo(200);
        assertThat(ANNA.get("/" + begun.text("mediaId")).text("failure")).isEqualTo("cancelled");
        assertThat(NOBODY.get(address).status()).isEqualTo(409);
    }

    @Test
    void opensAnUploadToItsOwnUserAlone() {
        Answer begun = begin(companion(ANNA));
        String upload = "/s3/multipart/" + begun.text("uploadId") + "?key=" + begun.text("key");
        assertThat(NOBODY.get(companion(BERT) + upload).status()).isEqualTo(404);
        assertThat(NOBODY.delete(companion(BERT) + upload).status()).isEqualTo(404);
        assertThat(sign(BERT, Map.of("method", "GET", "key", begun.text("key"), "uploadId", begun.text("uploadId")))
                        .status())
                .isEqualTo(404);
        assertThat(NOBODY.get(companion(ANNA) + "/s3/multipart/another?key=" + begun.text("key"))
                        .status())
                .isEqualTo(404);
        assertThat(NOBODY.get(companion(ANNA) + "/s3/multipart/x?key=posts/anna/a.jpg")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void takesATokenOfAnAddressForUploadsOfItsTypeAlone() {
        String companion = companion(ANNA);
        String token = companion.substring(companion.lastIndexOf('/') + 1);
        ApiClient bearer = new ApiClient(Integer.parseInt(PORT), Optional.of(token));
        assertThat(bearer.get("/types").status()).isEqualTo(401);
        assertThat(NOBODY.get("/companion/" + token + "/../../types").status()).isEqualTo(401);
        assertThat(NOBODY.get("/companion/" + token + "x/s3/params?filename=a&type=image/jpeg")
                        .status())
                .isEqualTo(401);
        assertThat(ANNA.get("/companion/nothing/s3/params?filename=a&type=image/jpeg")
                        .status())
                .as("a bearer's token opens no such address")
                .isEqualTo(401);
        for (String path :
                List.of("/companion/" + token + "/s3/../../../types", "/companion/" + token + "/%2e%2e/%2e%2e/types")) {
            String answer = NOBODY.raw(
                    "GET /api/v1/media" + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
            assertThat(answer).startsWith("HTTP/1.1 4").doesNotContain("POST_IMAGE");
        }
        SANDBOX.execute("update mediaferry.upload_token set expires_at = now() - interval '1 second'");
        assertThat(NOBODY.get(companion + "/s3/params?filename=a.jpg&type=image/jpeg")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void givesTokensForWhatAUserMayUpload() {
        Answer token = ANNA.post("/upload-token", Map.of("mediaType", "POST_IMAGE"));
        assertThat(token.status()).isEqualTo(201);
        assertThat(token.text("companionPath")).isEqualTo("/api/v1/media/companion/" + token.text("token"));
        assertThat(token.body().path("maxBytes").asLong()).isEqualTo(12_000_000);
        assertThat(NOBODY.as("anna", Map.of("plan", "pro"))
                        .post("/upload-token", Map.of("mediaType", "POST_IMAGE"))
                        .body()
                        .path("maxBytes")
                        .asLong())
                .isEqualTo(100_000_000);
        assertThat(ANNA.post("/upload-token", Map.of("mediaType", "PROFILE_IMAGE"))
                        .text("error"))
                .isEqualTo("not-rolled-out");
        assertThat(ANNA.post("/upload-token", Map.of("mediaType", "OTHER")).status())
                .isEqualTo(400);
        assertThat(NOBODY.post("/upload-token", Map.of("mediaType", "POST_IMAGE"))
                        .status())
                .isEqualTo(401);
        assertThat(SANDBOX.sql()
                        .sql("select string_agg(t::text, ' ') from mediaferry.upload_token t")
                        .query(String.class)
                        .single())
                .doesNotContain(token.text("token"));
    }

    @Test
    void signsAWholeFileWithBoundsAndOneOfAKnownSizeExactly() throws Exception {
        Answer form = sign(ANNA, Map.of("method", "PUT", "key", key("a.jpg"), "contentType", "image/jpeg"));
        assertThat(form.body().path("fields").path("key").asText()).isEqualTo(form.text("key"));
        assertThat(sendForm(form.body(), "image/jpeg", PICTURE)).isEqualTo(201);
        Answer medium = ANNA.post("/" + form.text("mediaId") + "/complete", Map.of());
        assertThat(medium.text("status")).isEqualTo("READY");
        assertThat(medium.text("fileName")).isEqualTo("a.jpg");

        Answer put = sign(
                ANNA,
                Map.of("method", "PUT", "key", key("b.jpg"), "contentType", "image/jpeg", "fileSize", PICTURE.length));
        assertThat(send(put, "PUT", new byte[3]).statusCode()).isEqualTo(403);
        assertThat(send(put, "PUT", PICTURE).statusCode()).isEqualTo(200);
        assertThat(ANNA.post("/" + put.text("mediaId") + "/complete", Map.of()).status())
                .isEqualTo(200);
        assertThat(sign(ANNA, Map.of("method", "PUT", "key", key("a.jpg"), "contentType", "text/html"))
                        .status())
                .isEqualTo(415);
    }

    @Test
    void signsAllThatAMultipartUploadOfUppyAsksOfTheStore() throws Exception {
        byte[] large = padded(PART + 1000);
        Answer create = sign(ANNA, Map.of("method", "POST", "key", key("large.jpg")));
        String upload = upload(create);
        Map<String, Object> named = Map.of("key", create.text("key"), "uploadId", upload);
        sendPart(sign(ANNA, with(named, "method", "PUT", "partNumber", 1)), Arrays.copyOf(large, PART));
        assertThat(send(sign(ANNA, with(named, "method", "GET")), "GET", null).body())
                .contains("<PartNumber>1</PartNumber>");
        String etag = sendPart(
                sign(ANNA, with(named, "method", "PUT", "partNumber", 2)),
                Arrays.copyOfRange(large, PART, large.length));
        assertThat(etag).isNotEmpty();
        String parts =
                send(sign(ANNA, with(named, "method", "GET")), "GET", null).body();

        HttpResponse<String> completed = send(
                sign(ANNA, with(named, "method", "POST")),
                "POST",
                completion(parts).getBytes(StandardCharsets.UTF_8));
        assertThat(completed.statusCode()).isEqualTo(200);
        Answer medium = ANNA.post("/" + create.text("mediaId") + "/complete", Map.of());
        assertThat(medium.text("status")).isEqualTo("READY");
        assertThat(SANDBOX.object(SANDBOX.key(medium.text("cdnUrl")))).isEqualTo(large);
    }

    @Test
    void signsNoCompletionOfTooMuch() throws Exception {
        Answer create = sign(ANNA, Map.of("method", "POST", "key", key("large.jpg")));
        Map<String, Object> named = Map.of("key", create.text("key"), "uploadId", upload(create));
        sendPart(sign(ANNA, with(named, "method", "PUT", "partNumber", 1)), new byte[12_000_001]);
        assertThat(sign(ANNA, with(named, "method", "POST")).status()).isEqualTo(413);
        assertThat(ANNA.get("/" + create.text("mediaId")).text("failure")).isEqualTo("too-large");
    }

    @Test
    void abortsAnUploadThatAClientBeganAtTheStore() throws Exception {
        Answer create = sign(ANNA, Map.of("method", "POST", "key", key("large.jpg")));
        Map<String, Object> named = Map.of("key", create.text("key"), "uploadId", upload(create));
        assertThat(send(sign(ANNA, with(named, "method", "DELETE")), "DELETE", null)
                        .statusCode())
                .isEqualTo(204);
        assertThat(ANNA.get("/" + create.text("mediaId")).text("failure")).isEqualTo("cancelled");
    }

    @Test
    void signsNothingElse() {
        assertThat(sign(ANNA, Map.of("method", "DELETE", "key", key("a.jpg"))).status())
                .isEqualTo(400);
        assertThat(sign(ANNA, Map.of("method", "GET", "key", key("a.jpg"))).status())
                .isEqualTo(400);
        assertThat(sign(ANNA, Map.of("method", "PUT", "key", "a.jpg", "uploadId", "x"))
                        .status())
                .isEqualTo(400);
        assertThat(sign(ANNA, Map.of("method", "PUT", "key", "posts/x", "uploadId", "x", "partNumber", 1))
                        .status())
                .isEqualTo(404);
        assertThat(ANNA.post("/sign", Map.of("method", "PUT", "key", "a.jpg", "contentType", "image/jpeg"))
                        .status())
                .as("which type of media")
                .isEqualTo(400);
        assertThat(NOBODY.post("/sign?mediaType=POST_IMAGE", Map.of("method", "PUT", "key", "a.jpg"))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void namesAnotherWayWhereTheStoreTakesNoForms() throws Exception {
        try (SmallStore store = new SmallStore()) {
            store.put("/media", "");
            String port = FreePort.text();
            SANDBOX.api(
                    REGISTRY,
                    Stream.of(Tokens.settings(port), store.settings("media").toArray(String[]::new))
                            .flatMap(Stream::of)
                            .toArray(String[]::new));
            ApiClient nobody = new ApiClient(Integer.parseInt(port), Optional.empty());
            ApiClient anna = nobody.as("anna", Map.of());
            Answer params = nobody.get(companion(anna) + "/s3/params?filename=a.jpg&type=image/jpeg");
            assertThat(params.status()).isEqualTo(422);
            assertThat(params.text("error")).isEqualTo("not-offered");
            assertThat(params.text("message")).contains("shouldUseMultipart", "signRequest");
            assertThat(sign(anna, Map.of("method", "PUT", "key", key("a.jpg"))).status())
                    .isEqualTo(422);
            assertThat(sign(anna, Map.of("method", "PUT", "key", key("a.jpg"), "fileSize", 10))
                            .status())
                    .isEqualTo(200);
            assertThat(count("media")).as("begun").isEqualTo(1);
            assertThat(store.requests())
                    .filteredOn(request -> request.startsWith("POST"))
                    .as("asked once")
                    .hasSize(1);
        }
    }

    @Test
    void writesNoTokenOfAnAddressAnywhere() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        log.start();
        root.addAppender(log);
        root.setLevel(Level.DEBUG);
        List<Answer> answers;
        String companion = companion(ANNA);
        try {
            answers = List.of(
                    NOBODY.get(companion + "/s3/params?filename=a.jpg&type=image/jpeg"),
                    NOBODY.get(companion + "/s3/params?filename=a.html&type=text/html"),
                    NOBODY.get(companion + "/s3/multipart/x?key=y"),
                    NOBODY.get(companion + "/nothing"),
                    NOBODY.delete(companion + "/s3/params"));
            SANDBOX.execute("alter table mediaferry.upload_session rename to away");
            try {
                assertThat(NOBODY.get(companion + "/s3/params?filename=a.jpg&type=image/jpeg")
                                .status())
                        .isEqualTo(500);
            } finally {
                SANDBOX.execute("alter table mediaferry.away rename to upload_session");
            }
        } finally {
            root.setLevel(before);
            root.detachAppender(log);
        }
        String token = companion.substring(companion.lastIndexOf('/') + 1);
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.response().body()).doesNotContain(token));
        assertThat(log.list).isNotEmpty().allSatisfy(event -> {
            assertThat(event.getFormattedMessage()).doesNotContain(token);
            if (event.getThrowableProxy() != null) {
                assertThat(ThrowableProxyUtil.asString(event.getThrowableProxy()))
                        .doesNotContain(token);
            }
        });
    }

    private static String companion(ApiClient client) {
        Answer token = client.post("/upload-token", Map.of("mediaType", "POST_IMAGE"));
        return token.text("companionPath").replace("/api/v1/media", "");
    }

    private static Answer begin(String companion) {
        Answer begun = NOBODY.post(
                companion + "/s3/multipart",
                Map.of(
                        "filename",
                        "a.jpg",
                        "type",
                        "image/jpeg",
                        "metadata",
                        Map.of("name", "a.jpg", "type", "image/jpeg")));
        assertThat(begun.status()).isEqualTo(200);
        return begun;
    }

    private static Answer sign(ApiClient client, Map<String, Object> request) {
        return client.post("/sign?mediaType=POST_IMAGE", request);
    }

    private static String key(String name) {
        return "0b0e3b7e-7f2b-4a6e-9c9b-0c8f7a1f2d3e-" + name;
    }

    private static Map<String, Object> with(Map<String, Object> all, Object... more) {
        Map<String, Object> request = new HashMap<>(all);
        for (int i = 0; i < more.length; i += 2) {
            request.put((String) more[i], more[i + 1]);
        }
        return request;
    }

    /** @return the store's id of an upload that is begun by a signed request */
    private static String upload(Answer create) throws Exception {
        return between(send(create, "POST", new byte[0]).body(), "<UploadId>", "</UploadId>");
    }

    private static String completion(String parts) {
        StringBuilder body = new StringBuilder("<CompleteMultipartUpload>");
        for (String part : parts.split("<Part>")) {
            if (part.contains("</Part>")) {
                body.append("<Part><PartNumber>")
                        .append(between(part, "<PartNumber>", "</PartNumber>"))
                        .append("</PartNumber><ETag>")
                        .append(between(part, "<ETag>", "</ETag>"))
                        .append("</ETag></Part>");
            }
        }
        return body + "</CompleteMultipartUpload>";
    }

    private static String between(String text, String before, String after) {
        int begin = text.indexOf(before) + before.length();
        return text.substring(begin, text.indexOf(after, begin));
    }

    /** @return a picture with something behind it, as long as that */
    private static byte[] padded(int length) {
        return Arrays.copyOf(PICTURE, length);
    }

    /** @return the ETag */
    private static String sendPart(Answer signed, byte[] bytes) throws Exception {
        assertThat(signed.status()).as(String.valueOf(signed.body())).isEqualTo(200);
        HttpResponse<String> sent = send(signed, "PUT", bytes);
        assertThat(sent.statusCode()).isEqualTo(200);
        return sent.headers().firstValue("etag").orElseThrow();
    }

    private static HttpResponse<String> send(Answer signed, String method, byte[] body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(signed.text("url")))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        signed.body()
                .path("headers")
                .properties()
                .forEach(header ->
                        request.header(header.getKey(), header.getValue().asText()));
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Map<String, String> fields(JsonNode form) {
        Map<String, String> fields = new HashMap<>();
        form.path("fields")
                .properties()
                .forEach(field -> fields.put(field.getKey(), field.getValue().asText()));
        return fields;
    }

    private static int sendForm(JsonNode form, String type, byte[] bytes) throws Exception {
        Map<String, String> fields = fields(form);
        fields.put("Content-Type", type);
        return sendForm(form.path("url").asText(), fields, bytes);
    }

    private static int sendForm(String url, Map<String, String> fields, byte[] bytes) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Map.Entry<String, String> field : fields.entrySet()) {
            body.writeBytes(("--x\r\nContent-Disposition: form-data; name=\"" + field.getKey() + "\"\r\n\r\n"
                            + field.getValue() + "\r\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
        body.writeBytes(
                "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"blob\"\r\nContent-Type: image/jpeg\r\n\r\n"
                        .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(bytes);
        body.writeBytes("\r\n--x--\r\n".getBytes(StandardCharsets.UTF_8));
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create(url))
                                .header("content-type", "multipart/form-data; boundary=x")
                                .POST(BodyPublishers.ofByteArray(body.toByteArray()))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static long count(String table) {
        return SANDBOX.sql()
                .sql("select count(*) from mediaferry." + table)
                .query(Long.class)
                .single();
    }
}
