package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UploadedMedia;
import dev.mediaferry.uploads.Medium;
import dev.mediaferry.uploads.Owners;
import dev.mediaferry.uploads.SweepFinding;
import dev.mediaferry.uploads.SweepReport;
import java.sql.Connection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of media that nobody needs, in the ledger. */
class UploadSweepsRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UploadedMedia UPLOADS = new UploadedMedia(SANDBOX);

    @AfterEach
    void dropReferences() {
        SANDBOX.execute("drop table if exists cover");
    }

    @Test
    void failsWhatWasNotCompletedInTime() {
        UUID expired = UPLOADS.pending("POST_IMAGE");
        UUID leased = UPLOADS.pending("POST_IMAGE");
        SANDBOX.execute("update mediaferry.upload_session set expires_at = now() - interval '1 minute'");
        UPLOADS.media().lease(leased, 600);
        UUID open = UPLOADS.pending("POST_IMAGE");

        assertThat(UPLOADS.findings(true)).containsExactly("fail expired");
        assertThat(UPLOADS.status(expired)).isEqualTo("PENDING");
        assertThat(UPLOADS.findings(false)).containsExactly("fail expired");

        assertThat(List.of(UPLOADS.status(expired), UPLOADS.status(leased), UPLOADS.status(open)))
                .containsExactly("FAILED expired", "PENDING", "PENDING");
    }

    @Test
    void failsWhatIsNotProcessedInTimeAndForgetsWhatHasFailedForAWeek() {
        UUID unprocessed = UPLOADS.uploaded();
        UUID stuck = UPLOADS.uploaded();
        UPLOADS.media().processing(stuck);
        UUID failed = UPLOADS.pending("POST_IMAGE");
        UPLOADS.media().failed(failed, "cancelled", null);
        UPLOADS.age("11 minutes", unprocessed);
        UPLOADS.age("25 hours", stuck);
        UPLOADS.age("8 days", failed);

        UPLOADS.sweep();

        assertThat(UPLOADS.status(unprocessed)).isEqualTo("FAILED unprocessed");
        assertThat(UPLOADS.status(stuck)).isEqualTo("FAILED stuck");
        assertThat(UPLOADS.media().find(failed)).isEmpty();
    }

    @Test
    void removesWhatNobodyHasAttachedWithItsObject() {
        UUID old = UPLOADS.ready("POST_IMAGE", true);
        UUID young = UPLOADS.ready("POST_IMAGE", true);
        UUID unexpecting = UPLOADS.ready("FILE_IMAGE", true);
        UPLOADS.age("25 hours", old);
        UPLOADS.age("25 hours", unexpecting);

        SweepReport dry = UPLOADS.engine().sweepUploads(true);
        assertThat(dry.findings()).extracting(SweepFinding::id).containsExactly(old);
        assertThat(SANDBOX.keys()).hasSize(3);

        UPLOADS.sweep();

        assertThat(UPLOADS.media().find(old)).isEmpty();
        assertThat(SANDBOX.keys()).containsExactlyInAnyOrder(UPLOADS.key(young), UPLOADS.key(unexpecting));
        assertThat(UPLOADS.engine().sweepUploads(true).findings()).isEmpty();
    }

    @Test
    void removesUnattachedMediaWhenTheRegistrySaysSo() {
        UUID old = UPLOADS.ready("POST_IMAGE", true);
        UPLOADS.age("61 minutes", old);
        String attach = "attach: { table: post, user: author }";
        String registry = UploadedMedia.REGISTRY;

        assertThat(SANDBOX.engine(registry.replace(attach, attach + ", unattached-after: never"))
                        .sweepUploads(true)
                        .findings())
                .isEmpty();
        assertThat(UPLOADS.findings(true)).isEmpty();
        assertThat(SANDBOX.engine(registry.replace(attach, attach + ", unattached-after: 1h"))
                        .sweepUploads(true)
                        .counts())
                .containsOnlyKeys("delete unattached");
    }

    @Test
    void keepsWhatAnAttachmentOrAForeignKeyNames() {
        UUID attached = UPLOADS.ready("POST_IMAGE", true);
        UUID referenced = UPLOADS.ready("POST_IMAGE", true);
        SANDBOX.execute(
                "create table cover (medium uuid references mediaferry.media on delete cascade)",
                "insert into post values (1, 'ann')");
        SANDBOX.sql().sql("insert into cover values (?)").param(referenced).update();
        UPLOADS.media().attach("post", "1", "ann", List.of(attached));
        UPLOADS.age("25 hours", attached);
        UPLOADS.age("25 hours", referenced);

        assertThat(UPLOADS.findings(false)).isEmpty();

        assertThat(UPLOADS.media().find(attached)).isPresent();
        assertThat(UPLOADS.media().find(referenced)).isPresent();
        assertThat(SANDBOX.keys()).hasSize(2);
    }

    @Test
    void detachesMediaWhoseRowIsGoneAndRemovesThemLater() {
        UUID orphaned = UPLOADS.ready("POST_IMAGE", true);
        UUID kept = UPLOADS.ready("POST_IMAGE", true);
        UUID elsewhere = UPLOADS.ready("POST_IMAGE", true);
        UUID nonsense = UPLOADS.ready("POST_IMAGE", true);
        SANDBOX.execute("insert into post values (2, 'ann')");
        UPLOADS.media().attach("post", "1", "ann", List.of(orphaned));
        UPLOADS.media().attach("post", "2", "ann", List.of(kept));
        UPLOADS.media().attach("letter", "1", "ann", List.of(elsewhere));
        UPLOADS.media().attach("post", "no number", "ann", List.of(nonsense));

        assertThat(UPLOADS.findings(true)).containsExactly("detach owner-gone", "detach owner-gone");
        assertThat(UPLOADS.media().attached("post", "1")).hasSize(1);
        UPLOADS.sweep();

        assertThat(UPLOADS.media().attached("post", "1")).isEmpty();
        assertThat(UPLOADS.media().attached("post", "2")).extracting(Medium::id).containsExactly(kept);
        assertThat(UPLOADS.media().attached("letter", "1"))
                .extracting(Medium::id)
                .containsExactly(elsewhere);
        assertThat(UPLOADS.media().find(orphaned)).isPresent();
        UPLOADS.age("25 hours", orphaned);
        UPLOADS.sweep();
        assertThat(UPLOADS.media().find(orphaned)).isEmpty();
    }

    @Test
    void removesAProfilePictureWhenTheNextOneIsReady() {
        UUID first = UPLOADS.ready("PROFILE_IMAGE", true);
        UUID second = UPLOADS.pending("PROFILE_IMAGE");
        assertThat(UPLOADS.findings(false)).isEmpty();
        SANDBOX.execute("update mediaferry.media set user_id = 'bob' where id = '" + second + "'");
        UPLOADS.store(second);
        UPLOADS.media().uploadedAndReady(UPLOADS.verified(second));
        assertThat(UPLOADS.findings(false)).isEmpty();
        SANDBOX.execute("update mediaferry.media set user_id = 'ann'");

        assertThat(UPLOADS.findings(false)).containsExactly("delete replaced");

        assertThat(UPLOADS.media().find(first)).isEmpty();
        assertThat(SANDBOX.keys()).containsExactly(UPLOADS.key(second));
    }

    @Test
    void keepsAProfilePictureWhenAnOlderOneIsMovedLater() {
        UUID uploaded = UPLOADS.ready("PROFILE_IMAGE", true);
        SANDBOX.sql()
                .sql(
                        """
                        insert into mediaferry.media (id, user_id, media_type, storage_key, etag, status, origin)
                        values (?, 'ann', 'PROFILE_IMAGE', 'avatars/old.jpg', 'e', 'READY', 'entry')""")
                .param(UPLOADS.id())
                .update();

        assertThat(UPLOADS.findings(false)).isEmpty();

        assertThat(UPLOADS.media().find(uploaded)).isPresent();
    }

    @Test
    void leavesAttachedWhatGetsAnotherRowMeanwhile() throws Exception {
        UUID id = UPLOADS.ready("POST_IMAGE", true);
        SANDBOX.execute("insert into post values (2, 'ann')");
        UPLOADS.media().attach("post", "1", "ann", List.of(id));
        try (Connection application = SANDBOX.connect()) {
            application.setAutoCommit(false);
            application.createStatement().execute("update mediaferry.media_attachment set owner_id = '2'");
            CompletableFuture<List<String>> sweep = CompletableFuture.supplyAsync(() -> UPLOADS.findings(false));
            await().until(() -> SANDBOX.sql()
                    .sql("select exists (select from pg_stat_activity where datname = current_database()"
                            + " and wait_event_type = 'Lock')")
                    .query(Boolean.class)
                    .single());
            application.commit();
            sweep.join();
        }

        assertThat(UPLOADS.media().attached("post", "2")).extracting(Medium::id).containsExactly(id);
    }

    @Test
    void keepsWhatAForeignKeyOfSeveralColumnsNames() {
        UUID named = UPLOADS.ready("POST_IMAGE", true);
        UUID free = UPLOADS.ready("POST_IMAGE", true);
        SANDBOX.execute("alter table mediaferry.media add constraint whose unique (user_id, id)");
        try {
            SANDBOX.execute("create table cover (\"by whom\" text, medium uuid, foreign key (\"by whom\", medium)"
                    + " references mediaferry.media (user_id, id) on delete cascade)");
            SANDBOX.sql()
                    .sql("insert into cover values ('ann', ?)")
                    .param(named)
                    .update();
            UPLOADS.age("25 hours", named);
            UPLOADS.age("25 hours", free);

            assertThat(UPLOADS.findings(false)).containsExactly("delete unattached");

            assertThat(UPLOADS.media().find(named)).isPresent();
            assertThat(UPLOADS.media().find(free)).isEmpty();
        } finally {
            SANDBOX.execute("alter table mediaferry.media drop constraint whose cascade");
        }
    }

    @Test
    void refusesTwoAnswersToWhoseARowIs() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> SANDBOX.engine(UploadedMedia.REGISTRY
                        + "  - { type: STAMP, folder: stamps, content: [image/jpeg], max-bytes: 5MB,"
                        + " attach: { table: post, user: id } }\n"))
                .withMessageContaining(
                        "STAMP: attach: post has id id and user author in a line before, so it cannot have id id and user id here");
    }

    @Test
    void knowsWhoseRowIsWhose() {
        SANDBOX.execute("insert into post values (7, 'ann')");
        Owners owners = new Owners(
                UPLOADS.engine().cases().ownerTables(),
                UPLOADS.engine().services().database());

        assertThat(owners.isOf("ann", "post", "7")).isTrue();
        assertThat(owners.isOf("bob", "post", "7")).isFalse();
        assertThat(owners.isOf("ann", "post", "8")).isFalse();
        assertThat(owners.isOf("ann", "post", "7; drop table post")).isFalse();
        assertThat(owners.isOf("ann", "letter", "8")).isTrue();
    }

    @Test
    void refusesATableThatCannotTellWhoseARowIs() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> SANDBOX.engine(UploadedMedia.REGISTRY.replace("user: author", "user: autor")))
                .withMessageContaining("POST_IMAGE: table post has no column autor; did you mean author?");
    }
}
