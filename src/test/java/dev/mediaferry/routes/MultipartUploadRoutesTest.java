package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.ApiClient.Answer;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Large uploads: part by part, interrupted, and put together. */
@Tag("slow")
class MultipartUploadRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final int PART = 5 << 20;
    private static final byte[] LARGE = Pictures.jpeg(1, 2 * PART + 1000);
    private static final String PORT = FreePort.text();
    private static final ApiClient NOBODY = new ApiClient(Integer.parseInt(PORT), Optional.empty());
    private static final ApiClient ANNA = NOBODY.as("anna", Map.of());

    @BeforeAll
    static void start() {
        SANDBOX.api(
                UploadDoorTest.REGISTRY,
                Stream.concat(Stream.of(Tokens.settings(PORT)), Stream.of("upload.part-size", PART + "B"))
                        .toArray(String[]::new));
    }

    @Test
    void sendsWhatIsLargePartByPart() {
        Answer session = announce();
        assertThat(session.status()).isEqualTo(201);
        assertThat(session.body().path("totalParts").asInt()).isEqualTo(3);
        assertThat(session.body().path("partSize").asInt()).isEqualTo(PART);
        String id = session.text("mediaId");
        List<Map<String, Object>> sent = new ArrayList<>();
        for (JsonNode part : session.body().path("parts")) {
            sent.add(Map.of("partNumber", part.path("partNumber").asInt(), "etag", send(part)));
        }
        assertThat(ANNA.get("/" + id + "/status").text("phase")).isIn("PENDING", "UPLOADING");
        Answer early = ANNA.post("/" + id + "/complete", Map.of());
        assertThat(early.status()).isEqualTo(409);
        assertThat(early.text("detail")).contains("complete-multipart");

        Answer medium = ANNA.post("/" + id + "/complete-multipart", Map.of("parts", sent));

        assertThat(medium.status()).isEqualTo(200);
        assertThat(medium.text("status")).isEqualTo("READY");
        assertThat(SANDBOX.object(SANDBOX.key(medium.text("cdnUrl")))).isEqualTo(LARGE);
        assertThat(ANNA.post("/" + id + "/complete-multipart", Map.of("parts", sent))
                        .body())
                .isEqualTo(medium.body());
        assertThat(SANDBOX.keys()).hasSize(1);
    }

    @Test
    void goesOnWithThePartsThatAreMissing() {
        Answer session = announce();
        String id = session.text("mediaId");
        send(session.body().path("parts").path(1));
        Answer there = ANNA.get("/" + id + "/parts");
        assertThat(there.body().path("parts")).hasSize(1);
        assertThat(there.body().path("parts").path(0).path("partNumber").asInt())
                .isEqualTo(2);
        Answer early = ANNA.send("POST", "/" + id + "/complete-multipart", null);
        assertThat(early.status()).isEqualTo(409);
        assertThat(early.text("detail")).isEqualTo("part 1 is not there");
        Answer signed = ANNA.post("/" + id + "/parts", Map.of("partNumbers", List.of(1, 3)));
        assertThat(signed.body().path("parts")).hasSize(2);
        signed.body().path("parts").forEach(MultipartUploadRoutesTest::send);
        assertThat(ANNA.get("/" + id + "/status").text("phase")).isEqualTo("UPLOADING");
        assertThat(ANNA.send("POST", "/" + id + "/complete-multipart", null).status())
                .isEqualTo(200);
    }

    @Test
    void refusesPartsThatAreNotTheOnesSent() {
        Answer session = announce();
        String id = session.text("mediaId");
        session.body().path("parts").forEach(MultipartUploadRoutesTest::send);
        Answer other = ANNA.post(
                "/" + id + "/complete-multipart",
                Map.of("parts", List.of(Map.of("partNumber", 1, "etag", "0123456789abcdef"))));
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.text("detail")).isEqualTo("part 1 has another ETag");
        for (List<Integer> wanted : List.of(List.<Integer>of(), List.of(0), List.of(4))) {
            assertThat(ANNA.post("/" + id + "/parts", Map.of("partNumbers", wanted))
                            .status())
                    .isEqualTo(400);
        }
        assertThat(NOBODY.as("bert", Map.of()).get("/" + id + "/parts").status())
                .isEqualTo(404);
    }

    @Test
    void takesNoPartOfAnotherLength() {
        JsonNode part = announce().body().path("parts").path(0);
        // The store answers before it reads, which resets a connection that millions of bytes are still written to.
        assertThat(ApiClient.upload(part, new byte[PART / 1000]).statusCode()).isEqualTo(403);
    }

    @Test
    void removesThePartsOfWhatIsCancelled() {
        Answer session = announce();
        String id = session.text("mediaId");
        send(session.body().path("parts").path(0));
        assertThat(ANNA.post("/" + id + "/cancel", Map.of()).status()).isEqualTo(200);
        assertThat(SANDBOX.bucket()
                        .listMultipartUploads(request -> request.bucket(SANDBOX.bucketName()))
                        .uploads())
                .isEmpty();
        assertThat(ANNA.post("/" + id + "/parts", Map.of("partNumbers", List.of(1)))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void sendsWhatIsSmallAtOnceUnlessAskedForParts() {
        Answer single = ANNA.post(
                "/upload-session", Map.of("mediaType", "POST_IMAGE", "fileType", "image/jpeg", "fileSize", 5_000_000));
        assertThat(single.body().has("uploadUrl")).isTrue();
        assertThat(ANNA.get("/" + single.text("mediaId") + "/parts").status()).isEqualTo(409);
        Answer parts = ANNA.post(
                "/upload-session",
                Map.of("mediaType", "POST_IMAGE", "fileType", "image/jpeg", "fileSize", 10, "multipart", true));
        assertThat(parts.body().path("totalParts").asInt()).isEqualTo(1);
    }

    /** @return the ETag */
    private static String send(JsonNode part) {
        int number = part.path("partNumber").asInt();
        byte[] bytes = Arrays.copyOfRange(LARGE, (number - 1) * PART, Math.min(number * PART, LARGE.length));
        assertThat(part.path("size").asInt()).isEqualTo(bytes.length);
        return ApiClient.upload(part, bytes).headers().firstValue("etag").orElseThrow();
    }

    private static Answer announce() {
        return ANNA.post(
                "/upload-session",
                Map.of(
                        "mediaType",
                        "POST_IMAGE",
                        "fileName",
                        "large.jpg",
                        "fileType",
                        "image/jpeg",
                        "fileSize",
                        LARGE.length));
    }
}
