package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.BusyApplication;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SeedTables;
import dev.mediaferry.reference.ReferenceReport;
import dev.mediaferry.reference.ReferenceStatus;
import dev.mediaferry.reference.ReferenceWork;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keys become ids, while clients read and write. */
@Tag("slow")
class ReferenceRoutesTest {

    private static final int POSTS = 4_000;
    private static final int STORAGE = 1_000;
    private static final String POST = "post-image";

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.public-url", SeedTables.PUBLIC);

    private static Engine engine;

    private ReferenceWork work;

    @BeforeEach
    void begin() {
        SANDBOX.engine();
        SeedTables.create(SANDBOX, POSTS, STORAGE);
        engine = engine == null ? SANDBOX.keep(SANDBOX.engine(SeedTables.POST_IMAGE)) : engine;
        work = engine.references();
    }

    @Test
    void fillsAndGoesBackWhileClientsWrite() throws Exception {
        try (BusyApplication before = BusyApplication.ofBefore(SANDBOX, 4, POSTS, STORAGE)) {
            ReferenceReport expanded = work.expand(POST);
            assertThat(expanded.state()).isEqualTo("expanded");
            assertThat(expanded.steps())
                    .extracting(ReferenceStatus.Done::step)
                    .containsExactly("lookup-index", "add-column", "index", "foreign-key", "dual-write");
            ReferenceReport filled = fill();
            assertThat(filled.state()).isEqualTo("filled");
            assertThat(filled.filled()).isGreaterThan(2_000);
            try (BusyApplication after = BusyApplication.ofAfter(SANDBOX, 2, POSTS, STORAGE)) {
                Awaitility.await().until(() -> after.writes() > 200);
                fill();
                assertThat(after.errors()).isEmpty();
            }
            Awaitility.await().until(() -> before.writes() > 500);
            assertThat(before.errors()).isEmpty();
        }
        fill();

        assertAgreement();
        assertThat(number("select count(*) from pg_constraint where conname = 'mf_posts_image_id_fk' and convalidated"))
                .isEqualTo(1);

        ReferenceReport reverted = work.revert(POST, false);

        assertThat(reverted.state()).isEqualTo("planned");
        assertThat(leftovers()).isZero();
    }

    @Test
    void leavesWhatItDoesNotTouchByteForByte() {
        String before = values("image_key");
        work.expand(POST);
        fill();
        assertThat(values("image_key")).isEqualTo(before);
        work.revert(POST, false);

        assertThat(values("image_key")).isEqualTo(before);
        assertThat(leftovers()).isZero();
    }

    @Test
    void takesEachRowAsItsKindSays() {
        work.expand(POST);

        ReferenceReport report = fill();

        // 1,000 without a key, 20 empty, 20 in two rows, 60 in none of this organisation.
        assertThat(report.filled()).isEqualTo(2_900);
        assertThat(number("select count(*) from posts where image_id is null")).isEqualTo(1_100);
        assertAgreement();
    }

    @Test
    void doesNothingTwice() {
        work.expand(POST);
        fill();

        assertThat(work.expand(POST).steps()).isEmpty();
        ReferenceReport again = fill();

        assertThat(again.steps()).isEmpty();
        assertThat(again.filled()).isZero();
        assertThat(number("select count(*) from mediaferry.reference_step where finished is not null"))
                .isEqualTo(6);
    }

    @Test
    void asksForNoLockWhileATransactionIsOpenOnTheTable() throws Exception {
        CompletableFuture<ReferenceReport> expanding;
        // Building one would wait for the transaction, and keep nobody waiting for it.
        SANDBOX.execute("create index on storage (file_key)");
        try (Connection reader = SANDBOX.connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.executeQuery("select count(*) from posts");
            expanding = CompletableFuture.supplyAsync(() -> work.expand(POST));
            Awaitility.await()
                    .until(() -> number(
                                    "select count(*) from mediaferry.reference_step where step = 'add-column' and finished is null and blocked_by is not null")
                            == 1);
            // Whoever came now would wait behind it, if it had asked.
            assertThat(number("select count(*) from pg_locks where not granted and relation = 'posts'::regclass"))
                    .isZero();
            SANDBOX.execute("set statement_timeout = '1s'; update posts set like_count = 1 where id = 'p000001'");
            assertThat(expanding).isNotDone();
            reader.commit();
        }

        assertThat(expanding.get().state()).isEqualTo("expanded");
        assertThat(expanding.get().steps())
                .filteredOn(step -> step.step().equals("add-column"))
                .singleElement()
                .satisfies(step -> assertThat(step.heldMillis()).isLessThan(1_000));
    }

    @Test
    void goesOnAfterALeftoverOfABrokenOffIndexAndAForeignKeyThatWasNeverChecked() throws Exception {
        work.expand(POST);
        SANDBOX.execute(
                "update pg_index set indisvalid = false where indexrelid = 'mf_posts_image_id'::regclass",
                "update mediaferry.reference set state = 'planned'");

        ReferenceReport again = work.expand(POST);

        assertThat(again.steps()).extracting(ReferenceStatus.Done::step).containsExactly("index-leftover", "index");
        assertThat(fill().steps()).extracting(ReferenceStatus.Done::step).containsExactly("validate");
    }

    @Test
    void pausesBetweenTwoPagesAndGoesOnWhereItWas() throws Exception {
        work.expand(POST);
        work.backfill(POST, OptionalLong.of(600), OptionalInt.of(100));
        String cursor = SANDBOX.sql()
                .sql("select cursor from mediaferry.reference")
                .query(String.class)
                .single();
        assertThat(cursor).isNotNull();
        engine.cases().references().pause(POST, true);

        CompletableFuture<ReferenceReport> filling = CompletableFuture.supplyAsync(this::fill);

        Awaitility.await().during(Duration.ofSeconds(2)).until(() -> !filling.isDone() && filled() == 600);
        engine.cases().references().pause(POST, false);
        assertThat(filling.get().state()).isEqualTo("filled");
        assertThat(filled()).isEqualTo(2_900);
    }

    @Test
    void waitsWhileItsRouteIsSuspended() throws Exception {
        work.expand(POST);
        engine.context().getRouteController().suspendRoute("reference-page");

        CompletableFuture<ReferenceReport> filling = CompletableFuture.supplyAsync(this::fill);

        Awaitility.await().during(Duration.ofSeconds(2)).until(() -> !filling.isDone() && filled() == 0);
        engine.context().getRouteController().resumeRoute("reference-page");
        assertThat(filling.get().filled()).isEqualTo(2_900);
    }

    @Test
    void leavesARowThatAUserHasLockedToTheNextPass() throws Exception {
        work.expand(POST);
        try (Connection user = SANDBOX.connect();
                Statement statement = user.createStatement()) {
            user.setAutoCommit(false);
            statement.execute("update posts set like_count = 9 where id = 'p000014'");

            assertThat(fill().filled()).isEqualTo(2_899);

            user.commit();
        }

        assertThat(fill().filled()).isEqualTo(1);
    }

    @Test
    void refusesAnEntryThatChangesInMidCourse() {
        work.expand(POST);

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> SANDBOX.engine(SeedTables.POST_IMAGE.replace("[exact, trim, url]", "[exact]")))
                .withMessageContaining("post-image is expanded, and its entry says something else");
        assertThat(SANDBOX.engine(SeedTables.POST_IMAGE.replace("none: leave", "none: refuse")))
                .isNotNull();
    }

    @Test
    void saysWhatComesFirst() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(this::fill)
                .withMessageContaining("references expand post-image comes first");
    }

    @Test
    void givesTheNewColumnTheRightsOfTheOldOne() {
        SANDBOX.execute("create role reader", "grant select (id, image_key), update (image_key) on posts to reader");
        try {
            work.expand(POST);

            assertThat(number("select has_column_privilege('reader', 'posts', 'image_id', 'select')::int"
                            + " + has_column_privilege('reader', 'posts', 'image_id', 'update')::int"
                            + " + has_column_privilege('reader', 'posts', 'image_id', 'insert')::int"))
                    .isEqualTo(2);
        } finally {
            SANDBOX.execute("drop owned by reader", "drop role reader");
        }
    }

    private ReferenceReport fill() {
        return work.backfill(POST, OptionalLong.empty(), OptionalInt.of(100));
    }

    private static long filled() {
        return number("select filled from mediaferry.reference");
    }

    /** Both sides say the same in every row, and what one row has the key of is nowhere left. */
    private static void assertAgreement() {
        assertThat(SANDBOX.sql()
                        .sql(
                                "select p.id || ' ' || coalesce(p.image_key, '-') || ' ' || coalesce(p.image_id, '-') from posts p left join storage s on s.id = p.image_id"
                                        + " where p.image_id is not null and (p.image_key is null or s.file_key not in (p.image_key, btrim(p.image_key),"
                                        + " replace(split_part(p.image_key, chr(63), 1), '" + SeedTables.PUBLIC
                                        + "/', '')))")
                        .query(String.class)
                        .list())
                .isEmpty();
        assertThat(SANDBOX.sql()
                        .sql(
                                "select p.id || ' ' || p.image_key from posts p where p.image_id is null and (select count(*) from storage s"
                                        + " where s.file_key in (p.image_key, btrim(p.image_key)) and s.organization_id = p.organization_id) = 1")
                        .query(String.class)
                        .list())
                .isEmpty();
    }

    private static long leftovers() {
        return number("select (select count(*) from pg_trigger where tgname like '~mediaferry%')"
                + " + (select count(*) from pg_constraint where conname like 'mf\\_%')"
                + " + (select count(*) from pg_class where relname like 'mf\\_%')"
                + " + (select count(*) from pg_attribute where attname = 'image_id' and not attisdropped)"
                + " + (select count(*) from pg_proc where proname like '~%')"
                + " + (select count(*) from mediaferry.reference_row)");
    }

    private static String values(String column) {
        return SANDBOX.sql()
                .sql("select md5(string_agg(id || coalesce(" + column + ", '-'), ',' order by id)) from posts")
                .query(String.class)
                .single();
    }

    private static long number(String query) {
        return SANDBOX.sql().sql(query).query(Long.class).single();
    }
}
