package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.content.Digests;
import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.ApiClient.Answer;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** Uploads that are larger than one copy are promoted part by part, after their clients were answered. */
@Tag("slow")
class LargeUploadRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.acl", "public-read");

    private static final String REGISTRY =
            """
            uploads:
              - { type: OPEN, folder: open, content: [image/jpeg], max-bytes: 5TB }
              - { type: SECRET, folder: secret, content: [image/jpeg], max-bytes: 20MB, access: private }
            """;

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int COPIED_AT_ONCE = 5_243_000;
    private static final byte[] LARGE = Pictures.jpeg(1, 2 * COPIED_AT_ONCE + 1000);
    private static final String PORT = FreePort.text();
    private static final ApiClient NOBODY = new ApiClient(Integer.parseInt(PORT), Optional.empty());
    private static final ApiClient ANNA = NOBODY.as("anna", Map.of());

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        SANDBOX.api(REGISTRY, settings(PORT));
    }

    private static String[] settings(String port) {
        return Stream.concat(
                        Stream.of(Tokens.settings(port)),
                        Stream.of("upload.copy-at-once", "5243kB", "upload.bytes-per-day", "80TB"))
                .toArray(String[]::new);
    }

    @Test
    void takesWhatIsLargerThanOneCopy() {
        Answer session = ANNA.post(
                "/upload-session",
                Map.of("mediaType", "OPEN", "fileType", "image/jpeg", "fileSize", 4_000_000_000_000L));
        assertThat(session.status()).isEqualTo(201);
        assertThat(session.body().path("totalParts").asInt()).isLessThanOrEqualTo(10_000);
        ANNA.post("/" + session.text("mediaId") + "/cancel", Map.of());
    }

    @Test
    void promotesInPartsAfterItHasAnswered() {
        String id = uploaded(ANNA, "OPEN", Map.of());
        Answer going = ANNA.post("/" + id + "/complete", Map.of());
        assertThat(going.status()).isEqualTo(202);
        assertThat(going.text("status")).isEqualTo("PENDING");
        Answer medium = ready(ANNA, id);
        String key = SANDBOX.key(medium.text("cdnUrl"));
        assertThat(SANDBOX.object(key)).isEqualTo(LARGE);
        assertThat(SANDBOX.head(key).contentType()).isEqualTo("image/jpeg");
        assertThat(SANDBOX.head(key).cacheControl()).contains("immutable");
        assertThat(SANDBOX.head(key).metadata())
                .containsEntry("mediaferry-ledger", SANDBOX.ledgerId())
                .containsEntry("mediaferry-medium", id);
        assertThat(medium.body().path("fileSize").asLong()).isEqualTo(LARGE.length);
        assertThat(ANNA.post("/" + id + "/complete", Map.of()).status()).isEqualTo(200);
        assertThat(copies()).isEmpty();
        assertThat(SANDBOX.keys()).noneMatch(left -> left.startsWith("incoming/") && left.endsWith(id));
    }

    @Test
    void keepsWhatIsPrivateClosed() {
        String id = uploaded(ANNA, "SECRET", Map.of());
        ANNA.post("/" + id + "/complete", Map.of());
        Answer medium = ready(ANNA, id);
        assertThat(medium.body().path("cdnUrl").isNull()).isTrue();
        assertThat(MediaFilesRoutesTest.fetch(medium.text("signedUrl"))).isEqualTo(200);
        assertThat(MediaFilesRoutesTest.fetch(medium.text("signedUrl").replaceFirst("\\?.*", "")))
                .isEqualTo(403);
    }

    @Test
    void looksAtTheHashBeforeItPromotes() {
        String id = uploaded(ANNA, "OPEN", Map.of("sha256", "0".repeat(64)));
        assertThat(ANNA.post("/" + id + "/complete", Map.of()).status()).isEqualTo(202);
        Awaitility.await().atMost(SOON).until(() -> status(id).equals("FAILED"));
        assertThat(ANNA.get("/" + id).text("failure")).isEqualTo("other-hash");
        assertThat(copies()).isEmpty();
        String good = uploaded(ANNA, "OPEN", Map.of("sha256", Digests.sha256(LARGE)));
        ANNA.post("/" + good + "/complete", Map.of());
        ready(ANNA, good);
    }

    @Test
    void goesOnWithTheCopyThatAnotherHasBegun() {
        String id = uploaded(ANNA, "OPEN", Map.of());
        String key = ANNA.get("/" + id).text("storageKey");
        byte[] marked = Arrays.copyOf(LARGE, COPIED_AT_ONCE);
        marked[COPIED_AT_ONCE - 1]++;
        String copy = begin(key, id, marked);
        note(id, copy, etag(id));
        assertThat(ANNA.post("/" + id + "/complete", Map.of()).status()).isEqualTo(202);
        byte[] whole = SANDBOX.object(SANDBOX.key(ready(ANNA, id).text("cdnUrl")));
        assertThat(whole).hasSize(LARGE.length);
        assertThat(whole[COPIED_AT_ONCE - 1]).as("of the part that was there").isEqualTo(marked[COPIED_AT_ONCE - 1]);
        assertThat(copies()).isEmpty();
    }

    @Test
    void beginsAnewWhereOtherBytesWereCopied() {
        String id = uploaded(ANNA, "OPEN", Map.of());
        String key = ANNA.get("/" + id).text("storageKey");
        note(id, begin(key, id, new byte[COPIED_AT_ONCE]), "\"another\"");
        begin(key, id, new byte[COPIED_AT_ONCE]);
        ANNA.post("/" + id + "/complete", Map.of());
        assertThat(SANDBOX.object(SANDBOX.key(ready(ANNA, id).text("cdnUrl")))).isEqualTo(LARGE);
        assertThat(copies())
                .as("of the one noted, and of one that nobody noted")
                .isEmpty();
    }

    @Test
    void leavesNothingOfWhatIsCancelledMeanwhile() {
        String id = uploaded(ANNA, "OPEN", Map.of());
        String key = ANNA.get("/" + id).text("storageKey");
        note(id, begin(key, id, LARGE), etag(id));
        ANNA.post("/" + id + "/cancel", Map.of());
        ANNA.delete("/" + id);
        SANDBOX.engine(REGISTRY).sweepUploads(false);
        assertThat(copies()).isEmpty();
        assertThat(SANDBOX.keys()).noneMatch(left -> left.contains(id));
    }

    /** The database holds a process up at a step, where it is killed. */
    @ParameterizedTest
    @CsvSource({
        "upload_session, old.copy_id is null and new.copy_id is not null", // the copy has begun, and is not noted
        "media, new.status = 'READY'" // the copy is complete, and is not noted
    })
    void isResumedWhereAProcessWasKilled(String table, String step) throws Exception {
        String port = FreePort.text();
        ApiClient bert = new ApiClient(Integer.parseInt(port), Optional.empty()).as("bert", Map.of());
        List<String> options = SANDBOX.options(
                directory,
                REGISTRY,
                Stream.concat(
                                Stream.of(settings(port)),
                                Stream.of(
                                        "home",
                                        directory.resolve("home").toString(),
                                        "server.port",
                                        FreePort.text(),
                                        "schedule",
                                        "off"))
                        .toArray(String[]::new));
        String id;
        try (Program program = Program.start(options, "run")) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .ignoreExceptions()
                    .until(() -> bert.get("/types").status() == 200);
            id = uploaded(bert, "OPEN", Map.of());
            SANDBOX.execute(
                    "create function hold() returns trigger language plpgsql as $$ begin if " + step
                            + " then perform pg_sleep(60); end if; return new; end $$",
                    "create trigger hold before update on mediaferry." + table
                            + " for each row execute function hold()");
            assertThat(bert.post("/" + id + "/complete", Map.of()).status()).isEqualTo(202);
            Awaitility.await().atMost(SOON).until(() -> SANDBOX.sql()
                    .sql("select exists (select from pg_stat_activity where wait_event = 'PgSleep')")
                    .query(Boolean.class)
                    .single());
            program.kill();
        } finally {
            SANDBOX.sql()
                    .sql("select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'")
                    .query(Boolean.class)
                    .list();
            SANDBOX.execute("drop trigger if exists hold on mediaferry." + table, "drop function if exists hold");
        }
        ApiClient here = NOBODY.as("bert", Map.of());
        assertThat(here.post("/" + id + "/complete", Map.of()).status())
                .as("the lease of the dead")
                .isEqualTo(202);
        assertThat(status(id)).isEqualTo("PENDING");
        SANDBOX.execute("update mediaferry.upload_session set lease_until = now() where media_id = '" + id + "'");
        here.post("/" + id + "/complete", Map.of());
        assertThat(SANDBOX.object(SANDBOX.key(ready(here, id).text("cdnUrl")))).isEqualTo(LARGE);
        assertThat(copies()).isEmpty();
    }

    private static String uploaded(ApiClient client, String type, Map<String, Object> more) {
        Map<String, Object> announcement = new HashMap<>(
                Map.of("mediaType", type, "fileName", "large.jpg", "fileType", "image/jpeg", "fileSize", LARGE.length));
        announcement.putAll(more);
        Answer session = client.post("/upload-session", announcement);
        assertThat(session.status()).isEqualTo(201);
        String id = session.text("mediaId");
        int size = session.body().path("partSize").asInt();
        for (JsonNode part : session.body().path("parts")) {
            int number = part.path("partNumber").asInt();
            byte[] bytes = Arrays.copyOfRange(LARGE, (number - 1) * size, Math.min(number * size, LARGE.length));
            assertThat(ApiClient.upload(part, bytes).statusCode()).isEqualTo(200);
        }
        // Put together as complete-multipart would, so that a test decides when it is promoted.
        String incoming = incoming(id);
        String upload = session.text("uploadId");
        SANDBOX.bucket().completeMultipartUpload(request -> request.bucket(SANDBOX.bucketName())
                .key(incoming)
                .uploadId(upload)
                .multipartUpload(all -> all.parts(SANDBOX
                        .bucket()
                        .listParts(list ->
                                list.bucket(SANDBOX.bucketName()).key(incoming).uploadId(upload))
                        .parts()
                        .stream()
                        .map(part -> CompletedPart.builder()
                                .partNumber(part.partNumber())
                                .eTag(part.eTag())
                                .build())
                        .toList())));
        return id;
    }

    /** @return id of a copy that has its first part */
    private static String begin(String key, String id, byte[] first) {
        String copy = SANDBOX.bucket()
                .createMultipartUpload(request -> request.bucket(SANDBOX.bucketName())
                        .key(key)
                        .contentType("image/jpeg")
                        .metadata(Map.of("mediaferry-ledger", SANDBOX.ledgerId(), "mediaferry-medium", id)))
                .uploadId();
        SANDBOX.bucket()
                .uploadPart(
                        request -> request.bucket(SANDBOX.bucketName())
                                .key(key)
                                .uploadId(copy)
                                .partNumber(1),
                        RequestBody.fromBytes(first));
        return copy;
    }

    private static void note(String id, String copy, String etag) {
        SANDBOX.sql()
                .sql("update mediaferry.upload_session set copy_id = ?, etag = ? where media_id = ?::uuid")
                .params(copy, etag, id)
                .update();
    }

    private static String incoming(String id) {
        return SANDBOX.sql()
                .sql("select incoming_key from mediaferry.upload_session where media_id = ?::uuid")
                .param(id)
                .query(String.class)
                .single();
    }

    private static String etag(String id) {
        return SANDBOX.head(incoming(id)).eTag();
    }

    private static Answer ready(ApiClient client, String id) {
        Awaitility.await().atMost(SOON).until(() -> status(id).equals("READY"));
        return client.get("/" + id);
    }

    private static String status(String id) {
        return SANDBOX.sql()
                .sql("select status from mediaferry.media where id = ?::uuid")
                .param(id)
                .query(String.class)
                .single();
    }

    /** @return keys of multipart uploads that nobody has ended */
    private static List<String> copies() {
        return SANDBOX.bucket().listMultipartUploads(request -> request.bucket(SANDBOX.bucketName())).uploads().stream()
                .map(MultipartUpload::key)
                .toList();
    }
}
