package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.ApiClient.Answer;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that comes again with its Idempotency-Key is answered again, and done once. */
class IdempotencyRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final String ONE_PORT = FreePort.text();
    private static final String OTHER_PORT = FreePort.text();
    private static final ApiClient ONE = new ApiClient(Integer.parseInt(ONE_PORT), Optional.empty());
    private static final ApiClient OTHER = new ApiClient(Integer.parseInt(OTHER_PORT), Optional.empty());
    private static final Map<String, Object> PICTURE =
            Map.of("mediaType", "POST_IMAGE", "fileType", "image/jpeg", "fileSize", 10);

    @BeforeAll
    static void start() {
        SANDBOX.api(UploadDoorTest.REGISTRY, Tokens.settings(ONE_PORT));
        SANDBOX.api(UploadDoorTest.REGISTRY, Tokens.settings(OTHER_PORT));
    }

    @Test
    void answersTheSameInEveryProcess() {
        Answer first = post(ONE.as("ann", Map.of()), "/upload-session", PICTURE, "a-key");
        assertThat(first.status()).isEqualTo(201);
        for (ApiClient service : List.of(ONE, OTHER)) {
            Answer again = post(service.as("ann", Map.of()), "/upload-session", PICTURE, "\"a-key\"");
            assertThat(again.status()).isEqualTo(201);
            assertThat(again.response().body()).isEqualTo(first.response().body());
            assertThat(again.header("content-type")).isEqualTo(first.header("content-type"));
        }
        assertThat(media("ann")).isEqualTo(1);
    }

    @Test
    void keepsRefusalsToo() {
        ApiClient bea = ONE.as("bea", Map.of());
        String id = post(bea, "/upload-session", PICTURE, "begin").text("mediaId");
        Answer early = post(bea, "/" + id + "/complete", Map.of(), "complete");
        assertThat(early.status()).isEqualTo(409);
        assertThat(bea.post("/" + id + "/cancel", Map.of()).status()).isEqualTo(200);
        Answer again = post(bea, "/" + id + "/complete", Map.of(), "complete");
        assertThat(again.response().body()).isEqualTo(early.response().body());
        assertThat(again.header("content-type")).hasValue("application/problem+json");
    }

    @Test
    void refusesAKeyThatWasAnotherRequests() {
        ApiClient cyd = ONE.as("cyd", Map.of());
        String id = post(cyd, "/upload-session", PICTURE, "k").text("mediaId");
        Map<String, Object> other = Map.of("mediaType", "POST_IMAGE", "fileType", "image/jpeg", "fileSize", 11);
        for (Answer refused : List.of(
                post(cyd, "/upload-session", other, "k"),
                post(cyd, "/" + id + "/cancel", PICTURE, "k"),
                post(cyd, "/upload-session?x=1", PICTURE, "k"))) {
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.text("error")).isEqualTo("key-reused");
        }
        assertThat(post(ONE.as("dan", Map.of()), "/upload-session", other, "k").status())
                .as("another user's key")
                .isEqualTo(201);
    }

    @Test
    void doesOnceWhatComesManyTimesAtOnce() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(20);
        try {
            List<Callable<Answer>> calls = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                ApiClient client = (i % 2 == 0 ? ONE : OTHER).as("eve", Map.of());
                calls.add(() -> post(client, "/upload-session", PICTURE, "at once"));
            }
            TreeSet<String> bodies = new TreeSet<>();
            for (Future<Answer> call : clients.invokeAll(calls)) {
                Answer answer = call.get();
                if (answer.status() == 409) {
                    assertThat(answer.text("error")).isEqualTo("request-under-way");
                    assertThat(answer.header("retry-after")).hasValue("1");
                } else {
                    assertThat(answer.status()).isEqualTo(201);
                    bodies.add(answer.response().body());
                }
            }
            assertThat(bodies).hasSize(1);
        } finally {
            clients.shutdownNow();
        }
        assertThat(media("eve")).isEqualTo(1);
    }

    @Test
    void doesAgainWhatAProcessHasDiedOf() {
        ApiClient fay = ONE.as("fay", Map.of());
        post(fay, "/upload-session", PICTURE, "died");
        SANDBOX.execute("update mediaferry.api_answer set status = null, body = null where user_id = 'fay'");
        assertThat(post(fay, "/upload-session", PICTURE, "died").text("error")).isEqualTo("request-under-way");
        SANDBOX.execute("update mediaferry.api_answer set leased_until = now() where user_id = 'fay'");
        assertThat(post(fay, "/upload-session", PICTURE, "died").status()).isEqualTo(201);
        assertThat(media("fay")).isEqualTo(2);
    }

    @Test
    void keepsNothingOfWhatWasNotDone() {
        ApiClient gil = ONE.as("gil", Map.of());
        SANDBOX.execute("alter table mediaferry.upload_session rename to away");
        try {
            assertThat(post(gil, "/upload-session", PICTURE, "later").status()).isEqualTo(500);
        } finally {
            SANDBOX.execute("alter table mediaferry.away rename to upload_session");
        }
        assertThat(post(gil, "/upload-session", PICTURE, "later").status()).isEqualTo(201);
    }

    @Test
    void forgetsAfterADay() {
        ApiClient hal = ONE.as("hal", Map.of());
        post(hal, "/upload-session", PICTURE, "old");
        SANDBOX.execute(
                "update mediaferry.api_answer set created_at = now() - interval '25 hours' where user_id = 'hal'");
        assertThat(post(hal, "/upload-session", PICTURE, "old").status()).isEqualTo(201);
        assertThat(media("hal")).isEqualTo(2);
        SANDBOX.execute(
                "update mediaferry.api_answer set created_at = now() - interval '25 hours' where user_id = 'hal'");
        SANDBOX.engine(UploadDoorTest.REGISTRY).sweepUploads(false);
        assertThat(SANDBOX.sql()
                        .sql("select count(*) from mediaferry.api_answer where user_id = 'hal'")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\"", "a b", "a\"b", "käse", "'\\'"})
    void refusesKeysThatAreNone(String key) {
        String answer = ONE.raw("POST /api/v1/media/upload-session HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"
                + "authorization: Bearer " + Tokens.of("ivy")
                + "\r\ncontent-type: application/json\r\ncontent-length: 2\r\nIdempotency-Key: " + key + "\r\n\r\n{}");
        assertThat(answer).contains(" 400 ").contains("Idempotency-Key must be");
    }

    @Test
    void refusesTwoKeysAndOneThatIsTooLong() {
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        ApiClient jim = ONE.as("jim", Map.of());
        for (String[] headers : List.of(
                new String[] {"idempotency-key", "a", "Idempotency-Key", "b"},
                new String[] {"idempotency-key", "a".repeat(256)})) {
            assertThat(jim.send("POST", "/upload-session", body, headers).text("detail"))
                    .contains("Idempotency-Key must be");
        }
        assertThat(jim.get("/types", "idempotency-key", "a b").status())
                .as("only a POST has one")
                .isEqualTo(200);
    }

    private static Answer post(ApiClient client, String path, Object document, String key) {
        try {
            byte[] body = JsonMapper.builder().build().writeValueAsBytes(document);
            return client.send(
                    "POST", path, body, "content-type", "application/json", "idempotency-key", key.replace(' ', '-'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long media(String user) {
        return SANDBOX.sql()
                .sql("select count(*) from mediaferry.media where user_id = ?")
                .param(user)
                .query(Long.class)
                .single();
    }
}
