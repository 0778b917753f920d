package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.ApiClient.Answer;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is led to the object of a medium, and how. */
class MediaFilesRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.acl", "public-read");

    private static final String REGISTRY =
            """
            uploads:
              - { type: OPEN, folder: open, content: [image/jpeg], max-bytes: 20MB }
              - { type: SECRET, folder: secret, content: [image/jpeg], max-bytes: 20MB, access: private }
              - { type: PLACED, folder: placed, content: [image/jpeg], max-bytes: 20MB, original: private }
            """;

    private static final String PORT = FreePort.text();
    private static final ApiClient NOBODY = new ApiClient(Integer.parseInt(PORT), Optional.empty());
    private static final ApiClient ANNA = NOBODY.as("anna", Map.of());
    private static final ApiClient BERT = NOBODY.as("bert", Map.of());
    private static final ApiClient ADMIN = NOBODY.as("root", Map.of("role", "admin"));
    private static final byte[] PICTURE = Pictures.jpeg(1);

    @BeforeAll
    static void start() {
        SANDBOX.api(REGISTRY, Tokens.settings(PORT));
    }

    @Test
    void leadsEverybodyToWhatIsPublic() {
        Answer medium = upload("OPEN");
        assertThat(medium.text("access")).isEqualTo("public");
        assertThat(medium.body().has("signedUrl")).isFalse();
        for (ApiClient client : new ApiClient[] {ANNA, BERT}) {
            Answer file = client.get("/" + medium.text("id") + "/file");
            assertThat(file.status()).isEqualTo(302);
            assertThat(file.header("location")).hasValue(medium.text("cdnUrl"));
        }
        assertThat(fetch(medium.text("cdnUrl"))).isEqualTo(200);
        assertThat(NOBODY.get("/" + medium.text("id") + "/file").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SECRET", "PLACED"})
    void leadsToWhatIsPrivateByASignatureThatEnds(String type) {
        Answer medium = upload(type);
        String id = medium.text("id");
        assertThat(medium.text("access")).isEqualTo("private");
        assertThat(medium.body().path("cdnUrl").isNull()).isTrue();
        String signed = medium.text("signedUrl");
        assertThat(signed).contains("X-Amz-Expires=900");
        assertThat(fetch(signed)).isEqualTo(200);
        assertThat(fetch(signed.replaceFirst("\\?.*", "")))
                .as("whatever ACL the others have")
                .isEqualTo(403);
        for (ApiClient client : new ApiClient[] {ANNA, ADMIN}) {
            Answer file = client.get("/" + id + "/file");
            assertThat(file.status()).isEqualTo(302);
            assertThat(fetch(file.header("location").orElseThrow())).isEqualTo(200);
        }
        assertThat(BERT.get("/" + id + "/file").status()).isEqualTo(404);
        assertThat(ANNA.get("/user/anna?mediaType=" + type)
                        .body()
                        .path("media")
                        .path(0)
                        .has("signedUrl"))
                .isTrue();
    }

    @Test
    void leadsNowhereBeforeThereIsAnObject() {
        Answer session = ANNA.post(
                "/upload-session", Map.of("mediaType", "OPEN", "fileType", "image/jpeg", "fileSize", PICTURE.length));
        Answer file = ANNA.get("/" + session.text("mediaId") + "/file");
        assertThat(file.status()).isEqualTo(409);
        assertThat(file.text("error")).isEqualTo("not-uploaded");
        assertThat(ANNA.get("/00000000-0000-7000-8000-000000000000/file").status())
                .isEqualTo(404);
    }

    @Test
    void notesOnceADayThatAMediumIsFetched() {
        String id = upload("OPEN").text("id");
        assertThat(fetched(id)).isZero();
        ANNA.get("/" + id + "/file");
        SANDBOX.execute("update mediaferry.media set last_fetched = now() - interval '23 hours'");
        String before = ANNA.get("/" + id).text("updatedAt");
        BERT.get("/" + id + "/file");
        assertThat(fetched(id)).as("written today").isBetween(82_000L, 83_000L);
        SANDBOX.execute("update mediaferry.media set last_fetched = now() - interval '25 hours'");
        BERT.get("/" + id + "/file");
        assertThat(fetched(id)).isBetween(1L, 60L);
        assertThat(ANNA.get("/" + id).text("updatedAt"))
                .as("that is no change of the medium")
                .isEqualTo(before);
        assertThat(SANDBOX.sql()
                        .sql("select count(*) from mediaferry.media_event where kind = 'media.changed'")
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(fetched(upload("SECRET").text("id")))
                .as("a signed address was handed out")
                .isPositive();
    }

    @Test
    void findsTheMediumOfAnOldLink() {
        String id = upload("OPEN").text("id");
        String link = "https://utfs.io/f/a key?x=1&y=ä";
        setOriginal(id, link);
        Answer mine = ANNA.get("/by-url?url=" + encoded(link));
        assertThat(mine.status()).isEqualTo(200);
        assertThat(mine.text("id")).isEqualTo(id);
        assertThat(mine.text("originalUrl")).isEqualTo(link);
        Answer others = BERT.get("/by-url?url=" + encoded(link));
        assertThat(others.text("id")).isEqualTo(id);
        assertThat(others.body().has("userId")).isFalse();
        assertThat(others.body().has("fileName")).isFalse();
        assertThat(ANNA.get("/by-url?url=" + encoded(link + "x")).status()).isEqualTo(404);
        assertThat(ANNA.get("/by-url?url=" + encoded(link + "#top")).text("id"))
                .as("a fragment is none of the link")
                .isEqualTo(id);
        for (String query : new String[] {"", "?url=", "?url=a&url=b", "?link=a"}) {
            assertThat(ANNA.get("/by-url" + query).status()).as(query).isEqualTo(400);
        }
    }

    @Test
    void findsNoPrivateMediumOfSomebodyElse() {
        String id = upload("SECRET").text("id");
        setOriginal(id, "https://utfs.io/f/private");
        assertThat(ANNA.get("/by-url?url=https%3A%2F%2Futfs.io%2Ff%2Fprivate").text("id"))
                .isEqualTo(id);
        assertThat(BERT.get("/by-url?url=https%3A%2F%2Futfs.io%2Ff%2Fprivate").status())
                .isEqualTo(404);
    }

    @Test
    void findsTheMediumOfALinkThatWasMoved() {
        Answer medium = upload("OPEN");
        SANDBOX.sql()
                .sql(
                        "insert into mediaferry.transfer (entry, row_key, source, host, object_key, state, target, object_state)"
                                + " values ('Photo.url', '1', 'https://old.example/1.jpg', 'old.example', ?, 'linked', 'x', 'present')")
                .param(medium.text("storageKey"))
                .update();
        assertThat(ANNA.get("/by-url?url=https%3A%2F%2Fold.example%2F1.jpg").text("id"))
                .isEqualTo(medium.text("id"));
    }

    @Test
    void processesAgainWhatFailedAfterItWasVerified() {
        String id = upload("OPEN").text("id");
        assertThat(ANNA.post("/" + id + "/retry-processing", Map.of()).status())
                .as("READY")
                .isEqualTo(409);
        SANDBOX.execute(
                "alter table mediaferry.media disable trigger media_changing",
                "update mediaferry.media set status = 'FAILED', failure = 'stuck' where id = '" + id + "'",
                "alter table mediaferry.media enable trigger media_changing");
        assertThat(BERT.post("/" + id + "/retry-processing", Map.of()).status()).isEqualTo(404);
        Answer again = ANNA.post("/" + id + "/retry-processing", Map.of());
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("status")).isEqualTo("READY");
        assertThat(again.body().has("failure")).isFalse();
    }

    @Test
    void staysFailedWhenNothingOfItIsTriedAgain() {
        String id = upload("OPEN").text("id");
        SANDBOX.execute(
                "insert into mediaferry.derive_job (media_type, media_id, object_key, content_type, kind, part, priority, required, state, attempts)"
                        + " select media_type, id, storage_key, mime_type, kind, '', 0, kind = 'pictures', 'dead', 1"
                        + " from mediaferry.media cross join unnest(array['pictures', 'poster']) kind where id = '" + id
                        + "'",
                "alter table mediaferry.media disable trigger media_changing",
                "update mediaferry.media set status = 'FAILED', failure = 'damaged' where id = '" + id + "'",
                "alter table mediaferry.media enable trigger media_changing");

        assertThat(ANNA.post("/" + id + "/retry-processing?kind=nonsense", Map.of())
                        .status())
                .isEqualTo(409);
        assertThat(ANNA.post("/" + id + "/retry-processing?kind=poster", Map.of())
                        .text("status"))
                .as("the pictures are given up")
                .isEqualTo("FAILED");
        assertThat(ANNA.post("/" + id + "/retry-processing?kind=pictures", Map.of())
                        .text("status"))
                .isEqualTo("UPLOADED");
    }

    @Test
    void uploadsAgainWhatFailedBefore() {
        String id = ANNA.post("/upload-session", Map.of("mediaType", "OPEN", "fileType", "image/jpeg", "fileSize", 10))
                .text("mediaId");
        ANNA.post("/" + id + "/cancel", Map.of());
        Answer refused = ANNA.post("/" + id + "/retry-processing", Map.of());
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text("detail")).contains("upload it again");
    }

    private static Answer upload(String type) {
        Answer session = ANNA.post(
                "/upload-session",
                Map.of("mediaType", type, "fileName", "a.jpg", "fileType", "image/jpeg", "fileSize", PICTURE.length));
        assertThat(ApiClient.upload(session.body(), PICTURE).statusCode()).isEqualTo(200);
        Answer medium = ANNA.post("/" + session.text("mediaId") + "/complete", Map.of());
        assertThat(medium.status()).isEqualTo(200);
        return medium;
    }

    private static void setOriginal(String id, String link) {
        SANDBOX.sql()
                .sql("update mediaferry.media set original_url = ? where id = ?::uuid")
                .params(link, id)
                .update();
    }

    /** @return seconds since; 0 when nobody was led to it */
    private static long fetched(String id) {
        return SANDBOX.sql()
                .sql("select coalesce(max(ceil(extract(epoch from clock_timestamp() - last_fetched))), 0)::bigint"
                        + " from mediaferry.media where id = ?::uuid")
                .param(id)
                .query(Long.class)
                .single();
    }

    static int fetch(String address) {
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String link) {
        return URLEncoder.encode(link, StandardCharsets.UTF_8);
    }
}
