package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UploadedMedia;
import dev.mediaferry.uploads.SweepReport;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;

/** What becomes of the objects of media that nobody needs, and of what arrived for them. */
@Tag("slow")
class UploadObjectSweepsRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UploadedMedia UPLOADS = new UploadedMedia(SANDBOX);

    @Test
    void removesNoObjectThatDoesNotCarryOurLedgersId() {
        UUID theirs = UPLOADS.ready("POST_IMAGE", false);
        SANDBOX.bucket()
                .putObject(
                        request -> request.bucket(SANDBOX.bucketName())
                                .key(UPLOADS.key(theirs))
                                .metadata(Map.of(
                                        "mediaferry-ledger", UUID.randomUUID().toString())),
                        RequestBody.fromBytes(UploadedMedia.BYTES));
        UPLOADS.setEtag(theirs);
        UPLOADS.media().delete(theirs, "ann");
        UUID changed = UPLOADS.ready("POST_IMAGE", true);
        SANDBOX.execute("update mediaferry.media set etag = 'another'");
        UPLOADS.media().delete(changed, "ann");

        SweepReport report = UPLOADS.engine().sweepUploads(false);

        assertThat(report.kept()).isEqualTo(2);
        assertThat(SANDBOX.keys()).hasSize(2);
        assertThat(SANDBOX.sql()
                        .sql(
                                "select count(*) from mediaferry.media_deleted where kept is not null and settled_at is not null")
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
        assertThat(UPLOADS.findings(false)).isEmpty();
    }

    @Test
    void removesNoObjectThatARowOrAnotherMediumLeadsTo() {
        UUID linked = UPLOADS.ready("POST_IMAGE", true);
        UUID twin = UPLOADS.ready("POST_IMAGE", true);
        String link = UPLOADS.engine().services().storage().target(UPLOADS.key(linked));
        SANDBOX.photo("1", link);
        String shared = UPLOADS.key(twin);
        UUID other = UPLOADS.pending("POST_IMAGE");
        SANDBOX.sql()
                .sql("update mediaferry.media set storage_key = ? where id = ?")
                .params(shared, other)
                .update();
        UPLOADS.media().delete(linked, "ann");
        UPLOADS.media().delete(twin, "ann");

        UPLOADS.sweep();

        assertThat(SANDBOX.keys()).hasSize(2);
        assertThat(SANDBOX.url("1")).isEqualTo(link);
    }

    @Test
    void removesWhatArrivedOnceNoUrlIsValidAnyMore() {
        UUID done = UPLOADS.ready("POST_IMAGE", true);
        UPLOADS.arrive(done);
        UUID infected = UPLOADS.pending("POST_IMAGE");
        UPLOADS.arrive(infected);
        UPLOADS.media().failed(infected, "infected", null);
        UUID deleted = UPLOADS.pending("POST_IMAGE");
        UPLOADS.arrive(deleted);
        UPLOADS.media().delete(deleted, "ann");

        assertThat(UPLOADS.findings(false)).containsExactly("remove deleted");
        assertThat(SANDBOX.keys())
                .containsExactlyInAnyOrder(UPLOADS.key(done), UPLOADS.incoming(done), UPLOADS.incoming(infected));
        SANDBOX.execute("update mediaferry.upload_session set expires_at = now() - interval '2 hours'");

        assertThat(UPLOADS.findings(false)).containsExactly("remove incoming");
        assertThat(SANDBOX.keys()).containsExactlyInAnyOrder(UPLOADS.key(done), UPLOADS.incoming(infected));
        assertThat(UPLOADS.media().session(done)).isEmpty();
    }

    @Test
    void abortsTheMultipartUploadOfWhatIsDeleted() {
        UUID id = UPLOADS.id();
        String upload = SANDBOX.bucket()
                .createMultipartUpload(
                        request -> request.bucket(SANDBOX.bucketName()).key(UPLOADS.incoming(id)))
                .uploadId();
        UPLOADS.create(id, "POST_IMAGE", upload, 5_000_000L);
        UPLOADS.media().delete(id, "ann");

        UPLOADS.sweep();

        assertThat(SANDBOX.bucket()
                        .listMultipartUploads(request -> request.bucket(SANDBOX.bucketName()))
                        .uploads())
                .isEmpty();
        assertThat(UPLOADS.engine().sweepUploads(true).findings()).isEmpty();
    }

    @Test
    void removesAnObjectThatWasPromotedBeforeTheLedgerHeardOfIt() {
        UUID id = UPLOADS.pending("POST_IMAGE");
        UPLOADS.store(id);
        UPLOADS.media().delete(id, "ann");

        UPLOADS.sweep();

        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void triesAgainWhatTheStoreDidNotRemoveAndForgetsTombstonesAfterAMonth() {
        UUID id = UPLOADS.ready("POST_IMAGE", true);
        UPLOADS.media().delete(id, "ann");
        UPLOADS.sweep();
        assertThat(UPLOADS.tombstones()).isEqualTo(1);
        SANDBOX.execute("update mediaferry.media_deleted set settled_at = now() - interval '31 days'");

        UPLOADS.sweep();

        assertThat(UPLOADS.tombstones()).isZero();
    }
}
