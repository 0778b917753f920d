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
import dev.mediaferry.fixture.Uppy;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** What Uppy sends by its Companion protocol, to an address that says who uploads what. */
class UppyCompanionRoutesTest {

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

        assertThat(Uppy.sendForm(params.body(), "image/jpeg", PICTURE)).isEqualTo(201);
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
        assertThat(Uppy.sendForm(params, "text/html", PICTURE))
                .as("another type")
                .isEqualTo(403);
        assertThat(Uppy.sendForm(params, "image/jpeg", new byte[12_000_001]))
                .as("too large")
                .isEqualTo(400);
        assertThat(Uppy.sendForm(params, "image/jpeg", new byte[0])).as("empty").isEqualTo(400);
        Map<String, String> elsewhere = Uppy.fields(params);
        elsewhere.put("key", "posts/evil");
        assertThat(Uppy.sendForm(params.path("url").asText(), elsewhere, PICTURE))
                .isEqualTo(403);
        JsonNode exact = NOBODY.get(token + "/s3/params?filename=a.jpg&type=image/jpeg&metadata%5Bsize%5D=100")
                .body();
        assertThat(Uppy.sendForm(exact, "image/jpeg", new byte[101])).isEqualTo(400);
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
        byte[] large = Uppy.padded(PART + 1000);
        String token = companion(ANNA);
        Answer begun = begin(token);
        String address = token + "/s3/multipart/" + begun.text("uploadId");
        String key = "?key=" + URLEncoder.encode(begun.text("key"), StandardCharsets.UTF_8);

        String first = Uppy.sendPart(NOBODY.get(address + "/1" + key), Arrays.copyOf(large, PART));
        JsonNode listed = NOBODY.get(address + key).body();
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).path("PartNumber").asInt()).isEqualTo(1);
        assertThat(listed.get(0).path("Size").asInt()).isEqualTo(PART);
        String second = Uppy.sendPart(NOBODY.get(address + "/2" + key), Arrays.copyOfRange(large, PART, large.length));

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
        String etag = Uppy.sendPart(NOBODY.get(address + "/1" + key), new byte[12_000_001]);

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

    private static long count(String table) {
        return SANDBOX.sql()
                .sql("select count(*) from mediaferry." + table)
                .query(Long.class)
                .single();
    }
}
