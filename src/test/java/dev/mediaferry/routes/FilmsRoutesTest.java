package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.SelectOption;
import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.ApiClient.Answer;
import dev.mediaferry.fixture.Chromium;
import dev.mediaferry.fixture.EventStream;
import dev.mediaferry.fixture.Films;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.HlsCheck;
import dev.mediaferry.fixture.PageServer;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is made of films that users upload, and who may see it. */
@Tag("slow")
class FilmsRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("derivatives.attempts", "2");

    private static final String REGISTRY =
            """
            derivatives:
              - { name: films, poster: 10%, thumbnails: [64, 300], renditions: [180, 360, 2160], hls: true }
            uploads:
              - { type: FILM, folder: films, content: [video/mp4], max-bytes: 20MB, max-duration: 20s, derivatives: films }
              - { type: SECRET, folder: secrets, content: [video/mp4], max-bytes: 20MB, access: private, derivatives: films }
              - { type: CLIP, folder: clips, content: [video/mp4], max-bytes: 20MB, max-duration: 1s, derivatives: films }
            """;

    private static final Duration SOON = Duration.ofMinutes(2);
    private static final int PORT = Integer.parseInt(FreePort.text());
    private static final ApiClient ANNA = new ApiClient(PORT, Optional.of(Tokens.of("anna")));
    private static final HttpClient HTTP =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

    @TempDir
    static Path directory;

    private static Films films;
    private static PageServer pages;

    @BeforeAll
    static void start() throws IOException {
        films = new Films(directory);
        pages = new PageServer();
        SANDBOX.deriving(
                REGISTRY,
                Stream.concat(
                                Stream.of(Tokens.settings(Integer.toString(PORT))),
                                Stream.of("storage.acl", "public-read", "api.cors-origins", pages.origin()))
                        .toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        if (pages != null) {
            pages.close();
        }
    }

    @Test
    void makesAPublicFilmPlayInAllItsSizes() throws Exception {
        String id;
        List<String> told;
        Answer session = announce("FILM", films.sound());
        id = session.text("mediaId");
        try (EventStream events = new EventStream(
                PORT, "/api/v1/media/" + id + "/processing-status", "authorization", "Bearer " + Tokens.of("anna"))) {
            upload(session, films.sound());
            Awaitility.await().atMost(SOON).until(events::hasEnded);
            told = events.data();
        }
        assertThat(told.get(told.size() - 1)).contains("\"status\":\"READY\"");
        assertThat(told).as("says how far it is").anyMatch(status -> status.contains("\"progress\":0."));
        awaitDone(3);

        Answer medium = ANNA.get("/" + id);
        assertThat(medium.body().path("duration").asDouble()).isEqualTo(13.0);
        assertThat(medium.body().path("width").asInt()).isEqualTo(640);
        assertThat(medium.text("thumbnailUrl")).endsWith("/300.jpg");
        assertThat(metadata(id)).containsEntry("codec", "h264").containsEntry("audioCodec", "aac");
        String original = medium.text("storageKey");
        String folder = "renditions/" + original + "/";
        assertThat(SANDBOX.keys())
                .contains(
                        "thumbnails/" + original + "/64.jpg",
                        "thumbnails/" + original + "/poster.jpg",
                        folder + "v1/180.mp4",
                        folder + "v1/360.mp4",
                        folder + "v1/360/index.m3u8",
                        folder + "v1/360/init.mp4",
                        folder + "v1/360/s00002.m4s")
                .noneMatch(key -> key.contains("2160"));
        assertThat(SANDBOX.head(folder + "v1/360/s00000.m4s").cacheControl()).contains("31536000");
        assertThat(SANDBOX.head(folder + "v1/360/index.m3u8").cacheControl()).isEqualTo("public, max-age=3600");
        assertThat(SANDBOX.head(folder + "v1/360/index.m3u8").contentType()).isEqualTo("application/vnd.apple.mpegurl");
        assertThat(SANDBOX.head(folder + "v1/360.mp4").contentType()).isEqualTo("video/mp4");

        // As a page of anybody would play it: by public addresses alone.
        String master = SANDBOX.sql()
                .sql("select cdn_url from mediaferry.media_derivative where kind = 'master'")
                .query(String.class)
                .single();
        assertThat(new HlsCheck(link -> fetched(URI.create(master).resolve(link).toString()), directory).check(master))
                .extracting(HlsCheck.Found::height)
                .containsExactly(180, 360);
        assertThat(ANNA.as("bert", Map.of())
                        .get("/" + id + "/playlist")
                        .response()
                        .body())
                .contains(master.replaceAll("v\\d+/master.m3u8", "v1/360/index.m3u8"));
        assertEverythingIsWrittenDown();
    }

    @Test
    void letsOnlyItsOwnerPlayAPrivateFilm() throws Exception {
        String id = ready("SECRET", films.silent());
        awaitDone(3);
        HlsCheck player =
                new HlsCheck(link -> fetched(link.startsWith("http") ? link : api("/" + id + "/" + link)), directory);

        assertThat(player.check("playlist")).extracting(HlsCheck.Found::height).containsExactly(180);
        assertThat(ANNA.get("/" + id + "/playlist/180").response().body()).contains("X-Amz-Signature=");
        assertThat(ANNA.get("/" + id + "/playlist/720").status()).isEqualTo(404);
        for (String path : List.of("/playlist", "/playlist/180")) {
            assertThat(ANNA.as("bert", Map.of()).get("/" + id + path).status()).isEqualTo(404);
            assertThat(new ApiClient(PORT, Optional.empty())
                            .get("/" + id + path)
                            .status())
                    .isEqualTo(401);
        }
        assertThat(SANDBOX.sql()
                        .sql("select count(*) from mediaferry.media_derivative where cdn_url is not null")
                        .query(Long.class)
                        .single())
                .isZero();
        String segment = SANDBOX.keys().stream()
                .filter(key -> key.endsWith("s00000.m4s"))
                .findFirst()
                .orElseThrow();
        assertThat(SANDBOX.head(segment).cacheControl()).isEqualTo("private, no-store");
    }

    @Test
    void changesItsSizeWhileABrowserPlaysIt() throws Exception {
        String id = ready("SECRET", films.sound());
        awaitDone(3);
        try (Chromium chromium = Chromium.start();
                BrowserContext user = chromium.user()) {
            Page page = user.newPage();
            List<String> complaints = new ArrayList<>();
            page.onPageError(complaints::add);
            page.navigate(pages.origin() + "/film.html?token=" + Tokens.of("anna") + "&playlist="
                    + URLEncoder.encode(api("/" + id + "/playlist"), StandardCharsets.UTF_8));
            Locator size = page.getByLabel("Size of the film");
            for (String wanted : List.of("360", "180")) {
                size.selectOption(new SelectOption().setLabel(wanted + "p"));
                page.waitForFunction(
                        "height => document.querySelector('video').dataset.level?.endsWith('x' + height)"
                                + " && document.querySelector('video').videoHeight == height",
                        wanted);
            }
            page.waitForFunction("() => document.querySelector('video').currentTime > 7");
            assertThat(page.evaluate("() => document.querySelector('video').error"))
                    .isNull();
            assertThat(complaints).isEmpty();
        }
    }

    @Test
    void refusesWhatItsTypeDoesNotTake() throws Exception {
        assertFailed("CLIP", films.silent(), "too-long", "the film lasts 2.0 s, CLIP takes at most 1.0 s");
        assertFailed("FILM", films.hdr(), "film-refused", "high dynamic range (HDR)");
        assertFailed("FILM", films.cut(), "damaged", "damaged");
        assertThat(SANDBOX.keys()).noneMatch(key -> key.startsWith("renditions/"));
    }

    private static void assertFailed(String type, Path film, String failure, String sentence) throws IOException {
        Answer session = announce(type, film);
        upload(session, film);
        String id = session.text("mediaId");
        Awaitility.await()
                .atMost(SOON)
                .until(() -> ANNA.get("/" + id).text("status").equals("FAILED"));
        assertThat(ANNA.get("/" + id).text("failure")).isEqualTo(failure);
        assertThat(ANNA.get("/" + id).text("failureMessage")).contains(sentence);
    }

    private static String ready(String type, Path film) throws IOException {
        Answer session = announce(type, film);
        upload(session, film);
        String id = session.text("mediaId");
        Awaitility.await()
                .atMost(SOON)
                .until(() -> ANNA.get("/" + id).text("status").equals("READY"));
        return id;
    }

    private static Answer announce(String type, Path film) throws IOException {
        Answer session = ANNA.post(
                "/upload-session",
                Map.of(
                        "mediaType",
                        type,
                        "fileName",
                        "film.mp4",
                        "fileType",
                        "video/mp4",
                        "fileSize",
                        Files.size(film)));
        assertThat(session.status()).isEqualTo(201);
        return session;
    }

    private static void upload(Answer session, Path film) throws IOException {
        assertThat(ApiClient.upload(session.body(), Files.readAllBytes(film)).statusCode())
                .isEqualTo(200);
        ANNA.post("/" + session.text("mediaId") + "/complete", Map.of());
    }

    private static void awaitDone(int jobs) {
        Awaitility.await()
                .atMost(SOON)
                .until(() -> SANDBOX.sql()
                                .sql("select count(*) from mediaferry.derive_job where state = 'done'")
                                .query(Long.class)
                                .single()
                        > jobs);
    }

    /** Whatever lies in the bucket is an original, a derivative, a part of one, or going to be removed. */
    private static void assertEverythingIsWrittenDown() {
        assertThat(SANDBOX.sql()
                        .sql(
                                """
                                select storage_key from mediaferry.media
                                union select storage_key from mediaferry.media_derivative
                                union select storage_key from mediaferry.media_derivative_part
                                union select storage_key from mediaferry.derivative_removal
                                """)
                        .query(String.class)
                        .list())
                .containsAll(SANDBOX.keys());
    }

    private static Map<String, Object> metadata(String id) {
        return SANDBOX.sql()
                .sql(
                        "select metadata ->> 'codec' as codec, metadata ->> 'audioCodec' as \"audioCodec\" from mediaferry.media where id::text = ?")
                .param(id)
                .query()
                .singleRow();
    }

    private static String api(String path) {
        return "http://127.0.0.1:" + PORT + "/api/v1/media" + path;
    }

    private static byte[] fetched(String address) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address));
            if (address.startsWith(api(""))) {
                request.header("authorization", "Bearer " + Tokens.of("anna"));
            }
            HttpResponse<byte[]> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).as(address).isEqualTo(200);
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
