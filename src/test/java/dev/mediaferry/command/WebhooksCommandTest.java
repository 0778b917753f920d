package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.fixture.Sandbox;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator sees of deliveries, and has delivered again. */
@Tag("slow")
class WebhooksCommandTest {

    private static final String MEDIUM = "019fb5c1-7a00-7000-8000-000000000000";

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX);

    @BeforeEach
    void happen() {
        SANDBOX.engine();
        SANDBOX.execute(
                "insert into mediaferry.delivery_target (name) values ('webhook')",
                "insert into mediaferry.media (id, user_id, media_type, storage_key, status) values ('" + MEDIUM
                        + "', 'ann', 'POST_IMAGE', 'posts/a', 'UPLOADED')",
                "update mediaferry.media set status = 'READY'");
    }

    @Test
    void listsDeliveriesAndThoseThatWereGivenUp() throws Exception {
        SANDBOX.execute("update mediaferry.media_delivery set state = 'dead', failure = 'HTTP 500', attempts = 10,"
                + " ended_at = now() where id = (select min(id) from mediaferry.media_delivery)");

        JsonNode all = commands.json("media", "webhooks", "list", "--json");
        assertThat(all).hasSize(2);
        assertThat(all.get(0).path("kind").asText()).isEqualTo("media.ready");
        assertThat(all.get(0).path("state").asText()).isEqualTo("open");
        assertThat(commands.json("media", "webhooks", "list", "--media", MEDIUM, "--state", "delivered", "--json"))
                .isEmpty();
        assertThat(commands.run("media", "webhooks", "dead-letters")).isEqualTo(1);
        assertThat(commands.out())
                .contains("media.uploaded", MEDIUM, "HTTP 500")
                .doesNotContain("media.ready");
        assertThat(commands.run("status")).isZero();
        assertThat(commands.out()).contains("Media: 2 events", "deliveries: 1 wait since", "1 dead");
        assertThat(commands.run("media", "webhooks", "list", "--state", "lost")).isEqualTo(2);
        assertThat(commands.run("media", "webhooks", "list", "--limit", "0")).isEqualTo(2);
    }

    @Test
    void readsALedgerThatLiesInAnotherSchema() throws Exception {
        assertThat(commands.run("status", "--set", "mediaferry.ledger.schema=elsewhere"))
                .isZero();
        assertThat(commands.json("media", "webhooks", "list", "--set", "mediaferry.ledger.schema=elsewhere", "--json"))
                .isEmpty();
    }

    @Test
    void deliversAgainWhatIsNamed() throws Exception {
        SANDBOX.execute("update mediaferry.media_delivery set state = 'delivered', attempts = 1, ended_at = now()");
        String event = SANDBOX.sql()
                .sql("select max(id)::text from mediaferry.media_event")
                .query(String.class)
                .single();

        assertThat(commands.run("media", "webhooks", "replay")).isEqualTo(2);
        assertThat(commands.json("media", "webhooks", "replay", "--dead", "--json")
                        .path("replayed")
                        .asInt())
                .isZero();
        assertThat(commands.json("media", "webhooks", "replay", event, "--json")
                        .path("replayed")
                        .asInt())
                .isEqualTo(1);
        assertThat(commands.json("media", "webhooks", "list", "--state", "open", "--json")
                        .get(0)
                        .path("event")
                        .asText())
                .isEqualTo(event);
        SANDBOX.execute("delete from mediaferry.media_delivery");
        assertThat(commands.run("media", "webhooks", "replay", "--media", MEDIUM))
                .isZero();
        assertThat(commands.out()).contains("2 events are delivered again");
    }

    @Test
    void explainsItself() throws Exception {
        assertThat(MediaferryCommand.execute("media", "webhooks", "--help")).isZero();
        assertThat(commands.out()).contains("list", "dead-letters", "replay");
        assertThat(MediaferryCommand.execute("media", "webhooks")).isEqualTo(2);
    }
}
