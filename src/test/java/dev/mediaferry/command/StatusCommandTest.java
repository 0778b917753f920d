package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("slow")
class StatusCommandTest {

    private static final String NEVER = "mediaferry.schedule=0 0 3 1 1 ? 2099";

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX);

    @Test
    void countsPendingMigratedWaitingDeadAndAtRisk() throws Exception {
        SANDBOX.photo("migrated", CDN.picture());
        SANDBOX.photo("waiting", CDN.answering(500));
        SANDBOX.photo("dead", UnrulyCdn.until(CDN.answering(404), Instant.now().plusSeconds(60)));
        SANDBOX.migrate();
        SANDBOX.photo("at risk", UnrulyCdn.until(CDN.picture(), Instant.now().plusSeconds(60)));
        SANDBOX.photo("pending", CDN.picture());

        JsonNode status = commands.json("status", "--json", "--set", NEVER);

        JsonNode field = status.path("fields").path(0);
        assertThat(field.path("field").asText()).isEqualTo("Photo.url");
        assertThat(field.path("pending").asInt()).isEqualTo(2);
        assertThat(field.path("migrated").asInt()).isEqualTo(1);
        assertThat(field.path("waiting").asInt()).isEqualTo(1);
        assertThat(field.path("dead").toString()).isEqualTo("{\"gone\":1}");
        assertThat(field.path("atRisk").asInt()).isEqualTo(1);
        assertThat(Instant.parse(field.path("oldestPending").asText())).isBefore(Instant.now());
        assertThat(status.path("runs").path(0).path("state").asText()).isEqualTo("done");
        assertThat(status.path("runs").path(0).path("report").path("migrated").asInt())
                .isEqualTo(1);
        assertThat(Instant.parse(status.path("nextRun").asText())).isAfter(Instant.now());
    }

    @Test
    void listsTheHostsThatAreSlowedDownOrShutOut() throws Exception {
        SANDBOX.photo("1", CDN.answering(429, "Retry-After", "3600"));
        SANDBOX.migrate();

        JsonNode host =
                commands.json("status", "--json", "--set", NEVER).path("hosts").path(0);

        assertThat(host.path("host").asText()).isEqualTo("127.0.0.1");
        assertThat(host.path("rate").asDouble()).isPositive();
        assertThat(host.path("concurrency").asInt()).isPositive();
        assertThat(Instant.parse(host.path("shutOutUntil").asText()))
                .isAfter(Instant.now().plusSeconds(3000));
    }

    @Test
    void tellsWhoHasClaimedRowsAndSinceWhen() throws Exception {
        SANDBOX.engine();
        SANDBOX.execute(
                "insert into mediaferry.transfer (entry, row_key, source, host, object_key, state, worker, updated)"
                        + " select 'Photo.url', w.id || '-' || n, 'https://a.example/' || n, 'a.example', 'k', 'claimed', w.id,"
                        + " now() - interval '1 hour' from generate_series(1, 3) n,"
                        + " (select id from mediaferry.worker where pid = "
                        + ProcessHandle.current().pid()
                        + " union all select 777777) w");

        JsonNode claims = commands.json("status", "--json", "--set", NEVER).path("claims");

        assertThat(claims).hasSize(2);
        JsonNode ours = claims.path(0);
        assertThat(ours.path("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
        assertThat(ours.path("host").asText()).isNotEmpty();
        assertThat(ours.path("rows").asInt()).isEqualTo(3);
        assertThat(Instant.parse(ours.path("since").asText()))
                .isBefore(Instant.now().minusSeconds(3000));
        assertThat(ours.path("alive").asBoolean()).isTrue();
        assertThat(claims.path(1).path("worker").asInt()).isEqualTo(777777);
        assertThat(claims.path(1).path("pid").isNull()).isTrue();
        assertThat(claims.path(1).path("alive").asBoolean()).isFalse();
        assertThat(commands.run("status", "--set", NEVER)).isZero();
        assertThat(commands.out()).contains("CLAIMED ROWS", "alive", "gone, the next run takes them back");
    }

    @Test
    void listsRowsThatAreInvalidOrForeignAndCallsThemAFinding() throws Exception {
        assertThat(commands.run("status", "--invalid")).as(commands.err()).isZero();
        assertThat(commands.out()).contains("No row is invalid or foreign.");
        SANDBOX.photo("fine", CDN.picture());
        SANDBOX.photo("empty", " ");
        SANDBOX.photo("text", "n/a");
        SANDBOX.photo("user", "https://somebody:secret@127.0.0.1/x.jpg");
        SANDBOX.photo("other", "https://cdn.example/a.jpg?sig=c2VjcmV0");

        JsonNode rows =
                commands.json(1, "status", "--invalid", "Photo.url", "--json").path("rows");

        assertThat(rows.findValuesAsText("id")).containsExactly("other", "text", "user");
        assertThat(rows.findValuesAsText("reason")).containsExactly("foreign", "invalid", "invalid");
        assertThat(rows.path(0).path("value").asText()).isEqualTo("https://cdn.example/a.jpg?…");
        assertThat(commands.run("status", "--invalid", "--limit", "1")).isEqualTo(1);
        assertThat(commands.out()).contains("other").doesNotContain("n/a");
        assertThat(commands.run("status", "Photo.url")).isEqualTo(2);
        assertThat(commands.run("plan")).isZero();
        assertThat(commands.out())
                .contains("Left alone", "n/a", "https://cdn.example/a.jpg?…")
                .doesNotContain("c2VjcmV0");
    }

    @Test
    void doesNotEndSilentlyWhenEverythingIsInvalid() throws Exception {
        SANDBOX.photo("1", "n/a");
        SANDBOX.photo("2", "photo.jpg");
        assertThat(commands.run("migrate")).isEqualTo(1);
        assertThat(commands.out())
                .contains("Finding: Photo.url: all 2 rows are invalid", "mediaferry status --invalid Photo.url");
        assertThat(commands.json(1, "migrate", "--json").path("findings")).hasSize(1);
        SANDBOX.execute("update \"Photo\" set url = 'https://cdn.example/' || id");
        assertThat(commands.run("migrate")).isZero();
        assertThat(commands.out()).contains("Finding: Photo.url: all 2 links are foreign");
        SANDBOX.photo("3", CDN.picture());
        assertThat(commands.run("migrate")).isZero();
        assertThat(commands.out()).doesNotContain("Finding");
        assertThat(commands.run("migrate")).isZero();
        assertThat(commands.out()).doesNotContain("Finding");
    }

    @Test
    void changesNothing() throws Exception {
        String link = CDN.picture();
        SANDBOX.photo("1", link);
        SANDBOX.engine();
        commands.json("status", "--json", "--set", NEVER);
        assertThat(SANDBOX.url("1")).isEqualTo(link);
        assertThat(CDN.requests()).isZero();
    }
}
