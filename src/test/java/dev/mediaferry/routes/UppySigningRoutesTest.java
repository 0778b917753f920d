package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.ApiClient.Answer;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import dev.mediaferry.fixture.Uppy;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What Uppy has signed by signRequest, in each of its six shapes. */
class UppySigningRoutesTest {

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
    private static final byte[] PICTURE = Pictures.jpeg(1);
    private static final int PART = 5 << 20;

    @BeforeAll
    static void start() {
        SANDBOX.api(REGISTRY, Tokens.settings(PORT));
    }

    @Test
    void signsAWholeFileWithBoundsAndOneOfAKnownSizeExactly() throws Exception {
        Answer form = sign(ANNA, Map.of("method", "PUT", "key", key("a.jpg"), "contentType", "image/jpeg"));
        assertThat(form.body().path("fields").path("key").asText()).isEqualTo(form.text("key"));
        assertThat(Uppy.sendForm(form.body(), "image/jpeg", PICTURE)).isEqualTo(201);
        Answer medium = ANNA.post("/" + form.text("mediaId") + "/complete", Map.of());
        assertThat(medium.text("status")).isEqualTo("READY");
        assertThat(medium.text("fileName")).isEqualTo("a.jpg");

        Answer put = sign(
                ANNA,
                Map.of("method", "PUT", "key", key("b.jpg"), "contentType", "image/jpeg", "fileSize", PICTURE.length));
        assertThat(Uppy.send(put, "PUT", new byte[3]).statusCode()).isEqualTo(403);
        assertThat(Uppy.send(put, "PUT", PICTURE).statusCode()).isEqualTo(200);
        assertThat(ANNA.post("/" + put.text("mediaId") + "/complete", Map.of()).status())
                .isEqualTo(200);
        assertThat(sign(ANNA, Map.of("method", "PUT", "key", key("a.jpg"), "contentType", "text/html"))
                        .status())
                .isEqualTo(415);
    }

    @Test
    void signsAllThatAMultipartUploadOfUppyAsksOfTheStore() throws Exception {
        byte[] large = Uppy.padded(PART + 1000);
        Answer create = sign(ANNA, Map.of("method", "POST", "key", key("large.jpg")));
        String upload = Uppy.upload(create);
        Map<String, Object> named = Map.of("key", create.text("key"), "uploadId", upload);
        Uppy.sendPart(sign(ANNA, Uppy.with(named, "method", "PUT", "partNumber", 1)), Arrays.copyOf(large, PART));
        assertThat(Uppy.send(sign(ANNA, Uppy.with(named, "method", "GET")), "GET", null)
                        .body())
                .contains("<PartNumber>1</PartNumber>");
        String etag = Uppy.sendPart(
                sign(ANNA, Uppy.with(named, "method", "PUT", "partNumber", 2)),
                Arrays.copyOfRange(large, PART, large.length));
        assertThat(etag).isNotEmpty();
        String parts = Uppy.send(sign(ANNA, Uppy.with(named, "method", "GET")), "GET", null)
                .body();

        HttpResponse<String> completed = Uppy.send(
                sign(ANNA, Uppy.with(named, "method", "POST")),
                "POST",
                Uppy.completion(parts).getBytes(StandardCharsets.UTF_8));
        assertThat(completed.statusCode()).isEqualTo(200);
        Answer medium = ANNA.post("/" + create.text("mediaId") + "/complete", Map.of());
        assertThat(medium.text("status")).isEqualTo("READY");
        assertThat(SANDBOX.object(SANDBOX.key(medium.text("cdnUrl")))).isEqualTo(large);
    }

    @Test
    void signsNoCompletionOfTooMuch() throws Exception {
        Answer create = sign(ANNA, Map.of("method", "POST", "key", key("large.jpg")));
        Map<String, Object> named = Map.of("key", create.text("key"), "uploadId", Uppy.upload(create));
        Uppy.sendPart(sign(ANNA, Uppy.with(named, "method", "PUT", "partNumber", 1)), new byte[12_000_001]);
        assertThat(sign(ANNA, Uppy.with(named, "method", "POST")).status()).isEqualTo(413);
        assertThat(ANNA.get("/" + create.text("mediaId")).text("failure")).isEqualTo("too-large");
    }

    @Test
    void abortsAnUploadThatAClientBeganAtTheStore() throws Exception {
        Answer create = sign(ANNA, Map.of("method", "POST", "key", key("large.jpg")));
        Map<String, Object> named = Map.of("key", create.text("key"), "uploadId", Uppy.upload(create));
        assertThat(Uppy.send(sign(ANNA, Uppy.with(named, "method", "DELETE")), "DELETE", null)
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

    private static Answer sign(ApiClient client, Map<String, Object> request) {
        return client.post("/sign?mediaType=POST_IMAGE", request);
    }

    private static String key(String name) {
        return "0b0e3b7e-7f2b-4a6e-9c9b-0c8f7a1f2d3e-" + name;
    }
}
