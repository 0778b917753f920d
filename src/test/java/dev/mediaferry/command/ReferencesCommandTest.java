package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SeedTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator sees of references before anything is changed. */
@Tag("slow")
class ReferencesCommandTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.public-url", SeedTables.PUBLIC);

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX, SeedTables.ALL);

    @BeforeEach
    void fill() {
        SANDBOX.engine();
        SeedTables.create(SANDBOX, 2_000, 1_000);
    }

    @Test
    void plansWithCountsSamplesAndLocksAndChangesNothing() throws Exception {
        String before = catalogue();

        JsonNode plans = commands.json("references", "plan", "--json");

        assertThat(plans).hasSize(4);
        JsonNode post = plans.get(0);
        Map<String, Long> kinds = kinds(post);
        assertThat(kinds)
                .containsEntry("null", 500L)
                .containsEntry("empty", 10L)
                .containsEntry("trim", 10L)
                .containsEntry("url", 10L)
                .containsEntry("several", 10L)
                .containsEntry("none", 30L)
                .containsEntry("exact", 1_430L);
        assertThat(post.path("rows").asLong()).isEqualTo(2_000);
        assertThat(post.path("rowsToFill").asLong()).isEqualTo(1_450);
        assertThat(post.at("/steps/0/step").asText()).isEqualTo("lookup-index");
        assertThat(names(post.path("steps"), "lock")).contains("ACCESS EXCLUSIVE", "SHARE UPDATE EXCLUSIVE");
        assertThat(post.path("classes").toString()).contains("p000006: 'gone.jpg'");
        assertThat(kinds(plans.get(2))).containsEntry("value", 4L).containsEntry("empty", 1L);
        assertThat(commands.run("references", "plan", "preview")).isZero();
        assertThat(commands.out())
                .contains("preview: public.LinkedInPostPreview, copy, planned")
                .contains("dual-write");
        assertThat(catalogue()).isEqualTo(before);
    }

    @Test
    void namesWhatDependsOnTheOldSide() throws Exception {
        SANDBOX.execute(
                "create view latest as select id, image_key from posts",
                "create function newest() returns text language sql as $$ select image_key from posts limit 1 $$",
                "create publication feed for table posts (id, image_key)");
        try {
            JsonNode plan =
                    commands.json("references", "plan", "post-image", "--json").get(0);

            assertThat(plan.path("dependents").toString())
                    .contains("view latest")
                    .contains("function newest()");
            assertThat(plan.path("publications").toString()).contains("feed");
        } finally {
            SANDBOX.execute("drop view latest", "drop function newest", "drop publication feed");
        }
    }

    @Test
    void saysWhatTheDatabaseUserMayNotDo() throws Exception {
        commands.registry(SeedTables.POST_IMAGE);
        SANDBOX.execute("create role planner login superuser password 'secret'", "alter role planner nosuperuser");
        try {
            SANDBOX.execute(
                    "grant usage, create on schema mediaferry to planner",
                    "grant all on all tables in schema mediaferry to planner",
                    "grant select, update on posts to planner",
                    "grant select on storage to planner");
            List<String> line = new ArrayList<>(List.of("references", "plan", "post-image", "--json"));
            line.addAll(List.of(
                    "--set", "mediaferry.database.user=planner", "--set", "mediaferry.database.password=secret"));

            JsonNode plan = commands.json(1, line.toArray(String[]::new)).get(0);

            assertThat(plan.path("missingRights").toString())
                    .contains("is not the owner of public.posts")
                    .contains("may not refer to public.storage")
                    .contains("may not create one");
            assertThat(plan.path("transactions").toString()).contains("grant pg_read_all_stats");
        } finally {
            SANDBOX.execute("drop owned by planner", "drop role planner");
        }
    }

    @Test
    void refusesAllThatDoesNotFitTheDatabaseAtOnce() throws Exception {
        SANDBOX.execute("create table parted (id int primary key, k text) partition by range (id)");
        commands.registry(
                """
                references:
                  - { name: a, table: posts, old: image_kez, new: image_id, lookup: { table: storage, key: file_key } }
                  - { name: b, table: posts, old: image_key, new: image_id, lookup: { table: storage, key: filekey }, same: [organisation] }
                  - { name: c, table: parted, rename: { k: key } }
                  - { name: d, table: posts, old: like_count, new: content, back: { like_count: link } }
                """);
        try {
            assertThat(commands.run("references", "plan")).isEqualTo(2);
            assertThat(commands.err())
                    .contains("registry line 2: a: table posts has no column image_kez; did you mean image_key?")
                    .contains("registry line 3: b: table storage has no column filekey; did you mean file_key?")
                    .contains("registry line 3: b: table posts has no column organisation")
                    .contains("registry line 4: c: table parted is partitioned")
                    .contains("registry line 5: d: like_count is of type int4, but must be text or varchar");
            assertThat(commands.run("migrate", "--dry-run")).isEqualTo(2);
        } finally {
            SANDBOX.execute("drop table parted");
        }
    }

    @Test
    void showsThatNothingIsDoneYet() throws Exception {
        JsonNode states = commands.json("references", "status", "--json");

        assertThat(states)
                .hasSize(4)
                .allSatisfy(one -> assertThat(one.path("state").asText()).isEqualTo("planned"));
        assertThat(commands.run("references", "status")).isZero();
        assertThat(commands.out()).contains("post-image").contains("public.posts");
        assertThat(commands.run("references", "status", "post-imagf")).isEqualTo(2);
        assertThat(commands.err()).contains("did you mean post-image?");
        commands.registry(Sandbox.REGISTRY);
        assertThat(commands.run("references", "plan")).isEqualTo(2);
        assertThat(commands.err()).contains("the registry has no references");
    }

    private static String catalogue() {
        return SANDBOX.sql()
                .sql(
                        "select string_agg(c::text, ',' order by c) from (select attrelid::regclass || attname from pg_attribute where attrelid >= 16384"
                                + " union all select conname from pg_constraint union all select tgname from pg_trigger union all select proname from pg_proc) x (c)")
                .query(String.class)
                .single();
    }

    private static Map<String, Long> kinds(JsonNode plan) {
        Map<String, Long> kinds = new TreeMap<>();
        plan.path("classes")
                .forEach(one ->
                        kinds.put(one.path("kind").asText(), one.path("rows").asLong()));
        return kinds;
    }

    private static List<String> names(JsonNode nodes, String field) {
        List<String> names = new ArrayList<>();
        nodes.forEach(node -> names.add(node.path(field).asText()));
        return names;
    }
}
