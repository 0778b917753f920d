package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

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
    void changesNothing() throws Exception {
        String link = CDN.picture();
        SANDBOX.photo("1", link);
        SANDBOX.engine();
        commands.json("status", "--json", "--set", NEVER);
        assertThat(SANDBOX.url("1")).isEqualTo(link);
        assertThat(CDN.requests()).isZero();
    }
}
