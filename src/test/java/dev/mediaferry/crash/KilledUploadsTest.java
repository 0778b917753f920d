package dev.mediaferry.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.ApiClient.Answer;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.StoreTap;
import dev.mediaferry.fixture.StoreTap.When;
import dev.mediaferry.fixture.Tokens;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process (-9) that completes an upload, for a client or by its sweep, before and after everything that it asks of the store:
 * looking, reading, promoting, removing. A quarter as many kills as {@link KilledProcessesTest}.
 */
@Tag("slow")
class KilledUploadsTest {

    private static final Duration START = Duration.ofMinutes(2);

    private static final String REGISTRY =
            """
            uploads:
              - { type: POST_IMAGE, folder: posts, content: [image/jpeg], max-bytes: 20MB }
            """;

    /** A step, and whether the sweep takes it instead of the service. Parts are put together by a POST. */
    private record Point(String request, When when, boolean sweeping) {

        boolean inParts() {
            return request.equals("POST");
        }
    }

    private static final List<Point> POINTS = List.of(
            new Point("PUT", When.AFTER, false),
            new Point("POST", When.AFTER, true),
            new Point("PUT", When.BEFORE, true),
            new Point("DELETE", When.BEFORE, false),
            new Point("POST", When.BEFORE, false),
            new Point("POST", When.AFTER, false),
            new Point("PUT", When.AFTER, true),
            new Point("DELETE", When.BEFORE, true),
            new Point("GET", When.AFTER, false),
            new Point("PUT", When.BEFORE, false),
            new Point("DELETE", When.AFTER, false),
            new Point("GET", When.BEFORE, true),
            new Point("DELETE", When.AFTER, true));

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final URI STORE = URI.create(SANDBOX.settings().text("storage.endpoint"));

    @TempDir
    private Path directory;

    private final String port = FreePort.text();
    private final ApiClient anna = new ApiClient(Integer.parseInt(port), Optional.empty()).as("anna", Map.of());
    private final Map<String, byte[]> uploads = new LinkedHashMap<>();

    @Test
    void losesNoUploadAndMakesNoTwinWhereverItIsKilled() throws Exception {
        Engine sweeps = SANDBOX.engine(REGISTRY);
        int kills = Integer.getInteger("crash.kills", 16) / 4;
        try (StoreTap tap = new StoreTap(STORE.getPort())) {
            for (int i = 0; i < kills; i++) {
                kill(POINTS.get(i % POINTS.size()), i, tap);
                reconcile();
            }
        }
        // As if the time of those were over who were killed.
        SANDBOX.execute("update mediaferry.upload_session set lease_until = now()");
        assertThat(sweeps.sweepUploads(false).failures()).isZero();
        SANDBOX.execute("update mediaferry.upload_session set expires_at = now() - interval '1 day'");
        assertThat(sweeps.sweepUploads(false).failures()).isZero();

        assertThat(reconcile()).isEqualTo(kills);
        assertThat(SANDBOX.keys()).hasSize(kills);
        assertThat(sweeps.sweepUploads(true).findings()).isEmpty();
    }

    private void kill(Point point, int seed, StoreTap tap) throws Exception {
        List<String> settings = new ArrayList<>(List.of(Tokens.settings(port)));
        settings.addAll(List.of(
                "home",
                directory.resolve("home").toString(),
                "schedule",
                "off",
                "server.port",
                FreePort.text(),
                "storage.endpoint",
                tap.endpoint(),
                "upload.endpoint",
                STORE.toString()));
        List<String> options = SANDBOX.options(directory, REGISTRY, settings.toArray(String[]::new));
        Answer session;
        try (Program service = Program.start(options, "run")) {
            await().atMost(START).until(() -> {
                assertThat(service.isAlive()).as(service.err()).isTrue();
                return service.err().contains("uploads: http");
            });
            byte[] bytes = Pictures.jpeg(seed);
            session = anna.post(
                    "/upload-session",
                    Map.of(
                            "mediaType",
                            "POST_IMAGE",
                            "fileType",
                            "image/jpeg",
                            "fileSize",
                            bytes.length,
                            "multipart",
                            point.inParts()));
            JsonNode put = point.inParts() ? session.body().path("parts").path(0) : session.body();
            assertThat(ApiClient.upload(put, bytes).statusCode()).isEqualTo(200);
            uploads.put(session.text("storageKey"), bytes);
            if (!point.sweeping()) {
                tap.breakOnce(point.request(), point.when(), () -> killed(service));
                try {
                    String how = point.inParts() ? "/complete-multipart" : "/complete";
                    anna.send("POST", "/" + session.text("mediaId") + how, null);
                } catch (UncheckedIOException e) {
                    // It is dead.
                }
            }
        }
        if (point.sweeping()) {
            // Those of earlier rounds have waited for the time of their killed process.
            SANDBOX.execute("update mediaferry.upload_session set lease_until = null");
            try (Program sweep = Program.start(options, "media", "sweep")) {
                tap.breakOnce(point.request(), point.when(), () -> killed(sweep));
                assertThat(sweep.await()).isEqualTo(KillPoint.KILLED);
            }
        }
        assertThat(tap.isArmed()).as(point.toString()).isFalse();
    }

    private static void killed(Program program) {
        try {
            program.kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Every medium that is READY has its object with its bytes; no object is nobody's.
     *
     * @return media that are READY
     */
    private int reconcile() {
        List<String> keys = SANDBOX.keys();
        List<String> ready = strings("select storage_key from mediaferry.media where status = 'READY'");
        for (String key : ready) {
            assertThat(keys).contains(key);
            assertThat(SANDBOX.object(key)).isEqualTo(uploads.get(key));
        }
        TreeSet<String> known = new TreeSet<>(strings("select storage_key from mediaferry.media"));
        known.addAll(strings("select incoming_key from mediaferry.upload_session"));
        assertThat(known).containsAll(keys);
        assertThat(strings("select status from mediaferry.media")).isSubsetOf("READY", "PENDING");
        return ready.size();
    }

    private static List<String> strings(String query) {
        return SANDBOX.sql().sql(query).query(String.class).list();
    }
}
