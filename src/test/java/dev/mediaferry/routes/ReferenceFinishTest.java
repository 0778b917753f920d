package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.BusyApplication;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SeedTables;
import dev.mediaferry.reference.Finding;
import dev.mediaferry.reference.ReferenceRefusedException;
import dev.mediaferry.reference.ReferenceReport;
import dev.mediaferry.reference.ReferenceStatus;
import dev.mediaferry.reference.ReferenceWork;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;

/** Retired columns go into the bucket and are dropped, and come back from there. */
@Tag("slow")
class ReferenceFinishTest {

    private static final String POST = "post-image";
    private static final int POSTS = 2_000;
    private static final int STORAGE = 1_000;
    private static final Map<String, String> ACCEPTED =
            Map.of("soak", "a test", "readers-unseen", "a test", "old-writes", "a test");

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.public-url", SeedTables.PUBLIC);

    private static ReferenceWork shared;

    private ReferenceWork work;

    @BeforeEach
    void begin() {
        SANDBOX.engine();
        SeedTables.create(SANDBOX, POSTS, STORAGE);
        shared = shared == null ? SANDBOX.keep(SANDBOX.engine(SeedTables.ALL)).references() : shared;
        work = shared;
    }

    private void retire(String name) {
        work.expand(name);
        work.backfill(name, OptionalLong.empty(), OptionalInt.of(100));
        assertThat(work.verify(name, false).findings()).isEmpty();
        assertThat(work.contract(name, ACCEPTED).refused()).isEmpty();
    }

    @Test
    void bringsDroppedColumnsBackByteForByteWithWhatHungOnThem() {
        SANDBOX.execute(
                "alter table posts alter image_key type varchar(200) collate \"C\", alter image_key set default '', add constraint short check (length(image_key) < 150)",
                "comment on column posts.image_key is 'the ''key'''",
                "create index by_key on posts (lower(image_key)) where image_key <> ''",
                "grant select (image_key) on posts to pg_monitor");
        String before = values();
        String shape = shape();
        retire(POST);
        long notes = number("select count(*) from mediaferry.reference_row");
        assertThat(notes).isPositive();

        ReferenceReport finished = work.finish(POST);

        assertThat(finished.state()).isEqualTo("finished");
        assertThat(finished.steps()).extracting(ReferenceStatus.Done::step).containsExactly("drop-retired");
        assertThat(finished.dump().rows()).isEqualTo(number("select count(*) from posts") * 3 / 4);
        assertThat(finished.dump().notes()).isEqualTo(notes);
        assertThat(SANDBOX.keys()).containsExactly(finished.dump().key());
        assertThat(
                        number(
                                "select count(*) from pg_attribute where attrelid = 'posts'::regclass and attname like 'image_key%'"))
                .isZero();
        assertThat(
                        number(
                                "select (select count(*) from pg_trigger where tgname like '~mediaferry%') + (select count(*) from mediaferry.reference_row)"))
                .isZero();
        assertThat(work.finish(POST).steps()).isEmpty();
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> work.revert(POST, false))
                .withMessageContaining("references restore post-image brings it back");

        ReferenceReport restored = work.restore(POST);

        assertThat(restored.state()).isEqualTo("retired");
        assertThat(restored.steps())
                .extracting(ReferenceStatus.Done::step)
                .containsExactly("restore-column", "restore-index", "restore-constraint", "validate");
        assertThat(number("select count(*) from mediaferry.reference_row")).isEqualTo(notes);
        assertThat(work.revert(POST, false).state()).isEqualTo("filled");
        assertThat(values()).isEqualTo(before);
        assertThat(work.verify(POST, false).findings()).isEmpty();
        assertThat(work.revert(POST, false).state()).isEqualTo("planned");
        assertThat(values()).isEqualTo(before);
        assertThat(shape()).isEqualTo(shape);
    }

    @Test
    void losesNothingThatClientsWriteWhileItDropsAndRestores() throws Exception {
        retire(POST);
        try (BusyApplication after = BusyApplication.ofAfter(SANDBOX, 3, POSTS, STORAGE)) {
            Awaitility.await().until(() -> after.writes() > 100);
            assertThat(work.finish(POST).state()).isEqualTo("finished");
            long writes = after.writes();
            Awaitility.await().until(() -> after.writes() > writes + 300);

            assertThat(work.restore(POST).state()).isEqualTo("retired");

            assertThat(after.errors()).isEmpty();
            assertThat(work.revert(POST, false).state()).isEqualTo("filled");
        }
        assertThat(work.verify(POST, false).findings()).isEmpty();
        // What had no row keeps its text, where nobody has written since.
        assertThat(number("select count(*) from posts where image_key = 'gone.jpg'"))
                .isPositive();
    }

    @Test
    void waitsForNoRowThatAUserHasLocked() throws Exception {
        retire(POST);
        work.finish(POST);
        try (Connection user = SANDBOX.connect();
                Statement statement = user.createStatement()) {
            user.setAutoCommit(false);
            CompletableFuture<ReferenceReport> restoring;
            statement.execute("update posts set like_count = 9 where id = 'p000014'");
            // The column's own lock waits for the transaction to end.
            restoring = CompletableFuture.supplyAsync(() -> work.restore(POST));
            Awaitility.await().during(Duration.ofMillis(500)).until(() -> !restoring.isDone());
            user.commit();
            assertThat(restoring.get().filled()).isEqualTo(1_500);
        }
        assertThat(number("select count(*) from posts where \"image_key~retired\" is not null"))
                .isEqualTo(1_500);
    }

    @Test
    void changesNothingWhenTheDumpIsNotWhatWasWritten() {
        retire(POST);
        String key = work.finish(POST).dump().key();
        byte[] dump = SANDBOX.object(key);
        put(key, "something else".getBytes(StandardCharsets.UTF_8));

        assertThatExceptionOfType(ReferenceRefusedException.class)
                .isThrownBy(() -> work.restore(POST))
                .withMessageContaining("nothing was changed: the dump " + key + " has SHA-256");

        SANDBOX.bucket()
                .deleteObject(request -> request.bucket(SANDBOX.bucketName()).key(key));
        assertThatExceptionOfType(ReferenceRefusedException.class)
                .isThrownBy(() -> work.restore(POST))
                .withMessageContaining("is not in the bucket any more");
        assertThat(
                        number(
                                "select count(*) from pg_attribute where attrelid = 'posts'::regclass and attname like 'image_key%'"))
                .isZero();
        put(key, dump);
        assertThat(work.restore(POST).state()).isEqualTo("retired");
    }

    @Test
    void refusesWhatWouldBreakOrNotComeBack() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> work.finish(POST))
                .withMessageContaining("references contract post-image comes first");
        retire(POST);
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> work.restore(POST))
                .withMessageContaining("post-image is retired");
        SANDBOX.execute(
                "create view kept as select \"image_key~retired\" from posts",
                "alter table posts add constraint once unique (id, \"image_key~retired\")");

        assertThat(work.finish(POST).refused())
                .extracting(Finding::clause)
                .containsExactly("dependents", "constraints");

        assertThat(SANDBOX.keys()).isEmpty();
        SANDBOX.execute("drop view kept", "alter table posts drop constraint once");
        assertThat(work.finish(POST).refused()).isEmpty();
    }

    /** What a process that was killed has left, and what the next one makes of it. */
    @Test
    void goesOnWhereAProcessWasKilled() {
        String before = values();
        retire(POST);
        work.finish(POST);
        SANDBOX.execute("update mediaferry.reference set state = 'retired'");
        assertThat(work.finish(POST).state()).isEqualTo("finished");
        work.restore(POST);
        SANDBOX.execute(
                "update mediaferry.reference set state = 'finished'",
                "update posts set \"image_key~retired\" = null where id > 'p001000'");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> work.revert(POST, false))
                .withMessageContaining("references restore post-image");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> work.finish(POST))
                .withMessageContaining("references restore post-image comes first");

        assertThat(work.restore(POST).filled()).isEqualTo(750);

        work.revert(POST, true);
        assertThat(values()).isEqualTo(before);
    }

    @Test
    void finishesAndRestoresTheOtherSeedTables() {
        for (String name : List.of("user-image", "comment-avatar", "preview")) {
            String before = all();
            retire(name);
            assertThat(work.finish(name).state()).as(name).isEqualTo("finished");
            assertThat(work.restore(name).state()).as(name).isEqualTo("retired");
            work.revert(name, true);
            assertThat(all()).as(name).isEqualTo(before);
        }
    }

    private static void put(String key, byte[] bytes) {
        SANDBOX.bucket()
                .putObject(request -> request.bucket(SANDBOX.bucketName()).key(key), RequestBody.fromBytes(bytes));
    }

    private static String all() {
        return SANDBOX.sql()
                .sql(
                        "select (select jsonb_agg(u order by id) from \"user\" u)::text || (select jsonb_agg(jsonb_build_array(id, \"avatarS3Url\", \"avatarS3Key\") order by id)"
                                + " from \"CommentAnalysis\")::text || (select jsonb_agg(jsonb_build_array(id, \"s3Key\", \"s3Url\") order by id) from \"LinkedInPostPreview\")::text")
                .query(String.class)
                .single();
    }

    private static String values() {
        return SANDBOX.sql()
                .sql("select md5(string_agg(id || coalesce(image_key, '-'), ',' order by id)) from posts")
                .query(String.class)
                .single();
    }

    /** All that the catalogue has of the old column. */
    private static String shape() {
        return SANDBOX.sql()
                .sql(
                        "select concat_ws(' ', format_type(atttypid, atttypmod), attcollation::regcollation, attacl, col_description(attrelid, attnum),"
                                + " (select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = attrelid and adnum = attnum),"
                                + " (select string_agg(pg_get_constraintdef(oid) || convalidated, ', ') from pg_constraint where conrelid = attrelid and contype = 'c'),"
                                + " (select string_agg(indexdef, ', ') from pg_indexes where indexname = 'by_key'))"
                                + " from pg_attribute where attrelid = 'posts'::regclass and attname = 'image_key'")
                .query(String.class)
                .single();
    }

    private static long number(String query) {
        return SANDBOX.sql().sql(query).query(Long.class).single();
    }
}
