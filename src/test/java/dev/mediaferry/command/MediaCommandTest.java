package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.fixture.Sandbox;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator sees of media, and does to them. */
@Tag("slow")
class MediaCommandTest {

    private static final String REGISTRY =
            """
            uploads:
              - { type: POST_IMAGE, folder: posts, content: [image/jpeg], max-bytes: 20MB }
            """;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX, REGISTRY);

    private int inserted;

    @BeforeEach
    void migrate() {
        SANDBOX.engine();
    }

    @Test
    void listsMediaPageByPage() throws Exception {
        String older = insert("ann", 1_000);
        String newer = insert("ann", 2_000);
        insert("bob", 4_000);

        JsonNode all = commands.json("media", "list", "--user", "ann", "--json");
        assertThat(all).hasSize(2);
        assertThat(all.get(0).path("id").asText()).isEqualTo(newer);
        assertThat(all.get(0).path("phase").asText()).isEqualTo("READY");
        assertThat(commands.run("media", "list", "--user", "ann", "--limit", "1"))
                .isZero();
        assertThat(commands.out()).contains(newer).contains("go on with --before " + newer);
        assertThat(commands.json("media", "list", "--user", "ann", "--before", newer, "--json")
                        .get(0)
                        .path("id")
                        .asText())
                .isEqualTo(older);
        assertThat(commands.json("media", "list", "--status", "FAILED", "--json"))
                .isEmpty();
        assertThat(commands.run("media", "list", "--status", "BROKEN")).isEqualTo(2);
        assertThat(commands.run("media", "list", "--limit", "0")).isEqualTo(2);
    }

    @Test
    void showsAMediumAndWhatHappenedToItAlsoWhenItIsDeleted() throws Exception {
        String id = insert("ann", 1_000);

        assertThat(commands.run("media", "show", id)).isZero();
        assertThat(commands.out()).contains("Medium   " + id + ", READY", "1.0 kB", "media.ready");
        assertThat(commands.run("media", "delete", id)).isZero();
        JsonNode deleted = commands.json("media", "show", id, "--json");
        assertThat(deleted.path("medium").isNull()).isTrue();
        assertThat(deleted.path("events").get(1).path("kind").asText()).isEqualTo("media.deleted");
        assertThat(commands.run("media", "delete", id)).isEqualTo(2);
        assertThat(commands.err()).contains("there is no medium " + id);
        assertThat(commands.run("media", "show", "1")).isEqualTo(2);
    }

    @Test
    void namesTheTableThatKeepsAMedium() throws Exception {
        String id = insert("ann", 1_000);
        SANDBOX.execute("create table cover (medium uuid references mediaferry.media)");
        try {
            SANDBOX.execute("insert into cover values ('" + id + "')");

            assertThat(commands.run("media", "delete", id)).isEqualTo(1);
            assertThat(commands.err()).contains("is in use by the table public.cover");
        } finally {
            SANDBOX.execute("drop table cover");
        }
    }

    @Test
    void sweepsAndSaysBeforehandWhatItWillDo() throws Exception {
        String id = insert("ann", 1_000);
        SANDBOX.execute("delete from mediaferry.media");

        assertThat(commands.run("media", "sweep", "--dry-run")).isZero();
        assertThat(commands.out()).containsPattern("remove +deleted +" + id).contains("Dry run: nothing was changed.");
        assertThat(commands.json("media", "sweep", "--json")
                        .path("counts")
                        .path("remove deleted")
                        .asInt())
                .isEqualTo(1);
        assertThat(commands.run("media", "sweep")).isZero();
        assertThat(commands.out()).contains("Nothing to sweep.");
        commands.registry(Sandbox.REGISTRY);
        assertThat(commands.run("media", "sweep")).isEqualTo(2);
        assertThat(commands.err()).contains("the registry has no uploads");
    }

    @Test
    void saysWhatCostsMost() throws Exception {
        insert("ann", 1_000);
        insert("bob", 4_000);
        insert("bob", 2_000);

        JsonNode users = commands.json("media", "usage", "--by", "user", "--json");
        assertThat(users.get(0).path("name").asText()).isEqualTo("bob");
        assertThat(users.get(0).path("media").asInt()).isEqualTo(2);
        assertThat(users.get(0).path("bytes").asInt()).isEqualTo(6_000);
        assertThat(commands.run("media", "usage")).isZero();
        assertThat(commands.out()).containsPattern("POST_IMAGE +3 +7,000");
        assertThat(commands.run("media", "usage", "--by", "colour")).isEqualTo(2);
        SANDBOX.execute("update mediaferry.media set storage_class = 'GLACIER' where user_id = 'bob'");
        assertThat(commands.run("media", "usage", "--by", "class")).isZero();
        assertThat(commands.out()).containsPattern("GLACIER +2 +6,000").containsPattern("as stored +1 +1,000");
        assertThat(commands.json("media", "usage", "--by", "state", "--json")
                        .get(0)
                        .path("name")
                        .asText())
                .isEqualTo("READY");
    }

    @Test
    void saysWhatCannotBeRestored() throws Exception {
        String id = insert("ann", 1_000);

        assertThat(commands.json("media", "restore", id, "--json").path("state").asText())
                .isEqualTo("not-cold");
        assertThat(commands.run("media", "restore", id)).isZero();
        assertThat(commands.out()).contains("It is not in a colder storage class.");
        assertThat(commands.run("media", "restore", UUID.randomUUID().toString()))
                .isEqualTo(2);
        SANDBOX.execute("update mediaferry.media set storage_class = 'STANDARD_IA', etag = 'e'");
        assertThat(commands.run("media", "restore", id)).isEqualTo(2);
        assertThat(commands.err()).contains("cannot be restored: its object is not there");
    }

    @Test
    void explainsItself() throws Exception {
        assertThat(MediaferryCommand.execute("media", "--help")).isZero();
        assertThat(commands.out()).contains("list", "show", "delete", "restore", "sweep", "usage", "webhooks");
        assertThat(MediaferryCommand.execute("media")).isEqualTo(2);
        assertThat(commands.err()).contains("name a command: list, show, delete, restore, sweep, usage or webhooks");
    }

    private String insert(String user, long bytes) {
        UUID id = new UUID(0x019fb5c17a007000L + inserted++, 0x8000000000000000L);
        SANDBOX.sql()
                .sql(
                        "insert into mediaferry.media (id, user_id, media_type, storage_key, status, file_size, mime_type, file_name)"
                                + " values (?, ?, 'POST_IMAGE', ?, 'READY', ?, 'image/jpeg', 'a.jpg')")
                .params(id, user, "posts/" + id, bytes)
                .update();
        return id.toString();
    }
}
