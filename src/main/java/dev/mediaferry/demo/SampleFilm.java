package dev.mediaferry.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.video.Ffmpeg;
import dev.mediaferry.video.FilmException;
import dev.mediaferry.video.VideoSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A film of test pictures that the demo's user has uploaded, as a page does it, so that one is there to be played. */
final class SampleFilm {

    private static final String SECONDS = "24";
    private static final String RATE = "1200k";
    private static final int MOST_SECONDS = 120;
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Logger LOG = LoggerFactory.getLogger(SampleFilm.class);

    private final HttpClient http = HttpClient.newHttpClient();
    private final UploadPage page;

    private SampleFilm(UploadPage page) {
        this.page = page;
    }

    /** Has it made and uploaded while the demo goes on; where there is no ffmpeg the log says so. */
    static void upload(UploadPage page, VideoSettings settings, Path directory) {
        Thread thread = new Thread(
                () -> {
                    try {
                        new SampleFilm(page).send(make(Ffmpeg.find(settings), directory));
                    } catch (FilmException e) {
                        LOG.info("the demo has no film: {}", e.getMessage());
                    } catch (IOException e) {
                        LOG.warn("the demo's film is not there: {}", e.getMessage());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "sample-film");
        thread.setDaemon(true);
        thread.start();
    }

    private static Path make(Ffmpeg ffmpeg, Path directory) throws IOException, InterruptedException {
        Path film = directory.resolve("sample-film.mp4");
        Process process = new ProcessBuilder(List.of(
                        ffmpeg.program().toString(),
                        "-nostdin",
                        "-v",
                        "error",
                        "-y",
                        "-f",
                        "lavfi",
                        "-i",
                        "testsrc2=s=1280x720:r=25:d=" + SECONDS,
                        "-f",
                        "lavfi",
                        "-i",
                        "sine=f=330:b=4:d=" + SECONDS,
                        "-c:v",
                        "libx264",
                        "-preset",
                        "ultrafast",
                        "-pix_fmt",
                        "yuv420p",
                        // Below the size from which the service asks for parts.
                        "-b:v",
                        RATE,
                        "-maxrate",
                        RATE,
                        "-bufsize",
                        RATE,
                        "-c:a",
                        "aac",
                        film.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("ffmpeg has made none");
        }
        return film;
    }

    private void send(Path film) throws IOException, InterruptedException {
        JsonNode session = ask(
                "/upload-session",
                Map.of(
                        "mediaType",
                        "POST_VIDEO",
                        "fileName",
                        "test-pictures.mp4",
                        "fileType",
                        "video/mp4",
                        "fileSize",
                        Files.size(film)));
        if (!session.has("uploadUrl")) {
            throw new IOException("the service answers " + session);
        }
        HttpRequest.Builder put = HttpRequest.newBuilder(
                        URI.create(session.path("uploadUrl").asText()))
                .PUT(BodyPublishers.ofFile(film));
        session.path("headers")
                .properties()
                .forEach(header -> put.header(header.getKey(), header.getValue().asText()));
        http.send(put.build(), HttpResponse.BodyHandlers.discarding());
        ask("/" + session.path("mediaId").asText() + "/complete", Map.of());
        Files.deleteIfExists(film);
    }

    private JsonNode ask(String path, Object document) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(page.api() + path))
                .header("Authorization", "Bearer " + page.token())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(document)))
                .build();
        return JSON.readTree(
                http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
}
