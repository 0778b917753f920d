package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.content.Digests;
import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.ApiClient.Answer;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An upload from its announcement to a medium, and what goes wrong on the way. */
class UploadRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final String PORT = FreePort.text();
    private static final ApiClient NOBODY = new ApiClient(Integer.parseInt(PORT), Optional.empty());
    private static final ApiClient ANNA = NOBODY.as("anna", Map.of());
    private static final ApiClient BERT = NOBODY.as("bert", Map.of());
    private static final ApiClient ADMIN = NOBODY.as("root", Map.of("role", "admin"));
    private static final byte[] PICTURE = Pictures.jpeg(1);

    @BeforeAll
    static void start() {
        SANDBOX.api(UploadDoorTest.REGISTRY, Tokens.settings(PORT));
    }

    @Test
    void makesAMediumOfWhatAClientSendsToTheStore() {
        Answer session = announce(ANNA, PICTURE.length);
        assertThat(session.status()).isEqualTo(201);
        String id = session.text("mediaId");
        assertThat(session.text("method")).isEqualTo("PUT");
        assertThat(session.body().path("headers").path("content-type").asText()).isEqualTo("image/jpeg");
        assertThat(session.text("storageKey")).matches("posts/anna/\\d{13}-" + id + "\\.jpg");
        assertThat(session.text("uploadUrl")).doesNotContain(session.text("storageKey"));
        assertThat(ANNA.get("/" + id + "/status").text("phase")).isEqualTo("PENDING");

        assertThat(ApiClient.upload(session.body(), PICTURE).statusCode()).isEqualTo(200);
        Answer medium = ANNA.post("/" + id + "/complete", Map.of());

        assertThat(medium.status()).isEqualTo(200);
        assertThat(medium.text("status")).isEqualTo("READY");
        assertThat(medium.text("mimeType")).isEqualTo("image/jpeg");
        assertThat(medium.body().path("fileSize").asLong()).isEqualTo(PICTURE.length);
        assertThat(medium.body().path("width").asInt()).isPositive();
        assertThat(medium.text("fileName")).isEqualTo("holiday.jpg");
        String key = SANDBOX.key(medium.text("cdnUrl"));
        assertThat(key).isEqualTo(session.text("storageKey"));
        assertThat(SANDBOX.object(key)).isEqualTo(PICTURE);
        assertThat(SANDBOX.head(key).contentType()).isEqualTo("image/jpeg");
        assertThat(SANDBOX.head(key).cacheControl()).contains("max-age=31536000", "immutable");
        assertThat(SANDBOX.head(key).metadata())
                .containsEntry("mediaferry-ledger", SANDBOX.ledgerId())
                .containsEntry("mediaferry-medium", id);
        assertThat(SANDBOX.keys()).as("nothing stays in incoming").containsExactly(key);
        assertThat(ANNA.get("/" + id).body()).isEqualTo(medium.body());
    }

    @Test
    void answersTheSameWhenCompletedAgain() {
        String id = uploaded(ANNA, PICTURE).text("mediaId");
        Answer first = ANNA.post("/" + id + "/complete", Map.of());
        Answer again = ANNA.post("/" + id + "/complete", Map.of());
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
    }

    @Test
    void makesOneMediumOfFiftyCompletionsAtOnce() throws Exception {
        String id = uploaded(ANNA, PICTURE).text("mediaId");
        ExecutorService clients = Executors.newFixedThreadPool(50);
        try {
            List<Callable<Answer>> calls = IntStream.range(0, 50)
                    .mapToObj(i -> (Callable<Answer>) () -> ANNA.post("/" + id + "/complete", Map.of()))
                    .toList();
            for (Future<Answer> answer : clients.invokeAll(calls)) {
                assertThat(answer.get().status()).isIn(200, 202);
                assertThat(answer.get().text("id")).isEqualTo(id);
            }
        } finally {
            clients.shutdownNow();
        }
        assertThat(ANNA.get("/" + id).text("status")).isEqualTo("READY");
        assertThat(SANDBOX.keys()).hasSize(1);
        assertThat(SANDBOX.sql()
                        .sql("select kind from mediaferry.media_event order by id")
                        .query(String.class)
                        .list())
                .containsExactly("media.created", "media.uploaded", "media.ready");
    }

    @Test
    void changesNothingForALateWriterWithAGoodAddress() {
        Answer session = uploaded(ANNA, PICTURE);
        String id = session.text("mediaId");
        String key = SANDBOX.key(ANNA.post("/" + id + "/complete", Map.of()).text("cdnUrl"));
        byte[] other = PICTURE.clone();
        other[other.length - 3]++;
        assertThat(ApiClient.upload(session.body(), other).statusCode()).isEqualTo(200);
        assertThat(ANNA.post("/" + id + "/complete", Map.of()).text("status")).isEqualTo("READY");
        assertThat(SANDBOX.object(key)).isEqualTo(PICTURE);
    }

    @Test
    void saysThatNothingHasComeYet() {
        String id = announce(ANNA, PICTURE.length).text("mediaId");
        Answer early = ANNA.post("/" + id + "/complete", Map.of());
        assertThat(early.status()).isEqualTo(409);
        assertThat(early.text("error")).isEqualTo("not-uploaded");
        assertThat(ANNA.get("/" + id).text("status")).isEqualTo("PENDING");
    }

    @Test
    void completesWhatComesAfterAnEarlyCompletion() {
        Answer session = announce(ANNA, PICTURE.length);
        String id = session.text("mediaId");
        ANNA.post("/" + id + "/complete", Map.of());
        ApiClient.upload(session.body(), PICTURE);
        assertThat(ANNA.post("/" + id + "/complete", Map.of()).status()).isEqualTo(200);
    }

    @Test
    void failsAPageThatCallsItselfAPicture() {
        byte[] page = "<!doctype html><script>alert(1)</script>".getBytes(StandardCharsets.UTF_8);
        String id = uploaded(ANNA, page).text("mediaId");
        Answer refused = ANNA.post("/" + id + "/complete", Map.of());
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("error")).isEqualTo("not-as-announced");
        assertThat(refused.text("detail")).contains("an HTML page", "image/jpeg");
        assertThat(ANNA.get("/" + id + "/status").text("failure")).isEqualTo("other-type");
        assertThat(ANNA.post("/" + id + "/complete", Map.of()).status()).isEqualTo(409);
        assertThat(SANDBOX.keys()).noneMatch(key -> key.startsWith("posts/"));
    }

    @Test
    void takesAnotherTypeThanAnnouncedWhenItIsOneOfThoseTaken() {
        byte[] png = Pictures.png(1);
        String id = uploaded(ANNA, png).text("mediaId");
        Answer medium = ANNA.post("/" + id + "/complete", Map.of());
        assertThat(medium.status()).isEqualTo(200);
        assertThat(medium.text("mimeType")).isEqualTo("image/png");
        assertThat(SANDBOX.head(SANDBOX.key(medium.text("cdnUrl"))).contentType())
                .isEqualTo("image/png");
    }

    @Test
    void failsBytesWithAnotherHashThanAnnounced() {
        Map<String, Object> announcement = announcement(PICTURE.length);
        announcement.put("sha256", Digests.sha256(Pictures.jpeg(2)));
        Answer session = ANNA.post("/upload-session", announcement);
        assertThat(ApiClient.upload(session.body(), PICTURE).statusCode()).isEqualTo(400);
        String incoming = SANDBOX.sql()
                .sql("select incoming_key from mediaferry.upload_session")
                .query(String.class)
                .single();
        assertThat(incoming).isEqualTo("incoming/" + SANDBOX.ledgerId() + "/" + session.text("mediaId"));
        SANDBOX.bucket()
                .putObject(
                        request -> request.bucket(SANDBOX.bucketName()).key(incoming),
                        software.amazon.awssdk.core.sync.RequestBody.fromBytes(PICTURE));
        Answer refused = ANNA.post("/" + session.text("mediaId") + "/complete", Map.of());
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("detail")).contains("sha256");
    }

    @Test
    void refusesWhatItsTypeDoesNotTake() {
        Map<String, Object> film = announcement(1000);
        film.put("fileType", "video/mp4");
        Answer type = ANNA.post("/upload-session", film);
        assertThat(type.status()).isEqualTo(415);
        assertThat(type.text("detail")).contains("image/jpeg");
        assertThat(announce(ANNA, 20_000_001).status()).isEqualTo(413);
        assertThat(announce(NOBODY.as("carl", Map.of("plan", "pro")), 20_000_001)
                        .status())
                .isEqualTo(201);
    }

    @Test
    void knowsNothingOfTheMediaOfOthers() {
        Answer session = uploaded(ANNA, PICTURE);
        String id = session.text("mediaId");
        for (Answer answer : List.of(
                BERT.get("/" + id),
                BERT.get("/" + id + "/status"),
                BERT.post("/" + id + "/complete", Map.of()),
                BERT.post("/" + id + "/cancel", Map.of()),
                BERT.delete("/" + id))) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.text("detail")).isEqualTo("there is no such medium");
        }
        assertThat(BERT.get("/0").status()).isEqualTo(404);
        assertThat(ADMIN.get("/" + id).status()).isEqualTo(200);
        assertThat(ADMIN.delete("/" + id).status()).isEqualTo(404);
        assertThat(ANNA.get("/" + id).text("status")).isEqualTo("PENDING");
    }

    @Test
    void takesTheIdFromThePathAndFromNowhereElse() {
        String hers = announce(ANNA, PICTURE.length).text("mediaId");
        String his = announce(BERT, PICTURE.length).text("mediaId");
        Answer hersAgain = ANNA.get("/" + hers + "/status?id=" + his, "id", his);
        assertThat(hersAgain.status()).isEqualTo(200);
        assertThat(hersAgain.text("mediaId")).isEqualTo(hers);
        assertThat(ANNA.get("/" + his + "/status?id=" + hers, "id", hers).status())
                .isEqualTo(404);
        assertThat(ANNA.get("/user/bert?userId=anna", "userId", "anna").status())
                .isEqualTo(403);
        assertThat(ANNA.get("/types?CamelHttpResponseCode=500", "CamelHttpResponseCode", "500")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void cancelsWhatIsNotComplete() {
        String id = uploaded(ANNA, PICTURE).text("mediaId");
        Answer cancelled = ANNA.post("/" + id + "/cancel", Map.of());
        assertThat(cancelled.status()).isEqualTo(200);
        assertThat(cancelled.text("status")).isEqualTo("FAILED");
        assertThat(cancelled.text("failure")).isEqualTo("cancelled");
        assertThat(SANDBOX.keys()).isEmpty();
        assertThat(ANNA.post("/" + id + "/cancel", Map.of()).status()).isEqualTo(200);
        assertThat(ANNA.post("/" + id + "/complete", Map.of()).status()).isEqualTo(409);
        String done = ready(ANNA);
        assertThat(ANNA.post("/" + done + "/cancel", Map.of()).status()).isEqualTo(409);
    }

    @Test
    void listsTheCallersMediaPageByPage() {
        List<String> ids = IntStream.range(0, 3)
                .mapToObj(i -> announce(ANNA, PICTURE.length).text("mediaId"))
                .toList();
        announce(BERT, PICTURE.length);
        Answer first = ANNA.get("/user/anna?limit=2&mediaType=POST_IMAGE&status=PENDING");
        assertThat(ids(first)).containsExactly(ids.get(2), ids.get(1));
        Answer second = ANNA.get("/user/anna?limit=2&cursor=" + first.text("cursor"));
        assertThat(ids(second)).containsExactly(ids.get(0));
        assertThat(second.body().path("cursor").isNull()).isTrue();
        assertThat(ADMIN.get("/user/anna").body().path("media")).hasSize(3);
        assertThat(BERT.get("/user/anna").status()).isEqualTo(403);
        for (String query : List.of(
                "limit=101", "mediaType=%00", "limit=x", "status=NONE", "cursor=x", "other=1", "limit=1&limit=2")) {
            assertThat(ANNA.get("/user/anna?" + query).status()).as(query).isEqualTo(400);
        }
    }

    @Test
    void deletesUnlessATableOfTheApplicationRefuses() {
        String id = ready(ANNA);
        SANDBOX.execute(
                "create table if not exists post_cover (media uuid references mediaferry.media on delete restrict)");
        try {
            SANDBOX.sql()
                    .sql("insert into post_cover values (?::uuid)")
                    .param(id)
                    .update();
            Answer refused = ANNA.delete("/" + id);
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.text("error")).isEqualTo("in-use");
            assertThat(refused.text("detail")).contains("post_cover");
            SANDBOX.execute("delete from post_cover");
            assertThat(ANNA.delete("/" + id).status()).isEqualTo(204);
            assertThat(ANNA.get("/" + id).status()).isEqualTo(404);
            assertThat(ANNA.delete("/" + id).status()).isEqualTo(404);
        } finally {
            SANDBOX.execute("drop table post_cover");
        }
    }

    @Test
    void showsFileNamesAndTakesThemForNoPaths() {
        Map<String, Object> announcement = announcement(5);
        announcement.put("fileName", "../../etc/pass\u202ewd\u0007\r\n.jpg");
        Answer session = ANNA.post("/upload-session", announcement);
        assertThat(session.text("storageKey")).startsWith("posts/anna/").doesNotContain("..");
        assertThat(ANNA.get("/" + session.text("mediaId")).text("fileName")).isEqualTo("passwd.jpg");
    }

    private static List<String> ids(Answer page) {
        return IntStream.range(0, page.body().path("media").size())
                .mapToObj(i -> page.body().path("media").path(i).path("id").asText())
                .collect(Collectors.toList());
    }

    private static String ready(ApiClient client) {
        String id = uploaded(client, PICTURE).text("mediaId");
        assertThat(client.post("/" + id + "/complete", Map.of()).status()).isEqualTo(200);
        return id;
    }

    private static Answer uploaded(ApiClient client, byte[] bytes) {
        Answer session = announce(client, bytes.length);
        JsonNode body = session.body();
        assertThat(ApiClient.upload(body, bytes).statusCode()).isEqualTo(200);
        return session;
    }

    private static Answer announce(ApiClient client, long size) {
        return client.post("/upload-session", announcement(size));
    }

    private static Map<String, Object> announcement(long size) {
        return new HashMap<>(Map.of(
                "mediaType", "POST_IMAGE", "fileName", "holiday.jpg", "fileType", "image/jpeg", "fileSize", size));
    }
}
