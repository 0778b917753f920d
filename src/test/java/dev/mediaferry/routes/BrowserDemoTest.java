package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.mediaferry.fixture.Chromium;
import dev.mediaferry.fixture.Films;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Program;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of the demo, in a real browser. */
@Tag("slow")
class BrowserDemoTest {

    private static final Pattern ADDRESS =
            Pattern.compile("upload files in a browser: (http://127\\.0\\.0\\.1:\\d+/upload/)");
    private static final LocatorAssertions.IsVisibleOptions PATIENT =
            new LocatorAssertions.IsVisibleOptions().setTimeout(60_000);

    private static final String FILM = "test-pictures.mp4";

    @TempDir
    private Path home;

    @Test
    void takesPicturesAndShowsThem() throws Exception {
        try (Chromium chromium = Chromium.start();
                Program demo = Program.start(List.of(), "demo", "--set", "mediaferry.home=" + home)) {
            Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> {
                assertThat(demo.isAlive()).as(demo.err()).isTrue();
                return ADDRESS.matcher(demo.err()).find();
            });
            Matcher address = ADDRESS.matcher(demo.err());
            assertThat(address.find()).isTrue();
            String page = address.group(1);

            refusesStrangers(page);
            show(chromium.user(1280, 900), page, "wide");
            if (Films.areMade()) {
                playsTheFilmInItsSizes(chromium.user(1280, 900).newPage(), page);
            }
            show(chromium.user(360, 740), page, "narrow");
            demo.terminate();
            assertThat(demo.await()).isEqualTo(143);
        }
    }

    private void refusesStrangers(String page) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest.Builder token =
                HttpRequest.newBuilder(URI.create(page + "token.json")).POST(HttpRequest.BodyPublishers.noBody());
        assertThat(client.send(
                                token.header("Origin", "https://evil.example").build(),
                                HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(403);
        assertThat(client.send(
                                HttpRequest.newBuilder(URI.create(page.replace("127.0.0.1", "localhost")))
                                        .build(),
                                HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .as("under another name")
                .isEqualTo(421);
    }

    private void show(BrowserContext user, String address, String name) throws Exception {
        List<String> problems = new ArrayList<>();
        Page page = user.newPage();
        page.onConsoleMessage(message -> note(problems, message));
        page.navigate(address);
        page.waitForSelector("html[data-ready]");
        assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                .as("nothing sticks out")
                .isEqualTo(true);
        picture(page, name + "-1-empty");

        Path small = Files.write(home.resolve(name + ".jpg"), Pictures.jpeg(7));
        Path large = Files.write(home.resolve(name + "-large.jpg"), Pictures.jpeg(8, 12_000_000));
        page.locator("input.uppy-Dashboard-input").first().setInputFiles(new Path[] {small, large});
        picture(page, name + "-2-chosen");
        page.locator(".uppy-StatusBar-actionBtn--upload").click();
        // The demo's own film comes when it is made.
        Locator media = page.locator("#media li").filter(new Locator.FilterOptions().setHasNotText(FILM));
        PlaywrightAssertions.assertThat(page.locator("#media")
                        .getByTitle(name + ".jpg", new Locator.GetByTitleOptions().setExact(true)))
                .isVisible(PATIENT);
        PlaywrightAssertions.assertThat(media.filter(new Locator.FilterOptions().setHasText(name + "-large.jpg")))
                .isVisible(PATIENT);
        page.waitForFunction("() => [...document.querySelectorAll('#media img')].every((one) => one.naturalWidth > 0)");
        picture(page, name + "-3-ready");

        int before = media.count();
        page.locator(".uppy-StatusBar-actionBtn--done").click();
        Path disguised = Files.writeString(home.resolve("disguised.jpg"), "<!doctype html><script>alert(1)</script>");
        page.locator("input.uppy-Dashboard-input").first().setInputFiles(disguised);
        page.locator(".uppy-StatusBar-actionBtn--upload").click();
        PlaywrightAssertions.assertThat(page.locator("#problem"))
                .containsText("disguised.jpg was refused: the upload is an HTML page");
        picture(page, name + "-4-refused");
        assertThat(media.count()).isEqualTo(before);
        assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);

        page.reload();
        page.waitForSelector("html[data-ready]");
        assertThat(media.count()).as("still there").isEqualTo(before);
        // What the service refuses is noted by the browser, and by Uppy.
        assertThat(problems)
                .filteredOn(problem -> !problem.contains("422") && !problem.contains("by its first bytes"))
                .isEmpty();
        user.close();
    }

    /** Sizes are chosen as a viewer does; left alone it would take the largest, since nothing is quicker than this machine to itself. */
    private void playsTheFilmInItsSizes(Page page, String address) {
        page.navigate(address);
        Locator film = page.locator("#media li").filter(new Locator.FilterOptions().setHasText(FILM));
        Awaitility.await()
                .pollInSameThread()
                .pollInterval(Duration.ofSeconds(1))
                .atMost(Duration.ofMinutes(6))
                .until(() -> {
                    page.reload();
                    page.waitForSelector("html[data-ready]");
                    page.waitForTimeout(2000);
                    return film.locator("select option").count() == 4;
                });
        Locator video = film.locator("video");
        List<String> levels = List.of("320x180", "1280x720", "640x360");
        List<String> choices = List.of("0", "2", "1");
        for (int i = 0; i < levels.size(); i++) {
            film.locator("select").selectOption(choices.get(i));
            video.evaluate("(one) => { one.muted = true; one.currentTime = 0; return one.play(); }");
            PlaywrightAssertions.assertThat(video)
                    .hasAttribute(
                            "data-level",
                            levels.get(i),
                            new LocatorAssertions.HasAttributeOptions().setTimeout(30_000));
            page.waitForFunction(
                    "(size) => [...document.querySelectorAll('#media video')].some("
                            + "(one) => `${one.videoWidth}x${one.videoHeight}` === size && one.currentTime > 0.2)",
                    levels.get(i));
        }
        picture(page, "film");
        page.context().close();
    }

    private static void note(List<String> problems, ConsoleMessage message) {
        if (message.type().equals("error")) {
            problems.add(message.text());
        }
    }

    /** For whoever wants to see it. */
    private static void picture(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setFullPage(true)
                .setPath(Path.of("target", "screenshots", "demo-" + name + ".png")));
    }
}
