package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.mediaferry.content.Digests;
import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.Chromium;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.PageServer;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the documentation and an unchanged Uppy, in a real browser, against the program. */
@Tag("slow")
class BrowserUploadTest {

    private static final String REGISTRY =
            """
            uploads:
              - { type: POST_IMAGE, folder: posts, content: [image/jpeg], max-bytes: 30MB }
            """;

    private static final int PART = 5_243_000;
    private static final Pattern NUMBER = Pattern.compile("partNumber=(\\d+)");

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @TempDir
    private static Path directory;

    private static Chromium chromium;
    private static PageServer pages;
    private static Program program;
    private static ApiClient anna;
    private static int port;

    private BrowserContext user;

    @BeforeAll
    static void start() throws IOException {
        chromium = Chromium.start();
        pages = new PageServer();
        port = Integer.parseInt(FreePort.text());
        String[] settings = Stream.of(Tokens.settings(Integer.toString(port)), new String[] {
                    "api.cors-origins",
                    pages.origin(),
                    "upload.part-size",
                    "5243kB",
                    "server.port",
                    FreePort.text(),
                    "storage.acl",
                    "public-read"
                })
                .flatMap(Stream::of)
                .toArray(String[]::new);
        program = Program.start(SANDBOX.options(directory, REGISTRY, settings), "run");
        anna = new ApiClient(port, Optional.of(Tokens.of("anna")));
        Awaitility.await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() -> {
            assertThat(program.isAlive()).as(program.err()).isTrue();
            return anna.get("/types").status() == 200;
        });
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (chromium != null) {
            program.close();
            pages.close();
            chromium.close();
        }
    }

    @BeforeEach
    void enter() {
        user = chromium.user();
    }

    @AfterEach
    void leave() {
        user.close();
    }

    @Test
    void uploadsAPictureWithTheExampleWithoutDependencies() throws IOException {
        Page page = open("plain.html", "anna");
        page.setInputFiles("#file", picture("holiday.jpg", 1));
        status(page, "ready");
        Path picture = directory.resolve("holiday.jpg");
        assertThat(SANDBOX.object(onlyKey())).isEqualTo(Files.readAllBytes(picture));
        page.waitForFunction("document.getElementById('picture').naturalWidth > 0");
    }

    @Test
    void goesOnAfterTheNetworkWasCutAndThePageWasLoadedAgain() throws IOException {
        Path large = large("cut.jpg", 5 * PART - 1000);
        AtomicBoolean cut = new AtomicBoolean(true);
        Set<Integer> sent = new ConcurrentSkipListSet<>();
        Page page = open("plain.html", "anna");
        cutBehind(page, 3, cut, sent);
        page.setInputFiles("#file", large);
        // Three tries take some seconds.
        PlaywrightAssertions.assertThat(page.locator("#error"))
                .containsText("network", new LocatorAssertions.ContainsTextOptions().setTimeout(30_000));
        assertThat(sent).containsExactly(1, 2, 3);
        String medium = page.locator("#status").getAttribute("data-id");

        cut.set(false);
        sent.clear();
        page.reload();
        page.setInputFiles("#file", large);
        status(page, "ready");
        assertThat(sent).as("only what was missing").containsExactly(4, 5);
        assertThat(page.locator("#status").getAttribute("data-id")).isEqualTo(medium);
        assertThat(Digests.sha256(SANDBOX.object(onlyKey()))).isEqualTo(Digests.sha256(Files.readAllBytes(large)));
    }

    @Test
    void pausesGoesOnAndCancels() throws IOException {
        Path large = large("pause.jpg", 5 * PART - 1000);
        AtomicBoolean held = new AtomicBoolean(true);
        Page page = open("plain.html", "anna");
        page.route("**/*partNumber=5*", route -> {
            if (held.get()) {
                // Neither sent nor refused, until the page gives it up.
                return;
            }
            route.resume();
        });
        page.setInputFiles("#file", large);
        page.waitForFunction("document.getElementById('progress').value > 0.7");
        page.click("#pause");
        PlaywrightAssertions.assertThat(page.locator("#error")).containsText("AbortError");
        String medium = page.locator("#status").getAttribute("data-id");
        assertThat(anna.get("/" + medium).text("status")).isEqualTo("PENDING");

        page.setInputFiles("#file", new Path[0]);
        page.setInputFiles("#file", large);
        page.waitForFunction("document.getElementById('progress').value > 0.7");
        page.click("#cancel");
        Awaitility.await().until(() -> "cancelled".equals(anna.get("/" + medium).text("failure")));
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void uploadsTheSameFileInTwoTabs() throws IOException {
        Path large = large("tabs.jpg", 2 * PART);
        Page one = open("plain.html", "anna");
        Page two = open("plain.html", "anna");
        one.setInputFiles("#file", large);
        two.setInputFiles("#file", large);
        status(one, "ready");
        status(two, "ready");
        assertThat(one.locator("#status").getAttribute("data-id"))
                .isNotEqualTo(two.locator("#status").getAttribute("data-id"));
        assertThat(SANDBOX.keys()).hasSize(2);
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        Page page = open("plain.html", "anna");
        page.setInputFiles("#file", large("huge.jpg", 30_000_001));
        PlaywrightAssertions.assertThat(page.locator("#error")).containsText("too-large");
        page.setInputFiles("#file", Files.writeString(directory.resolve("notes.txt"), "notes"));
        PlaywrightAssertions.assertThat(page.locator("#error")).containsText("unsupported-type");
        page.setInputFiles(
                "#file", Files.writeString(directory.resolve("page.jpg"), "<!doctype html><script>alert(1)</script>"));
        PlaywrightAssertions.assertThat(page.locator("#error")).containsText("not-as-announced");
        PlaywrightAssertions.assertThat(page.locator("#error")).containsText("an HTML page");
        assertThat(anna.get("/user/anna?status=READY").body().path("media")).isEmpty();
    }

    @Test
    void keepsTheUploadsOfAnotherUserOut() throws IOException {
        Page page = open("plain.html", "anna");
        page.setInputFiles("#file", picture("hers.jpg", 2));
        status(page, "ready");
        String medium = page.locator("#status").getAttribute("data-id");
        Page other = open("plain.html", "bert");
        Object status = other.evaluate(
                "id => { const q = new URLSearchParams(location.search);"
                        + " return fetch(q.get('api') + '/' + id, { headers: { Authorization: 'Bearer ' + q.get('token') } })"
                        + ".then((answer) => answer.status); }",
                medium);
        assertThat(status).isEqualTo(404);
    }

    @Test
    void uploadsWithTheHookAndItsComponents() throws IOException {
        Page page = open("react.html", "anna");
        page.setInputFiles("input[type=file]", new Path[] {picture("one.jpg", 1), large("two.jpg", PART + 1000)});
        PlaywrightAssertions.assertThat(page.locator("li img")).hasCount(2);
        assertThat(SANDBOX.keys()).hasSize(2);
        page.setInputFiles("input[type=file]", Files.writeString(directory.resolve("notes.txt"), "notes"));
        PlaywrightAssertions.assertThat(page.locator("[data-status=failed]"))
                .containsText("POST_IMAGE takes image/jpeg");
    }

    @Test
    void runsTheExamplesAsTheyStandInTheDocumentation() throws IOException {
        String recipe = Files.readString(Path.of("src/test/resources/dev/mediaferry/browser/README.txt"));
        for (String name : List.of("useDirectUpload.tsx", "upload.js")) {
            String hash = Digests.sha256(Files.readAllBytes(Path.of("docs", "examples", name)));
            assertThat(recipe).as("make use-direct-upload.js anew").contains(name + " " + hash);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"companion", "companion&sized", "sign", "sign&sized"})
    void uploadsAPictureWithUppy(String mode) throws IOException {
        Page page = open("uppy.html?mode=" + mode, "anna");
        add(page, picture("uppy.jpg", 3));
        page.evaluate("() => uppy.upload()");
        status(page, "READY");
        assertThat(SANDBOX.object(onlyKey())).isEqualTo(Pictures.jpeg(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"companion", "sign&sized"})
    void goesOnWithUppyAfterAReload(String mode) throws IOException {
        // Uppy's own parts, which are as small as S3 lets them be.
        Path large = large("uppy-cut.jpg", 5 * (5 << 20) - 1000);
        AtomicBoolean cut = new AtomicBoolean(true);
        Set<Integer> sent = new ConcurrentSkipListSet<>();
        Page page = open("uppy.html?mode=" + mode, "anna");
        cutBehind(page, 3, cut, sent);
        add(page, large);
        page.evaluate("() => { uppy.upload(); }");
        Awaitility.await().until(() -> {
            // Playwright's handlers run while it waits for something.
            page.waitForTimeout(50);
            return sent.size() == 3;
        });
        page.waitForTimeout(1500);

        cut.set(false);
        sent.clear();
        page.reload();
        status(page, "restored");
        page.evaluate("() => { uppy.emit('restore-confirmed'); uppy.retryAll(); }");
        status(page, "READY");
        assertThat(sent).as("only what was missing").containsExactly(4, 5);
        assertThat(Digests.sha256(SANDBOX.object(onlyKey()))).isEqualTo(Digests.sha256(Files.readAllBytes(large)));
    }

    @Test
    void showsInUppyWhatTheServiceSaysOfAFile() throws IOException {
        Page page = open("uppy.html?mode=sign&sized", "anna");
        add(page, large("huge.jpg", 30_000_001));
        page.evaluate("() => { uppy.upload(); }");
        PlaywrightAssertions.assertThat(page.locator("#error")).containsText("at most 30000000 are taken");
    }

    @Test
    void completesNothingTooLargeThatUppySentWithoutASize() throws IOException {
        Page page = open("uppy.html?mode=companion", "anna");
        add(page, large("huge.jpg", 30_500_000));
        page.evaluate("() => { uppy.upload(); }");
        PlaywrightAssertions.assertThat(page.locator("#error"))
                .not()
                .isEmpty(new LocatorAssertions.IsEmptyOptions().setTimeout(30_000));
        assertThat(SANDBOX.sql()
                        .sql("select failure from mediaferry.media")
                        .query(String.class)
                        .list())
                .containsExactly("too-large");
        assertThat(SANDBOX.keys()).isEmpty();
    }

    private Page open(String address, String name) {
        Page page = user.newPage();
        page.navigate(pages.origin() + "/" + address + (address.contains("?") ? "&" : "?") + "api="
                + URLEncoder.encode("http://127.0.0.1:" + port + "/api/v1/media", StandardCharsets.UTF_8) + "&token="
                + Tokens.of(name));
        return page;
    }

    private static void add(Page page, Path file) {
        // Until the page's script runs, the name is that of the element.
        page.waitForFunction("() => window.uppy?.getFiles");
        page.locator("input.uppy-Dashboard-input").first().setInputFiles(file);
        page.waitForFunction("() => uppy.getFiles().length === 1");
    }

    /** Cuts the network for all parts behind a number, and notes which are sent. */
    private static void cutBehind(Page page, int last, AtomicBoolean cut, Set<Integer> sent) {
        page.route(NUMBER, route -> {
            Matcher number = NUMBER.matcher(route.request().url());
            if (!number.find() || !route.request().method().equals("PUT")) {
                route.resume();
            } else if (cut.get() && Integer.parseInt(number.group(1)) > last) {
                route.abort("internetdisconnected");
            } else {
                sent.add(Integer.parseInt(number.group(1)));
                route.resume();
            }
        });
    }

    private static void status(Page page, String expected) {
        page.waitForFunction(
                "expected => document.getElementById('status').textContent === expected || document.getElementById('error').textContent",
                expected);
        assertThat(page.locator("#error").textContent()).isEmpty();
    }

    private static String onlyKey() {
        assertThat(SANDBOX.keys()).hasSize(1);
        return SANDBOX.keys().get(0);
    }

    private static Path picture(String name, int seed) throws IOException {
        return Files.write(directory.resolve(name), Pictures.jpeg(seed));
    }

    private static Path large(String name, int length) throws IOException {
        byte[] bytes = Pictures.jpeg(4, length);
        byte[] picture = Pictures.jpeg(4);
        for (int i = picture.length; i < length; i++) {
            bytes[i] = (byte) (i / 1000);
        }
        return Files.write(directory.resolve(name), bytes);
    }
}
