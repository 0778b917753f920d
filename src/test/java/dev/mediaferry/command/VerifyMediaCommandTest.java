package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UploadedMedia;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;

/** What verify and orphans report of media, of what arrives for them, and of what is left lying. */
@Tag("slow")
class VerifyMediaCommandTest {

    private static final byte[] OTHER = "other byt".getBytes(StandardCharsets.UTF_8);

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UploadedMedia UPLOADS = new UploadedMedia(SANDBOX);

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX, UploadedMedia.REGISTRY);

    @AfterEach
    void abortUploads() {
        UPLOADS.abortAll();
    }

    @Test
    void findsNothingWhereMediaAndBucketAgree() throws Exception {
        UPLOADS.ready("POST_IMAGE", true);
        UPLOADS.arrive(UPLOADS.pending("POST_IMAGE"));
        UUID deleted = UPLOADS.ready("POST_IMAGE", true);
        UPLOADS.media().delete(deleted, null);
        begin(UPLOADS.pending("POST_IMAGE"), true);
        SANDBOX.ageObjects();

        JsonNode report = commands.json("verify", "--deep", "--json");

        assertThat(report.path("findings")).isEmpty();
        assertThat(report.path("objects").asInt()).isEqualTo(1);
        assertThat(report.path("read").asInt()).isEqualTo(1);
        assertThat(commands.json("orphans", "--json").path("found").asInt()).isZero();
    }

    @Test
    void namesWhatIsMissingOrChanged() throws Exception {
        UUID missing = UPLOADS.ready("POST_IMAGE", true);
        SANDBOX.bucket()
                .deleteObject(request -> request.bucket(SANDBOX.bucketName()).key(UPLOADS.key(missing)));
        UUID longer = UPLOADS.ready("POST_IMAGE", true);
        SANDBOX.putOurs(UPLOADS.key(longer), 1, "longer than before".getBytes(StandardCharsets.UTF_8));
        UUID changed = UPLOADS.ready("POST_IMAGE", true);
        SANDBOX.putOurs(UPLOADS.key(changed), 1, OTHER);
        UUID foreign = UPLOADS.ready("POST_IMAGE", true);
        theirs(UPLOADS.key(foreign), OTHER);

        Map<String, String> found = found("verify", "--json");

        assertThat(found)
                .containsOnly(
                        Map.entry(missing.toString(), "missing-object"),
                        Map.entry(longer.toString(), "wrong-size"),
                        Map.entry(changed.toString(), "wrong-bytes"),
                        Map.entry(foreign.toString(), "foreign-object"));
        assertThat(commands.run("verify")).isEqualTo(1);
        assertThat(commands.out())
                .contains("missing-object", "media:" + missing + "  " + UPLOADS.key(missing))
                .contains("4 objects compared");
    }

    @Test
    void findsTheSameBytesOfAnotherLedgerWhenItReadsThem() throws Exception {
        UUID foreign = UPLOADS.ready("POST_IMAGE", true);
        theirs(UPLOADS.key(foreign), UploadedMedia.BYTES);

        assertThat(found("verify", "--deep", "--json")).containsOnly(Map.entry(foreign.toString(), "foreign-object"));
    }

    @Test
    void namesWhatNobodyKnows() throws Exception {
        SANDBOX.putOurs("posts/ann/nobodys.jpg", 1, OTHER);
        UUID forgotten = UPLOADS.id();
        UPLOADS.arrive(forgotten);
        begin(UPLOADS.id(), false);
        SANDBOX.ageObjects();

        Map<String, Long> counts = new HashMap<>();
        commands.json(1, "verify", "--json")
                .path("counts")
                .properties()
                .forEach(count -> counts.put(count.getKey(), count.getValue().asLong()));

        assertThat(counts)
                .containsOnly(
                        Map.entry("object-without-owner", 1L),
                        Map.entry("incoming-without-session", 1L),
                        Map.entry("upload-without-session", 1L));
        assertThat(commands.run("verify", "--field", "Photo.url")).isZero();
    }

    @Test
    void namesWhatASweepShouldHaveDealtWith() throws Exception {
        UUID pending = UPLOADS.pending("POST_IMAGE");
        SANDBOX.sql()
                .sql(
                        "update mediaferry.upload_session set expires_at = now() - interval '11 minutes' where media_id = ?")
                .param(pending)
                .update();
        UUID uploaded = UPLOADS.uploaded();
        UPLOADS.store(uploaded);
        UPLOADS.setEtag(uploaded);
        UPLOADS.age("21 minutes", uploaded);
        UUID failed = UPLOADS.pending("POST_IMAGE");
        UPLOADS.media().failed(failed, "cancelled", null);
        UPLOADS.age("9 days", failed);
        UUID deleted = UPLOADS.ready("POST_IMAGE", true);
        UPLOADS.media().delete(deleted, null);
        SANDBOX.execute("update mediaferry.media_deleted set deleted_at = now() - interval '2 days'");
        UPLOADS.pending("POST_IMAGE");

        assertThat(found("verify", "--json").keySet())
                .containsExactlyInAnyOrder(
                        pending.toString(), uploaded.toString(), failed.toString(), deleted.toString());
        assertThat(commands.run("verify")).isEqualTo(1);
        assertThat(commands.out()).contains("stuck-medium", "PENDING since", "its object is not removed");
    }

    @Test
    void takesForOrphansWhatThisLedgerHadAndNoMediumLeadsTo() throws Exception {
        UPLOADS.ready("POST_IMAGE", true);
        UUID gone = UPLOADS.pending("POST_IMAGE");
        ofMedium(gone);
        SANDBOX.execute(
                "delete from mediaferry.media where id = '" + gone + "'", "delete from mediaferry.media_deleted");
        UUID ofACopy = UPLOADS.id();
        ofMedium(ofACopy);
        SANDBOX.ageObjects();

        JsonNode report = commands.json("orphans", "--delete", "--json");

        assertThat(report.path("found").asInt()).isEqualTo(1);
        assertThat(report.path("removed").asInt()).isEqualTo(1);
        assertThat(report.path("theirs").asInt()).isEqualTo(1);
        assertThat(SANDBOX.keys()).hasSize(2).doesNotContain(UPLOADS.key(gone)).contains(UPLOADS.key(ofACopy));
    }

    private Map<String, String> found(String... line) throws Exception {
        Map<String, String> found = new HashMap<>();
        StreamSupport.stream(commands.json(1, line).path("findings").spliterator(), false)
                .forEach(finding -> found.put(
                        finding.path("id").asText(), finding.path("kind").asText()));
        return found;
    }

    /** Begins a multipart upload long ago. */
    private static void begin(UUID medium, boolean known) {
        String upload = SANDBOX.bucket()
                .createMultipartUpload(
                        request -> request.bucket(SANDBOX.bucketName()).key(UPLOADS.incoming(medium)))
                .uploadId();
        if (known) {
            SANDBOX.sql()
                    .sql("update mediaferry.upload_session set upload_id = ?, part_size = 5000000 where media_id = ?")
                    .params(upload, medium)
                    .update();
        }
    }

    private static void theirs(String key, byte[] bytes) {
        put(key, bytes, Map.of("mediaferry-ledger", UUID.randomUUID().toString()));
    }

    private static void ofMedium(UUID id) {
        put(
                UPLOADS.key(id),
                UploadedMedia.BYTES,
                Map.of("mediaferry-ledger", SANDBOX.ledgerId(), "mediaferry-medium", id.toString()));
    }

    private static void put(String key, byte[] bytes, Map<String, String> metadata) {
        SANDBOX.bucket()
                .putObject(
                        request -> request.bucket(SANDBOX.bucketName())
                                .key(key)
                                .contentType("image/jpeg")
                                .metadata(metadata),
                        RequestBody.fromBytes(bytes));
    }
}
