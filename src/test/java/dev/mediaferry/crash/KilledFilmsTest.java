package dev.mediaferry.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.ApiClient.Answer;
import dev.mediaferry.fixture.Films;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.HlsCheck;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process (-9) that makes a film smaller: while ffmpeg works, while files are put, and before the playlist leads to them. */
@Tag("slow")
class KilledFilmsTest {

    private static final Duration LONG = Duration.ofMinutes(3);

    private static final String REGISTRY =
            """
            derivatives:
              - { name: films, poster: 10%, thumbnails: [64], renditions: [180, 360], hls: true }
            uploads:
              - { type: FILM, folder: films, content: [video/mp4], max-bytes: 20MB, derivatives: films }
            """;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @TempDir
    private Path directory;

    private final String port = FreePort.text();
    private final ApiClient anna = new ApiClient(Integer.parseInt(port), Optional.of(Tokens.of("anna")));

    @Test
    void isReadyWithAllItsObjectsAndNoneTwiceWhereverItIsKilled() throws Exception {
        Path film = new Films(directory).sound();
        List<BooleanSupplier> moments = List.of(
                () -> count("select count(*) from mediaferry.derive_job where kind = 'rendition' and progress > 0") > 0,
                () -> SANDBOX.keys().stream().anyMatch(key -> key.endsWith("180/s00000.m4s")),
                () -> count("select count(*) from mediaferry.media_derivative where kind = 'playlist'") > 0,
                () -> SANDBOX.keys().stream().anyMatch(key -> key.endsWith("360.mp4")));
        boolean uploaded = false;
        for (BooleanSupplier moment : moments) {
            try (Program service = start()) {
                if (!uploaded) {
                    upload(film);
                    uploaded = true;
                }
                await().atMost(LONG).pollInterval(Duration.ofMillis(20)).until(moment::getAsBoolean);
                service.kill();
            }
            assertNothingIsReadyTooEarly();
        }
        try (Program service = start()) {
            await().atMost(LONG)
                    .until(() -> count("select count(*) from mediaferry.derive_job where state <> 'done'") == 0);
            assertThat(service.isAlive()).isTrue();
        }
        assertThat(strings("select status from mediaferry.media")).containsExactly("READY");
        TreeSet<String> known = new TreeSet<>(
                strings(
                        """
                        select storage_key from mediaferry.media
                        union all select storage_key from mediaferry.media_derivative
                        union all select storage_key from mediaferry.media_derivative_part
                        union all select storage_key from mediaferry.derivative_removal
                        """));
        assertThat(known).containsAll(SANDBOX.keys());
        assertThat(SANDBOX.keys()).containsAll(strings("select storage_key from mediaferry.media_derivative_part"));
        String master = strings("select storage_key from mediaferry.media_derivative where kind = 'master'")
                .get(0);
        assertThat(new HlsCheck(name -> SANDBOX.object(resolved(master, name)), directory).check(master))
                .extracting(HlsCheck.Found::height)
                .containsExactly(180, 360);
    }

    private static String resolved(String master, String name) {
        return name.equals(master)
                ? name
                : Path.of(master).getParent().resolve(name).normalize().toString();
    }

    private static void assertNothingIsReadyTooEarly() {
        if (strings("select status from mediaferry.media").contains("READY")) {
            List<String> keys = SANDBOX.keys();
            assertThat(keys)
                    .containsAll(strings("select storage_key from mediaferry.media_derivative where state = 'ready'"))
                    .anyMatch(key -> key.endsWith("/master.m3u8"))
                    .anyMatch(key -> key.endsWith("/poster.jpg"));
        }
    }

    private Program start() throws Exception {
        List<String> settings = new ArrayList<>(List.of(Tokens.settings(port)));
        settings.addAll(List.of(
                "home",
                directory.resolve("home").toString(),
                "schedule",
                "off",
                "server.port",
                FreePort.text(),
                "derivatives.attempts",
                "20"));
        Program service = Program.start(SANDBOX.options(directory, REGISTRY, settings.toArray(String[]::new)), "run");
        await().atMost(LONG).until(() -> {
            assertThat(service.isAlive()).as(service.err()).isTrue();
            return service.err().contains("uploads: http");
        });
        return service;
    }

    private void upload(Path film) throws Exception {
        Answer session = anna.post(
                "/upload-session", Map.of("mediaType", "FILM", "fileType", "video/mp4", "fileSize", Files.size(film)));
        assertThat(ApiClient.upload(session.body(), Files.readAllBytes(film)).statusCode())
                .isEqualTo(200);
        anna.post("/" + session.text("mediaId") + "/complete", Map.of());
    }

    private static long count(String query) {
        return SANDBOX.sql().sql(query).query(Long.class).single();
    }

    private static List<String> strings(String query) {
        return SANDBOX.sql().sql(query).query(String.class).list();
    }
}
