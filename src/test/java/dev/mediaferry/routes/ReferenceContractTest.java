package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.BusyApplication;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SeedTables;
import dev.mediaferry.reference.Finding;
import dev.mediaferry.reference.ReferenceProof;
import dev.mediaferry.reference.ReferenceReport;
import dev.mediaferry.reference.ReferenceWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The proof before an old column is retired, every reason not to, and the way back. */
@Tag("slow")
class ReferenceContractTest {

    private static final String POST = "post-image";
    private static final int POSTS = 400;
    private static final int STORAGE = 125;
    private static final Map<String, String> ACCEPTED =
            Map.of("soak", "a test", "readers-unseen", "a test", "old-writes", "a test");

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.public-url", SeedTables.PUBLIC);

    private static Engine engine;

    private ReferenceWork work;

    @BeforeEach
    void begin() {
        SANDBOX.engine();
        SeedTables.create(SANDBOX, POSTS, STORAGE);
        engine = engine == null ? SANDBOX.keep(SANDBOX.engine(SeedTables.ALL)) : engine;
        work = engine.references();
    }

    private void fill(String name) {
        work.expand(name);
        work.backfill(name, OptionalLong.empty(), OptionalInt.of(100));
    }

    @Test
    void provesRetiresAndGivesBackWithoutLossWhileClientsWrite() throws Exception {
        fill(POST);
        try (BusyApplication after = BusyApplication.ofAfter(SANDBOX, 3, POSTS, STORAGE)) {
            Awaitility.await().until(() -> after.writes() > 100);
            ReferenceProof.Proof proof = work.verify(POST, false);
            assertThat(proof.findings()).isEmpty();
            assertThat(proof.rows())
                    .isEqualTo(
                            proof.classes().values().stream().mapToLong(n -> n).sum());
            assertThat(proof.classes()).containsKeys("exact", "trim", "url", "empty", "none", "several", "null");

            ReferenceReport retired = work.contract(POST, ACCEPTED);

            assertThat(retired.refused()).isEmpty();
            assertThat(retired.state()).isEqualTo("retired");
            long writes = after.writes();
            Awaitility.await().until(() -> after.writes() > writes + 300);
            assertThat(after.errors()).isEmpty();
            assertThat(number("select count(*) from posts p left join storage s on s.id = p.image_id"
                            + " where p.image_id is not null and \"image_key~retired\" is null"))
                    .isZero();

            ReferenceReport back = work.revert(POST, false);

            assertThat(back.state()).isEqualTo("filled");
            assertThat(after.errors()).isEmpty();
        }
        assertThat(work.verify(POST, false).findings()).isEmpty();
        assertThat(work.revert(POST, false).state()).isEqualTo("planned");
    }

    @Test
    void givesEveryOldValueBackByteForByteAndKeepsWhatWasAccepted() {
        String before = values();
        fill(POST);
        work.verify(POST, false);
        work.contract(POST, ACCEPTED);
        assertThat(
                        texts(
                                "select step || ': ' || statement from mediaferry.reference_step where step like 'accept %' order by 1"))
                .as("nobody has written to the old side")
                .containsExactly("accept readers-unseen: a test (postgres)", "accept soak: a test (postgres)");
        SANDBOX.execute("update posts set like_count = like_count + 1, image_id = image_id");

        work.revert(POST, true);

        assertThat(values()).isEqualTo(before);
        assertThat(number("select count(*) from pg_trigger where tgname like '~mediaferry%'"))
                .isZero();
    }

    /** @param mending empty where expand and backfill make again what was taken away */
    private record Breach(String clause, String breaking, String mending) {}

    private static final String NO_FOREIGN_KEY = "alter table posts drop constraint mf_posts_image_id_fk";
    private static final String OTHER_FOREIGN_KEY = NO_FOREIGN_KEY
            + ";; alter table posts add constraint fk foreign key (image_id) references storage on delete ";
    private static final String KEPT =
            "update posts p set image_key = k.image_key, image_id = k.image_id from kept k where k.id = p.id and (p.image_key, p.image_id) is distinct from (k.image_key, k.image_id)";
    private static final String FUNCTION = "alter function mediaferry.\"~post-image\"() ";

    /** What is broken, and which clause notices. */
    private static final List<Breach> BREACHES = List.of(
            new Breach("open", "update posts set image_id = null where id = 'p000014'", KEPT),
            new Breach("disagree", "update posts set image_id = 's94' where id = 'p000014'", KEPT),
            new Breach("no-old", "update posts set image_key = null where id = 'p000014'", KEPT),
            new Breach("other-scope", "update posts set image_id = 's91' where id = 'p000014'", KEPT),
            new Breach("dual-write", "drop trigger \"~mediaferry post-image u\" on posts", ""),
            new Breach("dual-write", "alter table posts disable trigger \"~mediaferry post-image i\"", ""),
            new Breach(
                    "dual-write",
                    "create or replace function mediaferry.\"~post-image\"() returns trigger language plpgsql as 'begin return new; end'",
                    ""),
            new Breach("function", FUNCTION + "security invoker", FUNCTION + "security definer"),
            new Breach("function", FUNCTION + "reset all", FUNCTION + "set search_path = pg_catalog, pg_temp"),
            new Breach("foreign-key", NO_FOREIGN_KEY, ""),
            new Breach("on-delete", OTHER_FOREIGN_KEY + "cascade", "alter table posts drop constraint fk"),
            new Breach("validate", OTHER_FOREIGN_KEY + "set null not valid", "alter table posts drop constraint fk"),
            new Breach("index", "drop index mf_posts_image_id", ""),
            new Breach("lookup-index", "drop index mf_storage_file_key", ""),
            new Breach(
                    "required",
                    "update posts set image_key = 'x' where image_key is null;; alter table posts alter image_key set not null",
                    "alter table posts alter image_key drop not null;; " + KEPT),
            new Breach(
                    "default",
                    "alter table posts alter image_key set default 'x'",
                    "alter table posts alter image_key drop default"),
            new Breach(
                    "grants",
                    "grant select (image_key) on posts to pg_monitor",
                    "revoke select (image_key) on posts from pg_monitor"),
            new Breach(
                    "publications", "create publication feed for table posts (id, image_key)", "drop publication feed"),
            new Breach(
                    "trigger-order",
                    "create trigger \"~zzz\" before update on posts for each row execute function suppress_redundant_updates_trigger()",
                    "drop trigger \"~zzz\" on posts"));

    @Test
    void noticesWhatIsBroken() throws SQLException {
        fill(POST);
        SANDBOX.execute("drop table if exists kept", "create table kept as select id, image_key, image_id from posts");
        try {
            for (Breach one : BREACHES) {
                beside(one.breaking());
                ReferenceProof.Proof proof = work.verify(POST, false);

                assertThat(proof.proved()).as(one.breaking()).isFalse();
                assertThat(proof.findings())
                        .as(one.breaking())
                        .extracting(Finding::clause)
                        .contains(one.clause());
                beside(one.mending());
                // Also after a mending that only takes away what stood in their place.
                fill(POST);
            }
            assertThat(reasons(ACCEPTED)).containsExactly("proof");
            assertThat(work.verify(POST, false).findings()).isEmpty();
        } finally {
            SANDBOX.execute("drop publication if exists feed", "drop table kept");
        }
    }

    /** Without the triggers, as somebody does who knows how. */
    private static void beside(String statements) throws SQLException {
        try (Connection connection = SANDBOX.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set session_replication_role = replica");
            for (String one : statements.split(";; ")) {
                statement.execute(one);
            }
        }
    }

    @Test
    void noticesANoteThatIsNotTheOldValue() throws SQLException {
        fill(POST);
        SANDBOX.execute(
                "create function wrong() returns trigger language plpgsql as $$ begin new.old_value := new.old_value || '?'; return new; end $$",
                "create trigger wrong before insert on mediaferry.reference_row for each row execute function wrong()");
        try {
            assertThat(work.verify(POST, false).findings())
                    .extracting(Finding::clause)
                    .containsExactly("rehearsal");
        } finally {
            SANDBOX.execute("drop trigger wrong on mediaferry.reference_row", "drop function wrong");
        }
    }

    @Test
    void noticesContradictionsUntilAnOperatorKnowsThem() {
        fill(POST);
        SANDBOX.execute("update posts set image_id = 's94', image_key = 'gone' where id = 'p000014'");

        assertThat(work.verify(POST, false).findings())
                .extracting(Finding::clause)
                .containsExactly("conflicts");
        assertThat(work.verify(POST, true).findings()).isEmpty();
        assertThat(work.verify(POST, false).findings()).isEmpty();
    }

    @Test
    void refusesKeysThatNoRowHasUnlessTheyAreLeft() {
        fill(POST);
        ReferenceWork strict = SANDBOX.engine(SeedTables.POST_IMAGE
                        .replace("none: leave", "none: refuse")
                        .replace("several: leave", "several: refuse"))
                .references();

        assertThat(strict.verify(POST, false).findings())
                .extracting(Finding::clause)
                .containsExactlyInAnyOrder("none", "several");
    }

    @Test
    void measuresTheQueriesOfTheApplication() throws IOException {
        Path probe = Files.writeString(
                Files.createTempFile("feed", ".sql"),
                "select p.id, s.file_key from posts p left join storage s on s.id = p.image_id where p.content like '%e%';");
        ReferenceWork probed = SANDBOX.engine(
                        SeedTables.POST_IMAGE + "    probes: [ { sql: " + probe + ", p99: \"0\", runs: 20 } ]\n")
                .references();
        probed.expand(POST);
        probed.backfill(POST, OptionalLong.empty(), OptionalInt.of(100));

        ReferenceProof.Proof proof = probed.verify(POST, false);

        assertThat(proof.findings()).extracting(Finding::clause).containsExactly("probe", "plan");
        assertThat(proof.millis()).containsKeys(probe.getFileName().toString(), "delete");
    }

    @Test
    void namesEveryReasonAtOnceAndDoesNothing() throws SQLException {
        fill(POST);
        work.verify(POST, false);
        SANDBOX.execute(
                "update posts set image_key = 'k94.jpg' where id = 'p000014'",
                "create view latest as select id, image_key from posts",
                "create publication feed for table posts (id, image_key)");
        try {
            assertThat(reasons(Map.of()))
                    .contains("soak", "old-writes", "readers-unseen", "dependents", "publications")
                    .doesNotContain("proof");
            assertThat(
                            number(
                                    "select count(*) from pg_attribute where attname = 'image_key' and not attisdropped and attrelid = 'posts'::regclass"))
                    .isEqualTo(1);
            assertThat(reasons(Map.of("proof", "I know better"))).contains("soak");
        } finally {
            SANDBOX.execute("drop view latest", "drop publication feed");
        }
    }

    @Test
    void refusesAProofThatIsOldOrOfAnotherEntry() {
        fill(POST);
        assertThat(reasons(ACCEPTED)).containsExactly("proof");
        work.verify(POST, false);
        assertThat(SANDBOX.engine(SeedTables.POST_IMAGE + "    soak: 1d\n")
                        .references()
                        .contract(POST, ACCEPTED)
                        .refused())
                .extracting(Finding::clause)
                .containsExactly("proof");
        SANDBOX.execute("update mediaferry.reference set proved = now() - interval '25 hours'");

        assertThat(reasons(ACCEPTED)).containsExactly("proof");
    }

    @Test
    void soaksAnewWhenTheOldSideWasUsed() {
        fill(POST);
        work.verify(POST, false);
        SANDBOX.execute("update mediaferry.reference set soak_from = now() - interval '8 days'");
        assertThat(reasons(Map.of())).containsExactly("readers-unseen");
        work.verify(POST, false);
        assertThat(reasons(Map.of())).containsExactly("readers-unseen");

        SANDBOX.execute("update posts set image_key = 'k94.jpg' where id = 'p000014'");

        assertThat(reasons(Map.of())).containsExactlyInAnyOrder("old-writes", "readers-unseen");
        work.verify(POST, false);
        assertThat(reasons(Map.of())).containsExactlyInAnyOrder("soak", "readers-unseen");
    }

    @Test
    void refusesWhileAFieldOfTheRegistryStillMovesTheOldColumn() {
        ReferenceWork moving = SANDBOX.engine(
                        "hosts: [\"127.0.0.1\"]\nfields:\n  - { table: posts, column: image_key, folder: posts }\n"
                                + SeedTables.POST_IMAGE)
                .references();
        moving.expand(POST);
        moving.backfill(POST, OptionalLong.empty(), OptionalInt.of(100));
        moving.verify(POST, false);

        assertThat(moving.contract(POST, ACCEPTED).refused())
                .extracting(Finding::clause)
                .containsExactly("fields");
    }

    @Test
    void seesARetirementWhoseEndTheLedgerDoesNotKnow() {
        fill(POST);
        work.verify(POST, false);
        work.contract(POST, ACCEPTED);
        SANDBOX.execute("update mediaferry.reference set state = 'proved'");

        assertThat(work.contract(POST, Map.of()).state()).isEqualTo("retired");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> work.backfill(POST, OptionalLong.empty(), OptionalInt.empty()))
                .withMessageContaining("post-image is retired");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> work.verify(POST, false))
                .withMessageContaining("post-image is retired");
    }

    @Test
    void changesTheOtherSeedTablesAndBack() {
        for (String name : List.of("user-image", "comment-avatar", "preview")) {
            fill(name);
            assertThat(work.verify(name, false).findings()).as(name).isEmpty();
        }
        assertThat(texts("select id || ' ' || coalesce(\"avatarUrl\", '-') from \"CommentAnalysis\" order by id"))
                .containsExactly(
                        "c1 " + SeedTables.PUBLIC + "/a/1.jpg",
                        "c2 " + SeedTables.PUBLIC + "/a/2.jpg",
                        "c3 https://media.licdn.example.test/3",
                        "c4 -",
                        "c5 -",
                        "c6 " + SeedTables.PUBLIC + "/a/6.jpg");
        SANDBOX.execute(
                "update \"CommentAnalysis\" set \"commentText\" = 't', \"avatarS3Url\" = null, \"avatarS3Key\" = 'b/3.jpg' where id = 'c3'",
                "insert into \"CommentAnalysis\" (id, \"commentText\", \"avatarUrl\") values ('c7', 't', '"
                        + SeedTables.PUBLIC + "/b/7.jpg')",
                "insert into \"LinkedInPostPreview\" (id, title, \"imageKey\", \"imageUrl\") values ('l4', 't', 'p/4.jpg', null)",
                "insert into \"LinkedInPostPreview\" (id, title, \"s3Key\", \"s3Url\") values ('l5', 't', 'p/5.jpg', null)");
        assertThat(
                        texts(
                                "select \"avatarUrl\" || ' ' || coalesce(\"avatarS3Url\", '-') || ' ' || \"avatarS3Key\" from \"CommentAnalysis\" where id in ('c3', 'c7') order by id"))
                .containsExactly(
                        SeedTables.PUBLIC + "/b/3.jpg - b/3.jpg",
                        SeedTables.PUBLIC + "/b/7.jpg " + SeedTables.PUBLIC + "/b/7.jpg b/7.jpg");
        assertThat(
                        texts(
                                "select \"s3Key\" || \"imageKey\" from \"LinkedInPostPreview\" where id in ('l4', 'l5') order by id"))
                .containsExactly("p/4.jpgp/4.jpg", "p/5.jpgp/5.jpg");
        for (String name : List.of("user-image", "comment-avatar", "preview")) {
            assertThat(work.verify(name, false).findings()).as(name).isEmpty();
            assertThat(work.contract(name, ACCEPTED).refused()).as(name).isEmpty();
            assertThat(work.revert(name, true).state()).as(name).isEqualTo("planned");
        }
        assertThat(
                        texts(
                                "select coalesce(\"avatarS3Url\", '-') || ' ' || coalesce(\"avatarS3Key\", '-') from \"CommentAnalysis\" where id in ('c2', 'c5') order by id"))
                .containsExactly(" a/2.jpg", "- ");
        assertThat(
                        number(
                                "select count(*) from pg_attribute where attname in ('avatarUrl', 'imageKey') and not attisdropped"))
                .isZero();
    }

    private List<String> reasons(Map<String, String> accepted) {
        return work.contract(POST, accepted).refused().stream()
                .map(Finding::clause)
                .toList();
    }

    private static String values() {
        return SANDBOX.sql()
                .sql("select md5(string_agg(id || coalesce(image_key, '-'), ',' order by id)) from posts")
                .query(String.class)
                .single();
    }

    private static List<String> texts(String query) {
        return SANDBOX.sql().sql(query).query(String.class).list();
    }

    private static long number(String query) {
        return SANDBOX.sql().sql(query).query(Long.class).single();
    }
}
