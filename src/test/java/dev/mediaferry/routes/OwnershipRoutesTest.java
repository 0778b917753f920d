package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.content.Digests;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Undo;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.rollback.RollbackReport;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.verify.OrphanOptions;
import dev.mediaferry.verify.OrphanReport;
import dev.mediaferry.verify.OrphanReport.Orphan;
import dev.mediaferry.verify.VerifyOptions;
import dev.mediaferry.verify.VerifyReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** What is deleted from a bucket that others use as well: a second database, and the user's application. */
@Tag("slow")
class OwnershipRoutesTest {

    private static final String SHARED = "{folder}/{sha256}.{ext}";

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.delete-shared", "false");

    @RegisterExtension
    static final Sandbox NEIGHBOUR = SANDBOX.neighbour("storage.delete-shared", "false");

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @BeforeEach
    void startBoth() {
        SANDBOX.engine();
        NEIGHBOUR.engine();
    }

    @Test
    void keepsAndListsTheObjectsOfAnotherDatabase() throws Exception {
        SANDBOX.photo("1", CDN.picture());
        NEIGHBOUR.photo("2", NEIGHBOUR.cdn().picture());
        SANDBOX.migrate();
        NEIGHBOUR.migrate();
        SANDBOX.ageObjects();

        OrphanReport report = orphans();

        assertThat(outcomes(report)).containsExactly(SANDBOX.key(NEIGHBOUR.url("2")) + " theirs");
        assertThat(report.found()).isZero();
        assertThat(SANDBOX.keys()).hasSize(2);
        VerifyReport verified = verify(false);
        assertThat(verified.counts()).isEmpty();
        assertThat(verified.theirs()).isEqualTo(1);
    }

    @Test
    void aDeletedMediumLeavesAnObjectThatAnotherDatabaseMayShareByItsBytes() {
        String registry =
                """
                hosts: ["127.0.0.1"]
                fields:
                  - { table: Photo, column: url, folder: photos, media: { type: POST_IMAGE, user: id } }
                uploads:
                  - { type: POST_IMAGE, folder: posts, content: [image/jpeg], max-bytes: 20MB }
                """;
        SANDBOX.photo("1", CDN.picture());
        Engine ours = SANDBOX.engine(registry, "storage.key", SHARED);
        ours.migrate(RunOptions.ALL);
        String key = SANDBOX.key(SANDBOX.url("1"));

        SANDBOX.execute(
                "update \"Photo\" set url = 'mine'",
                "update mediaferry.transfer set state = 'superseded'",
                "delete from mediaferry.media");
        ours.sweepUploads(false);

        assertThat(SANDBOX.keys()).containsExactly(key);
        assertThat(SANDBOX.sql()
                        .sql("select kept is not null from mediaferry.media_deleted")
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    @Test
    void keepsWhatTheApplicationHasStoredInOurFolder() throws Exception {
        put("photos/upload.jpg", Map.of());
        put("photos/of-another-program.jpg", Map.of("sha256", "0".repeat(64)));
        SANDBOX.ageObjects();
        assertThat(outcomes(orphans()))
                .containsExactly("photos/of-another-program.jpg unknown", "photos/upload.jpg unknown");
        assertThat(SANDBOX.keys()).hasSize(2);
    }

    @Test
    void keepsWhatRowsLeadToInAnyFormOfAddressAlthoughTheLedgerWasPruned() throws Exception {
        for (int i = 1; i <= 6; i++) {
            SANDBOX.photo("row" + i, CDN.picture());
        }
        SANDBOX.migrate();
        String bucket = SANDBOX.bucketName();
        SANDBOX.execute(
                "update \"Photo\" set url = url || '?v=2' where id = 'row1'",
                "update \"Photo\" set url = ' ' || url || '#top' where id = 'row2'",
                "update \"Photo\" set url = regexp_replace(url, '^.*/" + bucket
                        + "/', 'https://former.example/media/') where id = 'row3'",
                "update \"Photo\" set url = regexp_replace(url, '^.*/" + bucket + "/', 's3://" + bucket
                        + "/') where id = 'row4'",
                "update \"Photo\" set url = regexp_replace(url, '//([^/]*)/" + bucket + "/', '//" + bucket
                        + ".\\1/') where id = 'row5'",
                "delete from \"Photo\" where id = 'row6'",
                "delete from mediaferry.transfer");
        SANDBOX.ageObjects();

        OrphanReport report = orphans();

        assertThat(report.held()).isEqualTo(5);
        assertThat(report.removed()).isEqualTo(1);
        assertThat(SANDBOX.keys()).hasSize(5).noneMatch(key -> key.contains("row6"));
    }

    @Test
    void aRollbackKeepsWhatIsNotWhatWasStored() {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.photo("2", CDN.picture());
        SANDBOX.photo("3", CDN.picture());
        SANDBOX.photo("4", CDN.picture());
        SANDBOX.migrate();
        String changed = SANDBOX.key(SANDBOX.url("1"));
        SANDBOX.putOurs(changed, 1, Pictures.jpeg(77));
        put(SANDBOX.key(SANDBOX.url("2")), Map.of());
        String gone = SANDBOX.key(SANDBOX.url("3"));
        SANDBOX.bucket()
                .deleteObject(request -> request.bucket(SANDBOX.bucketName()).key(gone));

        RollbackReport report = SANDBOX.engine().rollback(Undo.field(true));

        assertThat(report.objectsNotOurs()).isEqualTo(2);
        assertThat(report.objectsGone()).isEqualTo(1);
        assertThat(report.objectsRemoved()).isEqualTo(1);
        assertThat(report.failed()).isTrue();
        assertThat(report.kept())
                .extracting(RollbackReport.Kept::reason)
                .anyMatch(reason -> reason.contains("is not what was stored"))
                .anyMatch(reason -> reason.contains("carries no ledger's id"));
        assertThat(SANDBOX.object(changed)).isEqualTo(Pictures.jpeg(77));
        assertThat(SANDBOX.transfer("1")).containsEntry("object_state", "present");
    }

    @Test
    void theSweepKeepsWhatAnotherLedgerHasStoredAndAsksOnce() {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.migrate();
        String key = SANDBOX.key(SANDBOX.url("1"));
        put(key, Map.of("mediaferry-ledger", NEIGHBOUR.ledgerId()));
        SANDBOX.execute("update \"Photo\" set url = 'mine'", "update mediaferry.transfer set state = 'superseded'");
        SANDBOX.engine().sweep();
        assertThat(SANDBOX.keys()).containsExactly(key);
        assertThat(SANDBOX.transfer("1")).containsEntry("object_state", "kept");
    }

    @Test
    void keepsBytesThatTwoDatabasesShareUnlessTheBucketIsOursAlone() throws Exception {
        byte[] same = Pictures.png(5);
        SANDBOX.photo("1", CDN.serving(same));
        NEIGHBOUR.photo("2", NEIGHBOUR.cdn().serving(same));
        Engine ours = SANDBOX.engine(Sandbox.REGISTRY, "storage.key", SHARED);
        ours.migrate(RunOptions.ALL);
        NEIGHBOUR.engine(Sandbox.REGISTRY, "storage.key", SHARED).migrate(RunOptions.ALL);
        assertThat(SANDBOX.keys()).hasSize(1);

        assertThat(ours.rollback(Undo.field(true)).objectsNotOurs()).isEqualTo(1);
        assertThat(SANDBOX.object(SANDBOX.keys().get(0))).isEqualTo(same);

        SANDBOX.putOurs(SANDBOX.keys().get(0), number("1"), same);
        Engine alone = SANDBOX.engine(Sandbox.REGISTRY, "storage.key", SHARED, "storage.delete-shared", "true");
        assertThat(alone.rollback(Undo.field(true)).objectsRemoved()).isEqualTo(1);
    }

    @Test
    void keepsWhatAFormerTemplateMadeOfItsBytes() throws Exception {
        byte[] bytes = Pictures.jpeg(9);
        String key = "photos/" + Digests.sha256(bytes) + ".jpg";
        SANDBOX.putOurs(key, 0, bytes);
        SANDBOX.ageObjects();
        assertThat(outcomes(orphans())).containsExactly(key + " shared");
        assertThat(SANDBOX.keys()).containsExactly(key);
    }

    @ParameterizedTest
    @CsvSource({"superseded, present", "superseded, unknown", "discarded, present", "discarded, unknown"})
    void marksASharedObjectForOthersToSeeBeforeItIsSwept(String state, String objectState) {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.engine(Sandbox.REGISTRY, "storage.key", SHARED).migrate(RunOptions.ALL);
        SANDBOX.execute("update mediaferry.transfer set state = '" + state + "', object_state = '" + objectState + "'");
        SANDBOX.sql().sql(Database.statement("sweep-candidates")).query().listOfRows();
        assertThat(SANDBOX.sql()
                        .sql(Database.statement("removals"))
                        .param("objectKey", SANDBOX.keys().get(0))
                        .param("bucket", null)
                        .param("sha256", null)
                        .query()
                        .singleRow())
                .containsEntry("removals", 1L);
    }

    @Test
    void adoptsWhatWasStoredBeforeObjectsCarriedAnId() throws Exception {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.photo("2", CDN.picture());
        SANDBOX.migrate();
        String key = SANDBOX.key(SANDBOX.url("1"));
        byte[] bytes = SANDBOX.object(key);
        String other = SANDBOX.key(SANDBOX.url("2"));
        String sha256 = (String) SANDBOX.transfer("1").get("sha256");
        putAsBefore(key, bytes, sha256);
        putAsBefore(other, Pictures.jpeg(3), "0".repeat(64));

        VerifyReport report = verify(true);

        assertThat(report.claimed()).isEqualTo(1);
        assertThat(report.counts()).containsKey("unclaimed");
        HeadObjectResponse head = SANDBOX.head(key);
        assertThat(head.metadata())
                .containsEntry("mediaferry-ledger", SANDBOX.ledgerId())
                .containsEntry("mediaferry-transfer", Long.toString(number("1")))
                .containsEntry("sha256", sha256);
        assertThat(head.contentType()).isEqualTo("image/jpeg");
        assertThat(head.cacheControl()).isEqualTo("private");
        assertThat(SANDBOX.object(key)).isEqualTo(bytes);
        assertThat(SANDBOX.head(other).metadata()).doesNotContainKey("mediaferry-ledger");
        assertThat(SANDBOX.engine().rollback(Undo.field(true)).objectsRemoved()).isEqualTo(1);
        assertThat(SANDBOX.keys()).containsExactly(other);
    }

    private static void putAsBefore(String key, byte[] bytes, String sha256) {
        SANDBOX.bucket()
                .putObject(
                        request -> request.bucket(SANDBOX.bucketName())
                                .key(key)
                                .contentType("image/jpeg")
                                .cacheControl("private")
                                .metadata(Map.of("sha256", sha256)),
                        RequestBody.fromBytes(bytes));
    }

    private static void put(String key, Map<String, String> metadata) {
        SANDBOX.bucket()
                .putObject(
                        request -> request.bucket(SANDBOX.bucketName()).key(key).metadata(metadata),
                        RequestBody.fromBytes(Pictures.jpeg(9)));
    }

    private static long number(String id) {
        return ((Number) SANDBOX.transfer(id).get("id")).longValue();
    }

    private static OrphanReport orphans() {
        return SANDBOX.engine().orphans().run(new OrphanOptions(Duration.ofHours(1), true, false), orphan -> {});
    }

    private VerifyReport verify(boolean claim) {
        return SANDBOX.engine()
                .verifications()
                .run(new VerifyOptions(List.of(), OptionalLong.empty(), 0, claim, false));
    }

    private static List<String> outcomes(OrphanReport report) {
        return report.orphans().stream()
                .map((Orphan orphan) -> orphan.key() + " " + orphan.outcome())
                .toList();
    }
}
