package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.ColdStore;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.uploads.MediaId;
import dev.mediaferry.uploads.Medium;
import dev.mediaferry.uploads.RestoreReport;
import dev.mediaferry.uploads.SweepReport;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where objects of media lie that nobody fetches, and how they come back. */
class UploadClassesRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final String REGISTRY =
            """
            uploads:
              - { type: SHOWN, folder: shown, content: [image/jpeg], max-bytes: 20MB }
              - { type: HIDDEN, folder: hidden, content: [image/jpeg], max-bytes: 20MB, access: private }
            """;

    private static final byte[] BYTES = "the bytes".getBytes(StandardCharsets.UTF_8);

    private static ColdStore store;
    private static Engine cool;
    private static Engine archive;
    private static Engine usual;

    @BeforeAll
    static void start() throws Exception {
        store = new ColdStore();
        cool = engine("media.cold-class", "STANDARD_IA");
        archive = engine("media.cold-class", "GLACIER");
        usual = engine();
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @BeforeEach
    void empty() {
        store.clear();
    }

    @Test
    void movesWhatNobodyHasFetchedForAYearAndKeepsWhatItSaysOfItself() {
        UUID old = old("SHOWN");
        UUID fetched = old("SHOWN");
        SANDBOX.execute(
                "update mediaferry.media set last_fetched = now() - interval '30 days' where id = '" + fetched + "'");
        UUID young = medium("SHOWN");

        assertThat(usual.sweepUploads(false).findings()).isEmpty();
        assertThat(cool.sweepUploads(true).counts()).isEqualTo(Map.of("cool unfetched", 1L));
        assertThat(store.copies()).isZero();
        assertThat(cool.sweepUploads(false).counts()).isEqualTo(Map.of("cool unfetched", 1L));

        assertThat(store.classOf(key(old))).isEqualTo("STANDARD_IA");
        assertThat(store.bytes(key(old))).isEqualTo(BYTES);
        assertThat(store.header(key(old), "content-type")).isEqualTo("image/jpeg");
        assertThat(store.header(key(old), "cache-control")).isEqualTo("max-age=17");
        assertThat(store.header(key(old), "x-amz-meta-mediaferry-ledger")).isEqualTo(SANDBOX.ledgerId());
        assertThat(store.classOf(key(fetched))).isEqualTo("STANDARD");
        assertThat(store.classOf(key(young))).isEqualTo("STANDARD");
        assertThat(found(old).storageClass()).isEqualTo("STANDARD_IA");
        assertThat(cool.sweepUploads(false).findings()).isEmpty();
        assertThat(store.copies()).isEqualTo(1);
    }

    @Test
    void leavesWhatAnotherMediumLeadsTo() {
        UUID old = old("SHOWN");
        UUID fetched = old("SHOWN");
        SANDBOX.execute("update mediaferry.media set storage_key = '" + key(old)
                + "', last_fetched = now() where id = '" + fetched + "'");

        assertThat(cool.sweepUploads(false).findings()).isEmpty();

        assertThat(store.classOf(key(old))).isEqualTo("STANDARD");
    }

    @Test
    void archivesOnlyWhatNoPublicLinkLeadsTo() {
        UUID shown = old("SHOWN");
        UUID hidden = old("HIDDEN");

        archive.sweepUploads(false);

        assertThat(store.classOf(key(shown))).isEqualTo("STANDARD");
        assertThat(store.classOf(key(hidden))).isEqualTo("GLACIER");
    }

    @Test
    void bringsBackAtOnceWhatCanBeRead() {
        UUID id = old("SHOWN");
        cool.sweepUploads(false);

        RestoreReport report = usual.cases().restoreMedium(id);

        assertThat(report.state()).isEqualTo("restored");
        assertThat(store.classOf(key(id))).isEqualTo("STANDARD");
        assertThat(found(id).storageClass()).isNull();
        assertThat(cool.sweepUploads(false).findings()).isEmpty();
        assertThat(usual.cases().restoreMedium(id).state()).isEqualTo("not-cold");
    }

    @Test
    void hasTheStoreRestoreWhatIsArchivedAndSaysUntilWhen() {
        UUID id = old("HIDDEN");
        archive.sweepUploads(false);

        RestoreReport report = usual.cases().restoreMedium(id);

        assertThat(report.state()).isEqualTo("restoring");
        assertThat(Instant.parse(report.readyBy()))
                .isBetween(
                        Instant.now().plus(Duration.ofMinutes(290)),
                        Instant.now().plus(Duration.ofMinutes(301)));
        assertThat(usual.cases().restoreMedium(id).readyBy()).isEqualTo(report.readyBy());
        usual.sweepUploads(false);
        assertThat(found(id).storageClass()).isEqualTo("GLACIER");

        store.finishRestores();
        assertThat(usual.sweepUploads(false).counts()).isEqualTo(Map.of("restore asked", 1L));

        assertThat(store.classOf(key(id))).isEqualTo("STANDARD");
        assertThat(found(id).storageClass()).isNull();
        assertThat(usual.sweepUploads(false).findings()).isEmpty();
    }

    @Test
    void leavesWhatIsAnothersOrChanged() {
        UUID changed = old("SHOWN");
        store.put(key(changed), "others".getBytes(StandardCharsets.UTF_8), ours());
        UUID theirs = old("SHOWN");
        store.put(
                key(theirs),
                BYTES,
                Map.of("mediaferry-ledger", UUID.randomUUID().toString()));

        SweepReport report = cool.sweepUploads(false);

        assertThat(report.kept()).isEqualTo(2);
        assertThat(store.copies()).isZero();
    }

    @Test
    void knowsItsOwnCopyAgainWhoseAnswerWasLost() {
        UUID id = old("SHOWN");
        store.changeTags();
        store.loseAnswers(true);
        assertThat(cool.sweepUploads(false).failures()).isEqualTo(1);
        assertThat(found(id).storageClass()).isNull();
        store.loseAnswers(false);

        assertThat(cool.sweepUploads(false).failures()).isZero();

        assertThat(store.copies()).isEqualTo(1);
        assertThat(found(id).etag()).isEqualTo("\"0-2\"");
        assertThat(found(id).storageClass()).isEqualTo("STANDARD_IA");
    }

    @Test
    void saysThatAStoreHasNoSuchClass() {
        UUID id = old("SHOWN");

        assertThat(engine("media.cold-class", "FREEZING").sweepUploads(false).failures())
                .isEqualTo(1);
        assertThat(found(id).storageClass()).isNull();
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> usual.cases().restoreMedium(UUID.randomUUID()))
                .withMessageContaining("there is no medium");
    }

    private static Engine engine(String... settings) {
        return SANDBOX.engine(REGISTRY, store.settings(SANDBOX.bucketName(), settings));
    }

    private static UUID medium(String type) {
        UUID id = MediaId.create(Instant.now(), new SecureRandom());
        String etag = store.put(key(id), BYTES, ours());
        SANDBOX.sql()
                .sql(
                        """
                        insert into mediaferry.media (id, user_id, media_type, storage_key, file_size, mime_type, etag, status)
                        values (?, 'ann', ?, ?, ?, 'image/jpeg', ?, 'READY')""")
                .params(id, type, key(id), BYTES.length, etag)
                .update();
        return id;
    }

    private static UUID old(String type) {
        UUID id = medium(type);
        SANDBOX.execute(
                "update mediaferry.media set created_at = now() - interval '2 years', status_since = now() - interval '2 years'"
                        + " where id = '" + id + "'");
        return id;
    }

    private static Map<String, String> ours() {
        return Map.of("mediaferry-ledger", SANDBOX.ledgerId());
    }

    private static String key(UUID id) {
        return "media/" + id;
    }

    private static Medium found(UUID id) {
        return usual.cases().media().find(id).orElseThrow();
    }
}
