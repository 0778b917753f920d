package dev.mediaferry.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Receiver;
import dev.mediaferry.fixture.Receiver.Posted;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process (-9) that delivers events, while the receiver has one and has not answered. */
@Tag("slow")
class KilledDeliveriesTest {

    private static final Duration START = Duration.ofMinutes(2);

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @TempDir
    private Path directory;

    @Test
    void deliversOnceMoreWhatNobodyKnowsToBeDelivered() throws Exception {
        try (Receiver application = new Receiver()) {
            List<String> settings = new ArrayList<>(List.of(Tokens.settings(FreePort.text())));
            settings.addAll(List.of(
                    "home",
                    directory.resolve("home").toString(),
                    "schedule",
                    "off",
                    "server.port",
                    FreePort.text(),
                    "webhook.url",
                    application.url(),
                    "webhook.secret",
                    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
            List<String> options = SANDBOX.options(
                    directory,
                    "uploads: [{ type: POST_IMAGE, folder: posts, content: [image/jpeg], max-bytes: 20MB }]\n",
                    settings.toArray(String[]::new));
            try (Program service = started(options)) {
                AtomicReference<Posted> first = new AtomicReference<>();
                application.answers(posted -> {
                    if (first.compareAndSet(null, posted)) {
                        kill(service);
                    }
                    return 204;
                });
                SANDBOX.execute(
                        "insert into mediaferry.media (id, user_id, media_type, storage_key, status)"
                                + " values (gen_random_uuid(), 'ann', 'POST_IMAGE', 'posts/a', 'UPLOADED')",
                        "update mediaferry.media set status = 'READY'");
                await().until(() -> !service.isAlive());
            }
            assertThat(application.types()).containsExactly("media.uploaded");
            // As if the time of the one were over who was killed.
            SANDBOX.execute("update mediaferry.media_delivery set lease_until = now()");
            try (Program service = started(options)) {
                await().untilAsserted(() -> assertThat(application.types())
                        .containsExactly("media.uploaded", "media.uploaded", "media.ready"));
                assertThat(service.isAlive()).isTrue();
            }
            assertThat(application.posted().get(0).header("webhook-id"))
                    .isEqualTo(application.posted().get(1).header("webhook-id"));
        }
    }

    private static Program started(List<String> options) throws Exception {
        Program service = Program.start(options, "run");
        await().atMost(START).until(() -> {
            assertThat(service.isAlive()).as(service.err()).isTrue();
            return service.err().contains("uploads: http");
        });
        return service;
    }

    private static void kill(Program service) {
        try {
            service.kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
