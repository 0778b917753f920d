package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.object.IncomingKey;
import dev.mediaferry.uploads.MediaId;
import dev.mediaferry.uploads.MediaLedger;
import dev.mediaferry.uploads.Medium;
import dev.mediaferry.uploads.NewUpload;
import dev.mediaferry.uploads.Owners;
import dev.mediaferry.uploads.SweepFinding;
import dev.mediaferry.uploads.SweepReport;
import dev.mediaferry.uploads.VerifiedUpload;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;

/** What becomes of media that nobody needs, in ledger and bucket. */
class UploadSweepsRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final String REGISTRY =
            """
            hosts: ["127.0.0.1"]
            fields:
              - { table: Photo, column: url, folder: photos }
            uploads:
              - { type: POST_IMAGE, folder: posts, content: [image/jpeg], max-bytes: 20MB, attach: { table: post, user: author } }
              - { type: PROFILE_IMAGE, folder: profiles, content: [image/jpeg], max-bytes: 5MB, replace: user }
              - { type: FILE_IMAGE, folder: files, content: [image/jpeg], max-bytes: 5MB }
            """;

    private static final byte[] BYTES = "the bytes".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    private static Engine engine;

    private final SecureRandom random = new SecureRandom();

    private MediaLedger media;

    @BeforeEach
    void start() {
        SANDBOX.execute("create table if not exists post (id bigint primary key, author text)");
        if (engine == null) {
            engine = SANDBOX.engine(REGISTRY);
        }
        media = engine.cases().media();
    }

    @AfterEach
    void dropReferences() {
        SANDBOX.execute("drop table if exists cover");
    }

    @Test
    void failsWhatWasNotCompletedInTime() {
        UUID expired = pending("POST_IMAGE");
        UUID leased = pending("POST_IMAGE");
        SANDBOX.execute("update mediaferry.upload_session set expires_at = now() - interval '1 minute'");
        media.lease(leased, 600);
        UUID open = pending("POST_IMAGE");

        assertThat(findings(true)).containsExactly("fail expired");
        assertThat(status(expired)).isEqualTo("PENDING");
        assertThat(findings(false)).containsExactly("fail expired");

        assertThat(List.of(status(expired), status(leased), status(open)))
                .containsExactly("FAILED expired", "PENDING", "PENDING");
    }

    @Test
    void failsWhatIsNotProcessedInTimeAndForgetsWhatHasFailedForAWeek() {
        UUID unprocessed = uploaded();
        UUID stuck = uploaded();
        media.processing(stuck);
        UUID failed = pending("POST_IMAGE");
        media.failed(failed, "cancelled", null);
        age("11 minutes", unprocessed);
        age("25 hours", stuck);
        age("8 days", failed);

        sweep();

        assertThat(status(unprocessed)).isEqualTo("FAILED unprocessed");
        assertThat(status(stuck)).isEqualTo("FAILED stuck");
        assertThat(media.find(failed)).isEmpty();
    }

    @Test
    void removesWhatNobodyHasAttachedWithItsObject() {
        UUID old = ready("POST_IMAGE", true);
        UUID young = ready("POST_IMAGE", true);
        UUID unexpecting = ready("FILE_IMAGE", true);
        age("25 hours", old);
        age("25 hours", unexpecting);

        SweepReport dry = engine.sweepUploads(true);
        assertThat(dry.findings()).extracting(SweepFinding::id).containsExactly(old);
        assertThat(SANDBOX.keys()).hasSize(3);

        sweep();

        assertThat(media.find(old)).isEmpty();
        assertThat(SANDBOX.keys()).containsExactlyInAnyOrder(key(young), key(unexpecting));
        assertThat(engine.sweepUploads(true).findings()).isEmpty();
    }

    @Test
    void keepsWhatAnAttachmentOrAForeignKeyNames() {
        UUID attached = ready("POST_IMAGE", true);
        UUID referenced = ready("POST_IMAGE", true);
        SANDBOX.execute(
                "create table cover (medium uuid references mediaferry.media on delete cascade)",
                "insert into post values (1, 'ann')");
        SANDBOX.sql().sql("insert into cover values (?)").param(referenced).update();
        media.attach("post", "1", "ann", List.of(attached));
        age("25 hours", attached);
        age("25 hours", referenced);

        assertThat(findings(false)).isEmpty();

        assertThat(media.find(attached)).isPresent();
        assertThat(media.find(referenced)).isPresent();
        assertThat(SANDBOX.keys()).hasSize(2);
    }

    @Test
    void detachesMediaWhoseRowIsGoneAndRemovesThemLater() {
        UUID orphaned = ready("POST_IMAGE", true);
        UUID kept = ready("POST_IMAGE", true);
        UUID elsewhere = ready("POST_IMAGE", true);
        UUID nonsense = ready("POST_IMAGE", true);
        SANDBOX.execute("insert into post values (2, 'ann')");
        media.attach("post", "1", "ann", List.of(orphaned));
        media.attach("post", "2", "ann", List.of(kept));
        media.attach("letter", "1", "ann", List.of(elsewhere));
        media.attach("post", "no number", "ann", List.of(nonsense));

        assertThat(findings(true)).containsExactly("detach owner-gone", "detach owner-gone");
        assertThat(media.attached("post", "1")).hasSize(1);
        sweep();

        assertThat(media.attached("post", "1")).isEmpty();
        assertThat(media.attached("post", "2")).extracting(Medium::id).containsExactly(kept);
        assertThat(media.attached("letter", "1")).extracting(Medium::id).containsExactly(elsewhere);
        assertThat(media.find(orphaned)).isPresent();
        age("25 hours", orphaned);
        sweep();
        assertThat(media.find(orphaned)).isEmpty();
    }

    @Test
    void removesAProfilePictureWhenTheNextOneIsReady() {
        UUID first = ready("PROFILE_IMAGE", true);
        UUID second = pending("PROFILE_IMAGE");
        assertThat(findings(false)).isEmpty();
        SANDBOX.execute("update mediaferry.media set user_id = 'bob' where id = '" + second + "'");
        store(second);
        media.uploadedAndReady(verified(second));
        assertThat(findings(false)).isEmpty();
        SANDBOX.execute("update mediaferry.media set user_id = 'ann'");

        assertThat(findings(false)).containsExactly("delete replaced");

        assertThat(media.find(first)).isEmpty();
        assertThat(SANDBOX.keys()).containsExactly(key(second));
    }

    @Test
    void removesNoObjectThatDoesNotCarryOurLedgersId() {
        UUID theirs = ready("POST_IMAGE", false);
        SANDBOX.bucket()
                .putObject(
                        request -> request.bucket(SANDBOX.bucketName())
                                .key(key(theirs))
                                .metadata(Map.of(
                                        "mediaferry-ledger", UUID.randomUUID().toString())),
                        RequestBody.fromBytes(BYTES));
        setEtag(theirs);
        media.delete(theirs, "ann");
        UUID changed = ready("POST_IMAGE", true);
        SANDBOX.execute("update mediaferry.media set etag = 'another'");
        media.delete(changed, "ann");

        SweepReport report = engine.sweepUploads(false);

        assertThat(report.kept()).isEqualTo(2);
        assertThat(SANDBOX.keys()).hasSize(2);
        assertThat(SANDBOX.sql()
                        .sql(
                                "select count(*) from mediaferry.media_deleted where kept is not null and settled_at is not null")
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
        assertThat(findings(false)).isEmpty();
    }

    @Test
    void removesNoObjectThatARowOrAnotherMediumLeadsTo() {
        UUID linked = ready("POST_IMAGE", true);
        UUID twin = ready("POST_IMAGE", true);
        String link = engine.services().storage().target(key(linked));
        SANDBOX.photo("1", link);
        String shared = key(twin);
        UUID other = pending("POST_IMAGE");
        SANDBOX.sql()
                .sql("update mediaferry.media set storage_key = ? where id = ?")
                .params(shared, other)
                .update();
        media.delete(linked, "ann");
        media.delete(twin, "ann");

        sweep();

        assertThat(SANDBOX.keys()).hasSize(2);
        assertThat(SANDBOX.url("1")).isEqualTo(link);
    }

    @Test
    void removesWhatArrivedOnceNoUrlIsValidAnyMore() {
        UUID done = ready("POST_IMAGE", true);
        arrive(done);
        UUID infected = pending("POST_IMAGE");
        arrive(infected);
        media.failed(infected, "infected", null);
        UUID deleted = pending("POST_IMAGE");
        arrive(deleted);
        media.delete(deleted, "ann");

        assertThat(findings(false)).containsExactly("remove deleted");
        assertThat(SANDBOX.keys()).containsExactlyInAnyOrder(key(done), incoming(done), incoming(infected));
        SANDBOX.execute("update mediaferry.upload_session set expires_at = now() - interval '2 hours'");

        assertThat(findings(false)).containsExactly("remove incoming");
        assertThat(SANDBOX.keys()).containsExactlyInAnyOrder(key(done), incoming(infected));
        assertThat(media.session(done)).isEmpty();
    }

    @Test
    void abortsTheMultipartUploadOfWhatIsDeleted() {
        UUID id = MediaId.create(Instant.now(), random);
        String upload = SANDBOX.bucket()
                .createMultipartUpload(
                        request -> request.bucket(SANDBOX.bucketName()).key(incoming(id)))
                .uploadId();
        create(id, "POST_IMAGE", upload, 5_000_000L);
        media.delete(id, "ann");

        sweep();

        assertThat(SANDBOX.bucket()
                        .listMultipartUploads(request -> request.bucket(SANDBOX.bucketName()))
                        .uploads())
                .isEmpty();
        assertThat(engine.sweepUploads(true).findings()).isEmpty();
    }

    @Test
    void removesAnObjectThatWasPromotedBeforeTheLedgerHeardOfIt() {
        UUID id = pending("POST_IMAGE");
        store(id);
        media.delete(id, "ann");

        sweep();

        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void triesAgainWhatTheStoreDidNotRemoveAndForgetsTombstonesAfterAMonth() {
        UUID id = ready("POST_IMAGE", true);
        media.delete(id, "ann");
        sweep();
        assertThat(tombstones()).isEqualTo(1);
        SANDBOX.execute("update mediaferry.media_deleted set settled_at = now() - interval '31 days'");

        sweep();

        assertThat(tombstones()).isZero();
    }

    @Test
    void knowsWhoseRowIsWhose() {
        SANDBOX.execute("insert into post values (7, 'ann')");
        Owners owners =
                new Owners(engine.cases().ownerTables(), engine.services().database());

        assertThat(owners.isOf("ann", "post", "7")).isTrue();
        assertThat(owners.isOf("bob", "post", "7")).isFalse();
        assertThat(owners.isOf("ann", "post", "8")).isFalse();
        assertThat(owners.isOf("ann", "post", "7; drop table post")).isFalse();
        assertThat(owners.isOf("ann", "letter", "8")).isTrue();
    }

    @Test
    void refusesATableThatCannotTellWhoseARowIs() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> SANDBOX.engine(REGISTRY.replace("user: author", "user: autor")))
                .withMessageContaining("POST_IMAGE: table post has no column autor; did you mean author?");
    }

    private void sweep() {
        assertThat(engine.sweepUploads(false).failures()).isZero();
    }

    private static List<String> findings(boolean dryRun) {
        return engine.sweepUploads(dryRun).findings().stream()
                .map(finding -> finding.action() + " " + finding.reason())
                .toList();
    }

    private UUID pending(String type) {
        UUID id = MediaId.create(Instant.now(), random);
        create(id, type, null, null);
        return id;
    }

    private void create(UUID id, String type, String uploadId, Long partSize) {
        media.create(new NewUpload(
                id,
                "ann",
                type,
                key(id),
                null,
                "a.jpg",
                null,
                "image/jpeg",
                null,
                incoming(id),
                uploadId,
                partSize,
                20_000_000,
                86_400));
    }

    private UUID uploaded() {
        UUID id = pending("POST_IMAGE");
        media.uploaded(verified(id));
        return id;
    }

    private UUID ready(String type, boolean stored) {
        UUID id = pending(type);
        media.uploadedAndReady(verified(id));
        if (stored) {
            store(id);
            setEtag(id);
        }
        return id;
    }

    private void store(UUID id) {
        SANDBOX.putOurs(key(id), 1, BYTES);
    }

    private void arrive(UUID id) {
        SANDBOX.bucket()
                .putObject(
                        request -> request.bucket(SANDBOX.bucketName()).key(incoming(id)),
                        RequestBody.fromBytes(BYTES));
    }

    private static void setEtag(UUID id) {
        SANDBOX.sql()
                .sql("update mediaferry.media set etag = ? where id = ?")
                .params(SANDBOX.head(key(id)).eTag(), id)
                .update();
    }

    private static VerifiedUpload verified(UUID id) {
        return new VerifiedUpload(id, BYTES.length, "image/jpeg", null, "e", null, null, null, null);
    }

    private static String key(UUID id) {
        return "posts/ann/" + id + ".jpg";
    }

    private static String incoming(UUID id) {
        return IncomingKey.of("incoming", UUID.fromString(SANDBOX.ledgerId()), id);
    }

    private static void age(String age, UUID id) {
        SANDBOX.sql()
                .sql("update mediaferry.media set status_since = now() - ?::interval,"
                        + " unattached_since = unattached_since - ?::interval where id = ?")
                .params(age, age, id)
                .update();
    }

    private String status(UUID id) {
        Medium medium = media.find(id).orElseThrow();
        return medium.status() + (medium.failure() == null ? "" : " " + medium.failure());
    }

    private static long tombstones() {
        return SANDBOX.sql()
                .sql("select count(*) from mediaferry.media_deleted")
                .query(Long.class)
                .single();
    }
}
