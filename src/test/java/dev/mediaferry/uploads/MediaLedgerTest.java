package dev.mediaferry.uploads;

import static dev.mediaferry.uploads.MediaFixture.ANN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.fixture.Sandbox;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MediaLedgerTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @RegisterExtension
    static final MediaFixture FIXTURE = new MediaFixture(SANDBOX);

    private static final MediaLedger MEDIA = FIXTURE.ledger();

    @AfterEach
    void drop() {
        SANDBOX.execute("drop table if exists post");
    }

    @Test
    void makesIdsThatFollowTheTime() {
        Instant now = Instant.now();
        List<String> ids = IntStream.range(0, 50)
                .mapToObj(i ->
                        MediaId.create(now.plusMillis(i), new SecureRandom()).toString())
                .toList();

        assertThat(ids).isSorted().doesNotHaveDuplicates();
        assertThat(ids).allSatisfy(id -> {
            assertThat(UUID.fromString(id).version()).isEqualTo(7);
            assertThat(UUID.fromString(id).variant()).isEqualTo(2);
        });
    }

    @Test
    void keepsAMediumWithItsSession() {
        UUID id = FIXTURE.pending(ANN);

        Medium medium = MEDIA.find(id, ANN).orElseThrow();
        assertThat(medium.status()).isEqualTo(MediaState.PENDING);
        assertThat(medium.phase(true)).isEqualTo(MediaPhase.PENDING);
        assertThat(medium.metadata()).isEqualTo("{}");
        UploadSession session = MEDIA.session(id).orElseThrow();
        assertThat(session.isMultipart()).isFalse();
        assertThat(session.declaredSize()).isEqualTo(1000);
        assertThat(session.expiresAt()).isAfter(Instant.now().plusSeconds(86_000));
        assertThat(MEDIA.find(id, "bob")).isEmpty();
    }

    @Test
    void showsUploadingAsSoonAsSomethingWasSeen() {
        UUID id = FIXTURE.pending(ANN);

        MEDIA.begun(id);

        assertThat(MEDIA.find(id).orElseThrow().phase(true)).isEqualTo(MediaPhase.UPLOADING);
    }

    @Test
    void isReadyOnceHoweverOftenItIsCompleted() {
        UUID id = FIXTURE.pending(ANN);

        assertThat(IntStream.range(0, 20).parallel().filter(i -> MEDIA.uploadedAndReady(FIXTURE.verified(id))))
                .hasSize(1);

        assertThat(FIXTURE.kinds(id)).containsExactly("media.created", "media.uploaded", "media.ready");
        assertThat(MEDIA.find(id).orElseThrow().phase(true)).isEqualTo(MediaPhase.UNUSED);
        assertThat(MEDIA.find(id).orElseThrow().phase(false)).isEqualTo(MediaPhase.READY);
    }

    @Test
    void isCompletedByOneAtATime() {
        UUID id = FIXTURE.pending(ANN);

        assertThat(IntStream.range(0, 20).parallel().filter(i -> MEDIA.lease(id, 60)
                        .isPresent()))
                .hasSize(1);
        MEDIA.release(id);
        assertThat(MEDIA.lease(id, 60)).isPresent();
        SANDBOX.execute("update mediaferry.upload_session set lease_until = now() - interval '1 second'");
        assertThat(MEDIA.lease(id, 60)).isPresent();
    }

    @Test
    void retriesOnlyWhatHasAnObject() {
        UUID cancelled = FIXTURE.pending(ANN);
        UUID unprocessed = FIXTURE.pending(ANN);
        MEDIA.failed(cancelled, "cancelled", null);
        MEDIA.uploaded(FIXTURE.verified(unprocessed));
        MEDIA.processing(unprocessed);
        MEDIA.failed(unprocessed, "broken", "the picture cannot be decoded");

        assertThat(MEDIA.retried(cancelled)).isFalse();
        assertThat(MEDIA.retried(unprocessed)).isTrue();
        assertThat(FIXTURE.state(unprocessed)).isEqualTo(MediaState.UPLOADED);
    }

    @Test
    void writesNoEventWhenTheChangeIsRolledBack() throws Exception {
        UUID id = FIXTURE.pending(ANN);
        try (var connection = SANDBOX.connect()) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("update mediaferry.media set status = 'FAILED'");
            connection.rollback();
        }

        assertThat(FIXTURE.kinds(id)).containsExactly("media.created");
    }

    @Test
    void leavesATombstoneHoweverItIsDeleted() {
        UUID id = FIXTURE.ready(ANN);
        UUID pending = FIXTURE.pending(ANN);

        assertThat(MEDIA.delete(id, "bob")).isFalse();
        assertThat(MEDIA.delete(id, ANN)).isTrue();
        SANDBOX.execute("delete from mediaferry.media");

        assertThat(tombstones()).containsExactly(id + " " + "incoming/" + id, pending + " incoming/" + pending);
        assertThat(FIXTURE.kinds(id)).endsWith("media.deleted");
        assertThat(SANDBOX.sql()
                        .sql(
                                "select data ->> 'urls' from mediaferry.media_event where kind = 'media.deleted' and media_id = ?")
                        .param(id)
                        .query(String.class)
                        .single())
                .isEqualTo("[\"https://cdn.example/" + id + ".jpg\"]");
        assertThat(MEDIA.session(pending)).isEmpty();
    }

    @Test
    void namesTheTableThatDoesNotLetItGo() {
        UUID id = FIXTURE.ready(ANN);
        for (String action : List.of("", "on delete restrict")) {
            SANDBOX.execute("create table post (id int, cover uuid references mediaferry.media " + action + ")");
            insertPost(id);

            assertThatExceptionOfType(MediumInUseException.class)
                    .isThrownBy(() -> MEDIA.delete(id, ANN))
                    .satisfies(e -> assertThat(e.table()).isEqualTo("public.post"));

            SANDBOX.execute("drop table post");
        }
        assertThat(tombstones()).isEmpty();
        assertThat(MEDIA.find(id)).isPresent();
    }

    @Test
    void letsForeignKeysActAsTheyAreDeclared() {
        SANDBOX.execute("create table post (id int, cover uuid references mediaferry.media on delete set null)");
        UUID id = FIXTURE.ready(ANN);
        insertPost(id);

        assertThat(referenced(id)).isEqualTo("public.post");
        assertThat(MEDIA.delete(id, ANN)).isTrue();

        assertThat(SANDBOX.sql()
                        .sql("select count(*) from post where cover is null")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void knowsWhatRefersToAMedium() {
        UUID id = FIXTURE.ready(ANN);
        MEDIA.attach("post", "1", ANN, List.of(id));
        assertThat(referenced(id)).isNull();

        SANDBOX.execute("create table post (id int, cover uuid references mediaferry.media)");
        assertThat(referenced(id)).isNull();
        insertPost(id);
        assertThat(referenced(id)).isEqualTo("public.post");
    }

    @Test
    void listsAUsersMediaPageByPageNewestFirst() {
        List<UUID> ids = Stream.generate(() -> FIXTURE.pending(ANN)).limit(5).toList();
        FIXTURE.pending("bob");

        List<Medium> first = MEDIA.list(new MediaQuery(ANN, null, null, null, 3));
        List<Medium> second =
                MEDIA.list(new MediaQuery(ANN, null, null, first.get(2).id(), 3));

        assertThat(Stream.concat(first.stream(), second.stream()).map(Medium::id))
                .containsExactlyInAnyOrderElementsOf(ids)
                .isSortedAccordingTo((a, b) -> b.toString().compareTo(a.toString()));
        assertThat(MEDIA.list(new MediaQuery(null, "POST_VIDEO", null, null, 3)))
                .isEmpty();
        assertThat(MEDIA.list(new MediaQuery(null, null, "PENDING", null, 100))).hasSize(6);
    }

    @Test
    void worksInALedgerOfAnotherName() {
        try (MediaFixture shop = new MediaFixture(SANDBOX, "ledger.schema", "shop")) {
            UUID id = shop.ready(ANN);
            shop.ledger().attach("post", "1", ANN, List.of(id));

            assertThat(shop.ledger().attached("post", "1")).hasSize(1);
            SANDBOX.execute("create table post (id int, cover uuid references shop.media)");
            insertPost(id);
            assertThat(SANDBOX.sql()
                            .sql("select shop.media_referenced(?)")
                            .param(id)
                            .query(String.class)
                            .single())
                    .isEqualTo("public.post");
            SANDBOX.execute("delete from post");
            assertThat(shop.ledger().delete(id, ANN)).isTrue();
        } finally {
            SANDBOX.execute("drop table if exists post", "drop schema if exists shop cascade");
        }
        assertThat(MEDIA.list(new MediaQuery(null, null, null, null, 10))).isEmpty();
    }

    private static void insertPost(UUID cover) {
        SANDBOX.sql().sql("insert into post values (1, ?)").param(cover).update();
    }

    private static String referenced(UUID id) {
        return SANDBOX.sql()
                .sql("select coalesce(mediaferry.media_referenced(?), '')")
                .param(id)
                .query(String.class)
                .optional()
                .filter(table -> !table.isEmpty())
                .orElse(null);
    }

    private static List<String> tombstones() {
        return SANDBOX.sql()
                .sql("select media_id || ' ' || incoming_key from mediaferry.media_deleted order by id")
                .query(String.class)
                .list();
    }
}
