package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.ApiClient.Answer;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which media a row of the application gets, and which it does not. */
class AttachRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final String REGISTRY =
            """
            uploads:
              - { type: POST_IMAGE, folder: posts, content: [image/jpeg], max-bytes: 20MB,
                  attach: { table: Post, id: id, user: author } }
              - { type: OTHER_IMAGE, folder: others, content: [image/jpeg], max-bytes: 20MB }
            """;

    private static final String PORT = FreePort.text();
    private static final ApiClient NOBODY = new ApiClient(Integer.parseInt(PORT), Optional.empty());
    private static final ApiClient ANNA = NOBODY.as("anna", Map.of());
    private static final ApiClient BERT = NOBODY.as("bert", Map.of());

    @BeforeAll
    static void start() {
        SANDBOX.execute("create table \"Post\" (id int primary key, author text)");
        SANDBOX.api(REGISTRY, Tokens.settings(PORT));
    }

    @BeforeEach
    void writePosts() {
        SANDBOX.execute("insert into \"Post\" values (1, 'anna'), (2, 'bert'), (3, 'anna')");
    }

    @Test
    void givesMediaToARowInTheirOrder() {
        String first = ready(ANNA, "POST_IMAGE");
        String second = ready(ANNA, "POST_IMAGE");
        assertThat(ANNA.get("/" + first).text("phase")).isEqualTo("UNUSED");
        Answer attached = attach(ANNA, "1", List.of(second, first));
        assertThat(attached.status()).isEqualTo(200);
        assertThat(media(attached)).containsExactly(second, first);
        assertThat(attach(ANNA, "1", List.of(second, first)).status())
                .as("again")
                .isEqualTo(200);
        assertThat(ANNA.get("/" + first).text("phase")).isEqualTo("ATTACHED");
        assertThat(ANNA.get("/" + first).text("ownerId")).isEqualTo("1");
    }

    @Test
    void givesAllOrNone() {
        String mine = ready(ANNA, "POST_IMAGE");
        String his = ready(BERT, "POST_IMAGE");
        String pending =
                ANNA.post("/upload-session", announcement("POST_IMAGE")).text("mediaId");
        String elsewhere = ready(ANNA, "POST_IMAGE");
        attach(ANNA, "3", List.of(elsewhere));
        assertThat(attach(ANNA, "1", List.of(mine, his)).status()).isEqualTo(404);
        assertThat(attach(ANNA, "1", List.of(mine, UUID.randomUUID().toString()))
                        .status())
                .isEqualTo(404);
        assertThat(attach(ANNA, "1", List.of(mine, pending)).text("error")).isEqualTo("not-uploaded");
        assertThat(attach(ANNA, "1", List.of(mine, elsewhere)).status()).isEqualTo(409);
        assertThat(attach(ANNA, "1", List.of(mine, mine)).status()).isEqualTo(400);
        assertThat(attach(ANNA, "1", List.of(mine, ready(ANNA, "OTHER_IMAGE"))).status())
                .isEqualTo(409);
        assertThat(ANNA.get("/" + mine).text("phase")).isEqualTo("UNUSED");
    }

    @Test
    void givesNothingToRowsOfOthersAndToTablesThatTheRegistryDoesNotName() {
        String mine = ready(ANNA, "POST_IMAGE");
        assertThat(attach(ANNA, "2", List.of(mine)).status()).isEqualTo(404);
        assertThat(attach(ANNA, "9", List.of(mine)).status()).isEqualTo(404);
        assertThat(ANNA.post("/attach", Map.of("ownerType", "Photo", "ownerId", "1", "mediaIds", List.of(mine)))
                        .status())
                .isEqualTo(400);
        assertThat(ANNA.post("/attach", Map.of("ownerType", "Post", "ownerId", "1", "mediaIds", List.of("x")))
                        .status())
                .isEqualTo(400);
        assertThat(ANNA.get("/" + mine).text("phase")).isEqualTo("UNUSED");
    }

    @Test
    void rearrangesAndDetaches() {
        String first = ready(ANNA, "POST_IMAGE");
        String second = ready(ANNA, "POST_IMAGE");
        String third = ready(ANNA, "POST_IMAGE");
        attach(ANNA, "1", List.of(first, second));
        assertThat(media(put(ANNA, List.of(third, first)))).containsExactly(third, first);
        assertThat(ANNA.get("/" + second).text("phase")).isEqualTo("UNUSED");
        assertThat(put(BERT, List.of()).status()).isEqualTo(404);
        assertThat(BERT.delete("/attachments/Post/1").status()).isEqualTo(204);
        assertThat(ANNA.get("/" + first).text("phase")).as("of another user").isEqualTo("ATTACHED");
        SANDBOX.execute("delete from \"Post\" where id = 1");
        assertThat(ANNA.delete("/attachments/Post/1").status()).isEqualTo(204);
        assertThat(ANNA.get("/" + first).text("phase")).isEqualTo("UNUSED");
    }

    private static Answer attach(ApiClient client, String post, List<String> media) {
        return client.post("/attach", Map.of("ownerType", "Post", "ownerId", post, "mediaIds", media));
    }

    private static Answer put(ApiClient client, List<String> media) {
        return client.put("/attachments/Post/1", Map.of("mediaIds", media));
    }

    private static List<String> media(Answer answer) {
        return StreamSupport.stream(answer.body().path("media").spliterator(), false)
                .map(medium -> medium.path("id").asText())
                .toList();
    }

    private static Map<String, Object> announcement(String type) {
        return Map.of("mediaType", type, "fileType", "image/jpeg", "fileSize", Pictures.jpeg(1).length);
    }

    private static String ready(ApiClient client, String type) {
        Answer session = client.post("/upload-session", announcement(type));
        assertThat(ApiClient.upload(session.body(), Pictures.jpeg(1)).statusCode())
                .isEqualTo(200);
        String id = session.text("mediaId");
        assertThat(client.post("/" + id + "/complete", Map.of()).status()).isEqualTo(200);
        return id;
    }
}
