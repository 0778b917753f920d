package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.StatementRefusedException;
import dev.mediaferry.fixture.Pooler;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SeedTables;
import dev.mediaferry.reference.Finding;
import dev.mediaferry.reference.ReferenceReport;
import dev.mediaferry.reference.ReferenceStatus;
import dev.mediaferry.reference.ReferenceWork;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What others do to a table while a reference of it is under way, and what of it is noticed, mended or left alone. */
@Tag("slow")
class ReferenceTroubleTest {

    private static final String POST = "post-image";
    private static final Map<String, String> ACCEPTED =
            Map.of("soak", "a test", "readers-unseen", "a test", "old-writes", "a test");

    private static final String REGISTRY = SeedTables.POST_IMAGE
            + """
              - { name: newest, table: picks, old: k, new: newest_id, lookup: { table: storage, key: file_key, created: created_at }, several: newest, none: leave, on-cascade: keep }
              - { name: oldest, table: user, old: image, new: image_id, lookup: { table: storage, key: file_key, created: created_at }, several: oldest, none: leave }
            """;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.public-url", SeedTables.PUBLIC);

    private static ReferenceWork shared;

    private ReferenceWork work;

    @BeforeEach
    void begin() {
        SANDBOX.engine();
        SeedTables.create(SANDBOX, 1_000, 500);
        SANDBOX.execute(
                "drop table if exists picks",
                "create table picks (id int primary key, k text)",
                "insert into picks values (1, 'k13.jpg'), (2, 'k7.jpg'), (3, 'k8.jpg')",
                "update storage set created_at = now() - interval '1 day' where id = 's13'");
        shared = shared == null ? SANDBOX.keep(SANDBOX.engine(REGISTRY)).references() : shared;
        work = shared;
    }

    private void fill(String name) {
        work.expand(name);
        work.backfill(name, OptionalLong.empty(), OptionalInt.of(100));
    }

    private List<String> refusals(String name) {
        return work.contract(name, ACCEPTED).refused().stream()
                .map(finding -> finding.clause() + " " + finding.samples())
                .toList();
    }

    @Test
    void namesWhatUsesTheOldColumnAndNothingElse() throws SQLException {
        fill(POST);
        assertThat(work.verify(POST, false).findings()).isEmpty();
        SANDBOX.execute(
                "create schema app",
                "create function app.parsed() returns text language sql begin atomic select image_key from posts limit 1; end",
                "create function app.told() returns text language sql as $$ SELECT Image_Key FROM Posts LIMIT 1 $$",
                "create function app.elsewhere() returns text language plpgsql as $$ begin return (select image_key from albums limit 1); end $$",
                "create function app.fires() returns trigger language plpgsql as $$ begin new.content := new.image_key; return new; end $$",
                "create trigger a_fires before update of image_key on posts for each row execute function app.fires()",
                "create index by_key on posts (image_key)",
                "alter table posts add column upper text generated always as (upper(image_key)) stored",
                "create policy own on posts using (image_key is not null)");
        try (Connection reader = SANDBOX.connect();
                Statement statement = reader.createStatement()) {
            statement.execute("set enable_seqscan = off");
            statement.executeQuery("select id from posts where image_key = 'k94.jpg'");
            statement.execute("select pg_stat_force_next_flush()");
            assertThat(refusals(POST))
                    .containsExactlyInAnyOrder(
                            "indexes [1 × by_key]",
                            "dependents [function app.parsed(), generated column upper, policy own, trigger a_fires]",
                            "functions [app.fires(), app.told()]");
            assertThat(work.contract(POST, with(ACCEPTED, "dependents", "functions", "indexes"))
                            .refused())
                    .isEmpty();
        } finally {
            work.revert(POST, true);
            SANDBOX.execute("drop table posts cascade", "drop schema app cascade");
        }
    }

    @Test
    void refusesToEmptyAColumnThatMayNotBeEmpty() {
        SANDBOX.execute(
                "update posts set image_key = 'x' where image_key is null",
                "alter table posts alter image_key set not null");

        ReferenceReport refused = work.expand(POST);

        assertThat(refused.refused()).extracting(Finding::clause).containsExactly("required");
        assertThat(refused.state()).isEqualTo("planned");
        SANDBOX.execute("delete from storage where id = 's7'");
    }

    @Test
    void retiresNothingOfWhichATriggerWasDisabledSinceItsProof() {
        fill(POST);
        assertThat(work.verify(POST, false).findings()).isEmpty();
        String trigger = SANDBOX.sql()
                .sql("select max(tgname::text) from pg_trigger where tgname like '~mediaferry%u'")
                .query(String.class)
                .single();
        SANDBOX.execute("alter table posts disable trigger \"" + trigger + "\"");

        assertThat(work.contract(POST, ACCEPTED).refused())
                .extracting(Finding::clause)
                .containsOnly("proof");

        work.revert(POST, true);
    }

    private static Map<String, String> with(Map<String, String> accepted, String... more) {
        Map<String, String> all = new TreeMap<>(accepted);
        List.of(more).forEach(reason -> all.put(reason, "a test"));
        return all;
    }

    @Test
    void makesAgainWhatSomebodyHasTakenAwayAndFillsWhatWasMissedMeanwhile() {
        fill(POST);
        work.verify(POST, false);
        SANDBOX.execute(
                "drop trigger \"~mediaferry post-image u\" on posts",
                "drop index mf_posts_image_id",
                "update posts set image_key = 'k95.jpg' where id = 'p000020'");

        ReferenceReport again = work.expand(POST);

        assertThat(again.steps()).extracting(ReferenceStatus.Done::step).containsExactly("index", "dual-write");
        assertThat(again.state()).isEqualTo("expanded");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> work.contract(POST, ACCEPTED))
                .withMessageContaining("references backfill post-image comes first");
        fill(POST);
        assertThat(text("select image_id from posts where id = 'p000020'")).isEqualTo("s95");
        assertThat(work.verify(POST, false).findings()).isEmpty();
    }

    @Test
    void twoAtOnceDoEachStepOnce() throws Exception {
        ReferenceWork other = SANDBOX.engine(REGISTRY).references();
        for (int i = 0; i < 2; i++) {
            CompletableFuture<ReferenceReport> one = CompletableFuture.supplyAsync(() -> other.expand(POST));
            // Another reference looks up in the same table, and wants the same index of it.
            CompletableFuture<ReferenceReport> neighbour = CompletableFuture.supplyAsync(() -> other.expand("newest"));
            work.expand(POST);
            one.get();
            assertThat(neighbour.get().state()).isEqualTo("expanded");
            CompletableFuture<ReferenceReport> filling = CompletableFuture.supplyAsync(
                    () -> other.backfill(POST, OptionalLong.empty(), OptionalInt.of(100)));
            work.backfill(POST, OptionalLong.empty(), OptionalInt.of(100));
            filling.get();
        }

        assertThat(SANDBOX.sql()
                        .sql(
                                "select step from mediaferry.reference_step where finished is not null and (reference = 'post-image' or step = 'lookup-index')")
                        .query(String.class)
                        .list())
                .containsExactlyInAnyOrder(
                        "lookup-index", "add-column", "index", "foreign-key", "dual-write", "validate");
        assertThat(work.verify(POST, false).findings()).isEmpty();
    }

    @Test
    void twoWhoWantTheOppositeOneAfterTheOther() throws Exception {
        ReferenceWork other = SANDBOX.engine(REGISTRY).references();
        String keys = "select string_agg(id || coalesce(image_key, '-'), ',' order by id) from posts";
        String before = text(keys);
        for (int i = 0; i < 3; i++) {
            fill(POST);
            assertThat(work.verify(POST, false).findings()).isEmpty();
            CompletableFuture<String> forth = CompletableFuture.supplyAsync(() -> {
                try {
                    return other.contract(POST, ACCEPTED).state();
                } catch (ConfigurationException e) {
                    return e.getMessage();
                }
            });
            String back;
            try {
                back = work.revert(POST, false).state();
            } catch (ConfigurationException e) {
                back = e.getMessage();
            }
            assertThat(forth.get() + ", " + back)
                    .isIn(
                            "retired, filled",
                            "retired, post-image was proved and is retired now, since somebody else has worked on it: look at it, and say again what you want",
                            "post-image is planned: mediaferry references expand post-image comes first, planned");

            assertThat(work.revert(POST, true).state()).isEqualTo("planned");
            assertThat(text(keys)).isEqualTo(before);
            assertThat(SANDBOX.sql()
                            .sql("select count(*) from pg_trigger where tgname like '~mediaferry%'")
                            .query(Long.class)
                            .single())
                    .isZero();
        }
    }

    @Test
    void namesTheTriggerThatKeepsRowsFromBeingFilled() {
        SANDBOX.execute(
                "create or replace function keeps() returns trigger language plpgsql as $$ begin if new.id = 'p000028' then return null; end if; return new; end $$",
                "create trigger a_keeps before update on posts for each row execute function keeps()");
        try {
            fill(POST);
            assertThat(work.verify(POST, false).findings()).singleElement().satisfies(finding -> {
                assertThat(finding.samples()).containsExactly("p000028");
                assertThat(finding.words()).contains("a trigger of yours");
            });
            SANDBOX.execute(
                    "create or replace function keeps() returns trigger language plpgsql as $$ begin if new.id = 'p000028' then raise exception 'this post is sealed'; end if; return new; end $$");
            assertThatExceptionOfType(StatementRefusedException.class)
                    .isThrownBy(() -> fill(POST))
                    .withMessageContaining("this post is sealed (in PL/pgSQL function keeps()");
        } finally {
            SANDBOX.execute("drop trigger a_keeps on posts", "drop function keeps()");
        }
    }

    @Test
    void losesNothingOfANewClientThatStillWritesWhileTheColumnGoes() throws Exception {
        fill(POST);
        CompletableFuture<String> last = CompletableFuture.supplyAsync(this::writeUntilRefused);
        Awaitility.await().until(() -> !text("select coalesce(image_key, '') from posts where id = 'p000020'")
                .isEmpty());

        assertThat(work.revert(POST, false).steps())
                .extracting(ReferenceStatus.Done::step)
                .startsWith("drop-foreign-key", "drop-index", "drop-column");

        assertThat(text("select image_key from posts where id = 'p000020'")).isEqualTo(last.get());
    }

    /** @return the key of the last row that a statement of a new client was told to have set */
    private String writeUntilRefused() {
        String written = null;
        try (Connection connection = SANDBOX.connect();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < 1_000_000; i++) {
                ResultSet row = statement.executeQuery(
                        "update posts set image_id = s.id from (select id, file_key from storage where organization_id = 'org0' order by id limit 1 offset "
                                + i % 40 + ") s where posts.id = 'p000020' returning s.file_key");
                written = row.next() ? row.getString(1) : "no row";
            }
            return "was never refused";
        } catch (SQLException e) {
            return e.getSQLState().equals("42703") ? written : e.getMessage();
        }
    }

    @Test
    void alsoReachesWhatReplicationWrites() throws SQLException {
        SANDBOX.execute(
                "create subscription feed connection 'dbname=none' publication feed with (connect = false, slot_name = none)",
                "insert into pg_subscription_rel values ((select oid from pg_subscription where subname = 'feed'), 'posts'::regclass, 'r', null)");
        try {
            fill(POST);
            try (Connection subscriber = SANDBOX.connect();
                    Statement statement = subscriber.createStatement()) {
                statement.execute("set session_replication_role = replica");
                statement.execute("update posts set image_key = 'k94.jpg' where id = 'p000014'");
            }

            assertThat(text("select image_id from posts where id = 'p000014'")).isEqualTo("s94");
            assertThat(work.verify(POST, false).findings()).isEmpty();
        } finally {
            SANDBOX.execute("drop subscription feed");
        }
    }

    @Test
    void findsARowThatHasMovedToAnotherOrganisationAndDoesNotTouchIt() {
        fill(POST);
        String id = text("select image_id from posts where id = 'p000014'");
        SANDBOX.execute("update posts set organization_id = 'org3' where id = 'p000014'");

        assertThat(work.verify(POST, false).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.clause()).isEqualTo("other-scope");
            assertThat(finding.samples()).containsExactly("p000014");
        });
        assertThat(text("select image_id from posts where id = 'p000014'")).isEqualTo(id);
        assertThat(refusals(POST)).singleElement().satisfies(refused -> assertThat(refused)
                .startsWith("proof"));
    }

    @Test
    void provesAnewWhenOurPublicAddressHasChanged() {
        fill(POST);
        assertThat(work.verify(POST, false).findings()).isEmpty();
        ReferenceWork moved = SANDBOX.engine(REGISTRY, "storage.public-url", "https://new.example.test")
                .references();

        assertThat(moved.contract(POST, ACCEPTED).refused())
                .extracting(Finding::clause)
                .containsOnly("proof");
        assertThat(moved.verify(POST, false).findings())
                .extracting(Finding::clause)
                .contains("dual-write");
        assertThat(moved.expand(POST).steps())
                .extracting(ReferenceStatus.Done::step)
                .containsExactly("dual-write");
        // Those by our former address lead to the same rows, but nothing says so any more.
        moved.backfill(POST, OptionalLong.empty(), OptionalInt.of(100));
        assertThat(moved.verify(POST, false).findings())
                .extracting(Finding::clause)
                .containsExactly("disagree");
    }

    @Test
    void takesTheNewestOrOldestOfSeveralAndKeepsOrEmptiesTheOldColumnWithTheRow() {
        fill("newest");
        fill("oldest");
        SANDBOX.execute(
                "insert into picks values (4, 'k13.jpg')", "update \"user\" set image = 'k13.jpg' where id = 'u20'");
        assertThat(text("select string_agg(id || newest_id, ' ' order by id) from picks"))
                .isEqualTo("1s18 2s7 3s8 4s18");
        assertThat(text("select image_id from \"user\" where id = 'u20'")).isEqualTo("s13");
        SANDBOX.execute("update \"user\" set image_id = 's8' where id = 'u21'");

        SANDBOX.execute("delete from storage where id = 's8'");

        assertThat(text("select k || coalesce(newest_id, '-') from picks where id = 3"))
                .isEqualTo("k8.jpg-");
        assertThat(text("select coalesce(image, '-') || coalesce(image_id, '-') from \"user\" where id = 'u21'"))
                .isEqualTo("--");
        assertThat(work.verify("newest", false).findings()).isEmpty();
        assertThat(work.verify("oldest", false).findings()).isEmpty();
    }

    @Test
    void refusesToWorkThroughAPoolThatLendsASessionForATransaction() throws Exception {
        assumeThat(Pooler.isInstalled()).isTrue();
        try (Pooler pooler = new Pooler(SANDBOX, "transaction")) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> SANDBOX.engine(REGISTRY, "database.url", pooler.url(SANDBOX)))
                    .withMessageContaining("a pooler in transaction mode answers");
        }
    }

    private static String text(String query) {
        return SANDBOX.sql().sql(query).query(String.class).single();
    }
}
