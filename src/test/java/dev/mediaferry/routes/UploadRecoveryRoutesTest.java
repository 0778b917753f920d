package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SmallStore;
import dev.mediaferry.fixture.UploadedMedia;
import dev.mediaferry.object.IncomingKey;
import dev.mediaferry.uploads.MediaId;
import dev.mediaferry.uploads.MediaSweeps;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** What becomes of uploads whose clients say nothing any more. */
class UploadRecoveryRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UploadedMedia UPLOADS = new UploadedMedia(SANDBOX);

    private static final byte[] PICTURE = Pictures.jpeg(1);

    @BeforeEach
    void abortMultipartUploads() {
        UPLOADS.abortAll();
    }

    @Test
    void completesWhatNobodyHasReported() {
        UUID uploaded = UPLOADS.pending("POST_IMAGE");
        put(UPLOADS.incoming(uploaded), PICTURE);
        UUID open = UPLOADS.pending("POST_IMAGE");

        assertThat(UPLOADS.findings(true)).containsExactly("complete unreported");
        assertThat(UPLOADS.status(uploaded)).isEqualTo("PENDING");
        assertThat(UPLOADS.findings(false)).containsExactly("complete unreported");

        assertThat(UPLOADS.status(uploaded)).isEqualTo("READY");
        assertThat(UPLOADS.status(open)).isEqualTo("PENDING");
        assertThat(SANDBOX.keys()).containsExactly(UPLOADS.key(uploaded));
        assertThat(SANDBOX.object(UPLOADS.key(uploaded))).isEqualTo(PICTURE);
        assertThat(UPLOADS.findings(false)).isEmpty();
    }

    @Test
    void completesWhatWasUploadedInTimeAndExpiresTheRest() {
        UUID uploaded = UPLOADS.pending("POST_IMAGE");
        put(UPLOADS.incoming(uploaded), PICTURE);
        UUID empty = UPLOADS.pending("POST_IMAGE");
        SANDBOX.execute("update mediaferry.upload_session set expires_at = now() - interval '1 minute'");

        assertThat(UPLOADS.findings(true)).containsExactlyInAnyOrder("complete unreported", "fail expired");
        assertThat(UPLOADS.findings(false)).containsExactlyInAnyOrder("complete unreported", "fail expired");

        assertThat(UPLOADS.status(uploaded)).isEqualTo("READY");
        assertThat(UPLOADS.status(empty)).isEqualTo("FAILED expired");
    }

    @Test
    void failsWhatIsNotWhatWasAnnounced() {
        UUID id = UPLOADS.pending("POST_IMAGE");
        UPLOADS.arrive(id);

        assertThat(UPLOADS.findings(false)).containsExactly("complete unreported");

        assertThat(UPLOADS.status(id)).isEqualTo("FAILED other-type");
    }

    @Test
    void putsPartsTogetherWhenTheyAreAllThere() {
        UUID whole = multipart(PICTURE.length, 20_000_000);
        UUID missing = multipart(PICTURE.length + 1, 20_000_000);

        assertThat(UPLOADS.findings(true)).containsExactly("complete unreported");
        assertThat(UPLOADS.findings(false)).containsExactly("complete unreported");

        assertThat(UPLOADS.status(whole)).isEqualTo("READY");
        assertThat(SANDBOX.object(UPLOADS.key(whole))).isEqualTo(PICTURE);
        assertThat(UPLOADS.status(missing)).isEqualTo("PENDING");
        assertThat(multipartUploads()).containsExactly(UPLOADS.incoming(missing));
    }

    @Test
    void leavesPartsAloneWhoseSizeNobodyHasAnnounced() {
        UUID unknown = multipart(null, 20_000_000);

        assertThat(UPLOADS.findings(false)).isEmpty();

        assertThat(UPLOADS.status(unknown)).isEqualTo("PENDING");
    }

    @Test
    void abortsPartsThatAreMoreThanTheirUserMayUpload() {
        UUID large = multipart(null, PICTURE.length - 1);

        assertThat(UPLOADS.findings(true)).containsExactly("fail too-large");
        assertThat(multipartUploads()).hasSize(1);
        assertThat(UPLOADS.findings(false)).containsExactly("fail too-large");

        assertThat(UPLOADS.status(large)).isEqualTo("FAILED too-large");
        assertThat(multipartUploads()).isEmpty();
    }

    @Test
    void abortsOldMultipartUploadsOfOursThatNoMediumHas() {
        UUID ours = UUID.fromString(SANDBOX.ledgerId());
        Instant old = Instant.now().minus(Duration.ofHours(25));
        String stray = begin(IncomingKey.of("incoming", ours, id(old)));
        String young = begin(IncomingKey.of("incoming", ours, id(Instant.now())));
        String theirs = begin(IncomingKey.of("incoming", UUID.randomUUID(), id(old)));
        String elsewhere = begin(IncomingKey.of("uploads", ours, id(old)));
        UUID known = id(old);
        String upload = createMultipart(UPLOADS.incoming(known));
        UPLOADS.create(known, "POST_IMAGE", upload, 5_000_000L);

        assertThat(UPLOADS.findings(true)).containsExactly("abort stray");
        assertThat(multipartUploads()).contains(stray);
        assertThat(UPLOADS.findings(false)).containsExactly("abort stray");

        assertThat(multipartUploads()).containsExactlyInAnyOrder(young, theirs, elsewhere, UPLOADS.incoming(known));
        assertThat(UPLOADS.findings(false)).isEmpty();
    }

    @Test
    void looksForAnUploadAgainWhenItsTurnHasCome() {
        UUID id = UPLOADS.pending("POST_IMAGE");
        completeUnreported();
        put(UPLOADS.incoming(id), PICTURE);

        completeUnreported();
        assertThat(UPLOADS.status(id)).isEqualTo("PENDING");
        SANDBOX.execute("update mediaferry.upload_session set look_at = look_at - interval '50 seconds'");
        completeUnreported();

        assertThat(UPLOADS.status(id)).isEqualTo("READY");
    }

    @Test
    void leavesAnUploadToTheOneWhoCompletesIt() {
        UUID id = UPLOADS.pending("POST_IMAGE");
        put(UPLOADS.incoming(id), PICTURE);
        UPLOADS.media().lease(id, 300);

        assertThat(UPLOADS.findings(false)).isEmpty();
        SANDBOX.execute("update mediaferry.upload_session set lease_until = now() - interval '1 second'");
        assertThat(UPLOADS.findings(false)).containsExactly("complete unreported");

        assertThat(UPLOADS.status(id)).isEqualTo("READY");
    }

    @Test
    void expiresNothingThatItCannotLookForUntilADayHasPassed() throws Exception {
        try (SmallStore store = new SmallStore()) {
            store.put("/uploads", "");
            Engine elsewhere = SANDBOX.engine(
                    UploadedMedia.REGISTRY, store.settings("uploads").toArray(String[]::new));
            UUID id = UPLOADS.pending("POST_IMAGE");
            SANDBOX.execute("update mediaferry.upload_session set expires_at = now() - interval '1 hour'");
            store.refuse(request -> 403);

            elsewhere.sweepUploads(false);
            assertThat(UPLOADS.status(id)).isEqualTo("PENDING");
            SANDBOX.execute("update mediaferry.upload_session set expires_at = now() - interval '25 hours'");
            elsewhere.sweepUploads(false);

            assertThat(UPLOADS.status(id)).isEqualTo("FAILED expired");
        }
    }

    /** As every minute. */
    private static void completeUnreported() {
        CamelContext context = UPLOADS.engine().context();
        MediaSweeps sweeps = context.getRegistry().lookupByNameAndType("mediaSweeps", MediaSweeps.class);
        context.createProducerTemplate().sendBody("direct:complete-unreported", sweeps.begin());
    }

    /** An upload in parts, of which the only one has arrived. */
    private static UUID multipart(Integer declared, long most) {
        UUID id = UPLOADS.id();
        String upload = createMultipart(UPLOADS.incoming(id));
        UPLOADS.create(id, "POST_IMAGE", upload, 5_242_880L);
        SANDBOX.sql()
                .sql("update mediaferry.upload_session set declared_size = ?::bigint, max_bytes = ? where media_id = ?")
                .params(declared, most, id)
                .update();
        SANDBOX.bucket()
                .uploadPart(
                        request -> request.bucket(SANDBOX.bucketName())
                                .key(UPLOADS.incoming(id))
                                .uploadId(upload)
                                .partNumber(1),
                        RequestBody.fromBytes(PICTURE));
        return id;
    }

    private static UUID id(Instant made) {
        return MediaId.create(made, new SecureRandom());
    }

    private static String begin(String key) {
        createMultipart(key);
        return key;
    }

    private static String createMultipart(String key) {
        return SANDBOX.bucket()
                .createMultipartUpload(
                        request -> request.bucket(SANDBOX.bucketName()).key(key))
                .uploadId();
    }

    private static List<String> multipartUploads() {
        return SANDBOX.bucket().listMultipartUploads(request -> request.bucket(SANDBOX.bucketName())).uploads().stream()
                .map(MultipartUpload::key)
                .toList();
    }

    private static void put(String key, byte[] bytes) {
        SANDBOX.bucket()
                .putObject(request -> request.bucket(SANDBOX.bucketName()).key(key), RequestBody.fromBytes(bytes));
    }
}
