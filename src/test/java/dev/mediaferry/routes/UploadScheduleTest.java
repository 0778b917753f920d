package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Media are swept by themselves, also where no run starts by itself. */
@Tag("slow")
class UploadScheduleTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final String UPLOADS =
            """
            uploads:
              - { type: POST_IMAGE, folder: posts, content: [image/jpeg], max-bytes: 20MB }
            """;

    private static final Duration START = Duration.ofMinutes(2);

    /** A minute, and what a busy machine adds. */
    private static final Duration NEXT_MINUTE = Duration.ofSeconds(90);

    @Test
    void failsAnUploadWithinAMinuteAfterItsTime() throws Exception {
        SANDBOX.engine();
        SANDBOX.execute(
                "insert into mediaferry.media (id, user_id, media_type, storage_key)"
                        + " values (gen_random_uuid(), 'ann', 'POST_IMAGE', 'posts/x')",
                "insert into mediaferry.upload_session (media_id, incoming_key, declared_type, max_bytes, expires_at)"
                        + " select id, 'incoming/x', 'image/jpeg', 1000, now() from mediaferry.media");
        String home = "target/test-home/" + SANDBOX.bucketName() + "/run";
        List<String> settings = new ArrayList<>(List.of("home", home, "schedule", "off"));
        settings.addAll(List.of(Tokens.settings(FreePort.text())));
        List<String> options = SANDBOX.options(Path.of(home), UPLOADS, settings.toArray(String[]::new));
        try (Program run = Program.start(options, "run")) {
            Awaitility.await().atMost(START).until(() -> run.err().contains("fields;"));
            Awaitility.await().atMost(NEXT_MINUTE).until(() -> status().equals("FAILED"));
            assertThat(run.err()).doesNotContain("were not swept");
        }
        assertThat(SANDBOX.sql()
                        .sql("select trigger_group || '/' || trigger_name from mediaferry.qrtz_triggers order by 1")
                        .query(String.class)
                        .list())
                .containsExactly("mediaferry/upload-expiry", "mediaferry/upload-sweep");
    }

    private static String status() {
        return SANDBOX.sql()
                .sql("select status from mediaferry.media")
                .query(String.class)
                .single();
    }
}
