package dev.mediaferry.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Services;
import dev.mediaferry.fixture.Gate;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.ledger.Worker;
import dev.mediaferry.settings.Settings;
import dev.mediaferry.steer.AuditLog;
import dev.mediaferry.steer.AuditLog.Actor;
import dev.mediaferry.steer.AuditLog.Line;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the audit log says of an act that does not end by itself. */
@Tag("slow")
class ActsTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final Visitor ANNA = new Visitor("anna", Role.OPERATOR, "127.0.0.1", "", false);

    @Test
    void endsAnActOnceTheDatabaseThatWentAwayIsBack() throws IOException {
        SANDBOX.engine();
        Settings direct = SANDBOX.settings();
        URI address = URI.create(direct.text("database.url").substring("jdbc:".length()));
        try (Gate gate = new Gate(address.getPort());
                Services services = Services.open(SANDBOX.settings(
                        "database.url",
                        direct.text("database.url").replace(":" + address.getPort(), ":" + gate.port())));
                Acts acts = new Acts(new AuditLog(services.database()), () -> {})) {
            CountDownLatch tried = new CountDownLatch(1);
            Answer begun = acts.later(ANNA, "try", Map.of(), progress -> {
                progress.accept(Map.of("total", 3, "retried", 1));
                gate.shut();
                try {
                    progress.accept(Map.of("total", 3, "retried", 2));
                } finally {
                    tried.countDown();
                }
                return Map.of();
            });
            Awaitility.await().until(() -> tried.getCount() == 0);
            AuditLog audit = new AuditLog(SANDBOX.engine().services().database());
            long id = audit.newest(Long.MAX_VALUE, 1).get(0).id();
            assertThat(begun).isEqualTo(new Answer.Redirect("/console/acts/" + id));
            gate.open();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> audit.find(id).orElseThrow().ended() != null);
            Line ended = audit.find(id).orElseThrow();
            assertThat(ended.failure()).contains("the database did not answer");
            assertThat(ended.outcome()).contains("\"retried\": 1");
        }
    }

    @Test
    void tellsAnActThatGoesOnFromOneWhoseProcessIsNoMore() throws SQLException {
        try (Services services = Services.open(SANDBOX.settings())) {
            Actor anna = new Actor("anna", "127.0.0.1");
            long command = new AuditLog(services.database()).begin(anna, "try", Map.of());
            long act;
            AuditLog audit;
            try (Worker worker = Worker.register(services.database())) {
                audit = new AuditLog(services.database(), worker::id);
                act = audit.begin(anna, "try", Map.of());
                assertThat(audit.find(act).orElseThrow().interrupted()).isFalse();
            }
            assertThat(audit.find(act).orElseThrow().interrupted()).isTrue();
            assertThat(audit.find(command).orElseThrow().interrupted())
                    .as("nobody knows of a command's process")
                    .isFalse();
            audit.end(act, Map.of(), null);
            assertThat(audit.find(act).orElseThrow().interrupted()).isFalse();
        }
    }
}
