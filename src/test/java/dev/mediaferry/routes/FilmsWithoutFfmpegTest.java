package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mediaferry.derivatives.DeriveOptions;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.ApiClient.Answer;
import dev.mediaferry.fixture.Films;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import dev.mediaferry.video.VideoSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class FilmsWithoutFfmpegTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final String REGISTRY =
            """
            derivatives:
              - { name: films, poster: 10%, thumbnails: [64], renditions: [180, 2160], hls: true }
            uploads:
              - { type: FILM, folder: films, content: [video/mp4], max-bytes: 20MB, derivatives: films }
            """;

    private static final Duration SOON = Duration.ofMinutes(2);

    @TempDir
    static Path directory;

    @Test
    void leavesFilmsAsTheyAreAndMakesUpForItWhenItIsInstalled() throws Exception {
        Path film = new Films(directory).silent();
        Path ffmpeg = program("ffmpeg");
        int port = Integer.parseInt(FreePort.text());
        ApiClient anna = new ApiClient(port, Optional.of(Tokens.of("anna")));
        Engine engine = SANDBOX.deriving(
                REGISTRY,
                Stream.concat(
                                Stream.of(Tokens.settings(Integer.toString(port))),
                                Stream.of("video.ffmpeg", ffmpeg.toString()))
                        .toArray(String[]::new));
        Answer session = anna.post(
                "/upload-session", Map.of("mediaType", "FILM", "fileType", "video/mp4", "fileSize", Files.size(film)));
        ApiClient.upload(session.body(), Files.readAllBytes(film));
        String id = session.text("mediaId");
        anna.post("/" + id + "/complete", Map.of());

        Awaitility.await()
                .atMost(SOON)
                .until(() -> anna.get("/" + id).text("status").equals("READY"));
        Awaitility.await().atMost(SOON).until(() -> states().equals(List.of("unavailable")));
        assertThat(anna.get("/" + id).response().body()).contains("ffprobe is not beside ffmpeg: install ffmpeg");
        assertThat(SANDBOX.keys()).hasSize(1);

        program("ffprobe");
        UUID request = UUID.randomUUID();
        assertThat(engine.cases()
                        .derivations()
                        .ask(
                                new DeriveOptions(
                                        Optional.empty(), Optional.empty(), DeriveOptions.Mode.MISSING, false, false),
                                request))
                .as("the poster, and the sizes")
                .isEqualTo(3);
        Awaitility.await()
                .atMost(SOON)
                .until(() -> engine.cases().derivations().progress(request).done() == 3);
        assertThat(states()).as("a size that it does not fill is not missing").containsExactly("ready");
        assertThat(SANDBOX.keys())
                .anyMatch(key -> key.endsWith("/v1/180.mp4"))
                .anyMatch(key -> key.endsWith("/master.m3u8"))
                .anyMatch(key -> key.endsWith("/poster.jpg"));

        SANDBOX.execute(
                "update mediaferry.derive_job set state = 'dead' where required",
                "alter table mediaferry.media disable trigger media_changing",
                "update mediaferry.media set status = 'FAILED', failure = 'damaged'",
                "alter table mediaferry.media enable trigger media_changing");
        assertThat(engine.cases()
                        .derivations()
                        .ask(
                                new DeriveOptions(
                                        Optional.empty(), Optional.empty(), DeriveOptions.Mode.FAILED, false, false),
                                UUID.randomUUID()))
                .isPositive();
        Awaitility.await().atMost(SOON).untilAsserted(() -> assertThat(
                        anna.get("/" + id).text("status"))
                .as("what was given up and is made after all")
                .isEqualTo("READY"));
    }

    @Test
    void refusesToStartWithAProgramThatIsNone() {
        assertThatThrownBy(() -> VideoSettings.of(SANDBOX.settings(
                        "video.ffmpeg", directory.resolve("none").toString())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("where no program is");
    }

    private static List<String> states() {
        return SANDBOX.sql()
                .sql("select distinct state from mediaferry.media_derivative")
                .query(String.class)
                .list();
    }

    private static Path program(String name) throws IOException {
        Path program = Files.writeString(directory.resolve(name), "#!/bin/sh\nexec /usr/bin/" + name + " \"$@\"\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
