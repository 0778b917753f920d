package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SmallStore;
import dev.mediaferry.object.IncomingKey;
import dev.mediaferry.uploads.MediaId;
import dev.mediaferry.uploads.MediaLedger;
import dev.mediaferry.uploads.NewUpload;
import dev.mediaferry.uploads.VerifiedUpload;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;

/** What a sweep must not take away, and what must not keep it from the rest. */
@Tag("slow")
class UploadLeftoversTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final String REGISTRY =
            """
            uploads:
              - { type: POST_IMAGE, folder: posts, content: [image/jpeg], max-bytes: 20MB, attach: { table: post, user: author } }
              - { type: NOTE_IMAGE, folder: notes, content: [image/jpeg], max-bytes: 20MB, attach: { table: note, user: author } }
            """;

    private static final byte[] BYTES = "the bytes".getBytes(StandardCharsets.UTF_8);

    private static Engine engine;

    private final SecureRandom random = new SecureRandom();

    private MediaLedger media;

    @BeforeEach
    void start() {
        SANDBOX.execute(
                "create table if not exists post (id bigint primary key, author text)",
                "create table if not exists note (id uuid primary key, author text)");
        if (engine == null) {
            engine = SANDBOX.keep(SANDBOX.engine(REGISTRY));
        }
        media = engine.cases().media();
    }

    @AfterEach
    void showRows() {
        SANDBOX.execute("alter table post disable row level security");
    }

    @Test
    void knowsTheRowOfEveryIdThatItsColumnCanHave() {
        List<String> numbers =
                List.of("9223372036854775807", "-9223372036854775808", "1234567890123456789", "+5", "007");
        String plain = "a0eebc999c0b4ef8bb6d6bb9bd380a11";
        SANDBOX.execute("insert into note values ('" + plain + "', 'ann')");
        for (String number : numbers) {
            SANDBOX.execute("insert into post values (" + number + ", 'ann')");
            media.attach("post", number, "ann", List.of(ready("POST_IMAGE")));
        }
        media.attach("note", plain, "ann", List.of(ready("NOTE_IMAGE")));
        media.attach("post", "9223372036854775808", "ann", List.of(ready("POST_IMAGE")));

        assertThat(findings(engine)).containsExactly("detach owner-gone");
    }

    @Test
    void takesNoRowForGoneThatRowSecurityHidesSinceTheStart() {
        String user = "ferry_" + SANDBOX.bucketName();
        SANDBOX.execute(
                "create role " + user + " login password 'ferry'",
                "grant usage on schema public, mediaferry to " + user,
                "grant all on all tables in schema mediaferry, public to " + user,
                "grant all on all sequences in schema mediaferry to " + user,
                "grant execute on all functions in schema mediaferry to " + user);
        Engine restricted = SANDBOX.engine(REGISTRY, "database.user", user, "database.password", "ferry");
        SANDBOX.execute("insert into post values (1, 'ann')", "alter table post enable row level security");
        media.attach("post", "1", "ann", List.of(ready("POST_IMAGE")));

        assertThat(findings(restricted)).isEmpty();
    }

    @Test
    void removesWhatArrivesForADeletedMediumByAUrlThatWasStillValid() {
        UUID id = pending("POST_IMAGE", null);
        media.delete(id, "ann");
        assertThat(findings(engine)).containsExactly("remove deleted");
        arrive(id);

        assertThat(findings(engine)).isEmpty();
        SANDBOX.execute("update mediaferry.media_deleted set deleted_at = now() - interval '2 hours'");
        assertThat(findings(engine)).containsExactly("remove incoming");

        assertThat(SANDBOX.keys()).isEmpty();
        assertThat(findings(engine)).isEmpty();
    }

    @Test
    void waitsForTheLastSignatureOfASessionHoweverLongItIsValid() {
        Engine patient = SANDBOX.engine(REGISTRY, "upload.expiry", "2d");
        UUID id = pending("POST_IMAGE", null);
        media.failed(id, "cancelled", null);
        SANDBOX.execute("update mediaferry.upload_session set expires_at = now() - interval '1 day'");
        assertThat(findings(patient)).isEmpty();
        arrive(id);
        SANDBOX.execute("update mediaferry.upload_session set expires_at = now() - interval '3 days'");

        assertThat(findings(patient)).containsExactly("remove incoming");

        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void removesMoreThanAPageInOneSweepAndWhatIsBesideABucketThatRefuses() throws Exception {
        try (SmallStore store = new SmallStore()) {
            store.put("/open", "");
            store.put("/closed", "");
            Engine elsewhere = SANDBOX.engine(REGISTRY, store.settings("open").toArray(String[]::new));
            tombstones("null", 1, 2400);
            assertThat(elsewhere.sweepUploads(false).failures()).isZero();
            assertThat(unsettled()).isZero();

            store.refuse(request -> request.contains("/closed/") ? 403 : 0);
            tombstones("'closed'", 1, 3);
            tombstones("null", 4, 6);
            assertThat(elsewhere.sweepUploads(false).failures()).isPositive();
            assertThat(unsettled()).isEqualTo(3);
        }
    }

    /** Half of them of media whose object the ledger never heard of. */
    private static void tombstones(String bucket, int from, int to) {
        SANDBOX.execute(
                "insert into mediaferry.media_deleted (media_id, user_id, media_type, status, storage_key, bucket, etag)"
                        + " select gen_random_uuid(), 'ann', 'POST_IMAGE', 'READY', 'posts/' || i, " + bucket
                        + ", case when i % 2 = 0 then 'e' end from generate_series(" + from + ", " + to + ") i");
    }

    @Test
    void leavesTheUploadsOfAnotherLedgerAlone() {
        UUID id = MediaId.create(Instant.now(), random);
        String key = IncomingKey.of("incoming", UUID.randomUUID(), id);
        String upload = SANDBOX.bucket()
                .createMultipartUpload(
                        request -> request.bucket(SANDBOX.bucketName()).key(key))
                .uploadId();
        create(id, "POST_IMAGE", key, upload);
        media.delete(id, "ann");

        findings(engine);

        assertThat(SANDBOX.bucket()
                        .listMultipartUploads(request -> request.bucket(SANDBOX.bucketName()))
                        .uploads())
                .hasSize(1);
    }

    private static List<String> findings(Engine sweeping) {
        return sweeping.sweepUploads(false).findings().stream()
                .map(finding -> finding.action() + " " + finding.reason())
                .toList();
    }

    private UUID pending(String type, String uploadId) {
        UUID id = MediaId.create(Instant.now(), random);
        create(id, type, incoming(id), uploadId);
        return id;
    }

    private void create(UUID id, String type, String incoming, String uploadId) {
        media.create(new NewUpload(
                id,
                "ann",
                type,
                "posts/ann/" + id + ".jpg",
                null,
                "a.jpg",
                null,
                "image/jpeg",
                null,
                incoming,
                uploadId,
                uploadId == null ? null : 5_242_880L,
                20_000_000,
                86_400));
    }

    private UUID ready(String type) {
        UUID id = pending(type, null);
        media.uploadedAndReady(new VerifiedUpload(id, BYTES.length, "image/jpeg", null, "e", null, null, null, null));
        return id;
    }

    private void arrive(UUID id) {
        SANDBOX.bucket()
                .putObject(
                        request -> request.bucket(SANDBOX.bucketName()).key(incoming(id)),
                        RequestBody.fromBytes(BYTES));
    }

    private static String incoming(UUID id) {
        return IncomingKey.of("incoming", UUID.fromString(SANDBOX.ledgerId()), id);
    }

    private static long unsettled() {
        return SANDBOX.sql()
                .sql("select count(*) from mediaferry.media_deleted where settled_at is null")
                .query(Long.class)
                .single();
    }
}
