package dev.mediaferry.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.RequestOptions;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Chromium;
import dev.mediaferry.fixture.ConsolePages;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;

/** The console's pages in a real browser: looked at, acted on, and the database compared. */
@Tag("slow")
class BrowserConsoleTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    /** Text that runs where it is taken for a page. */
    private static final String HOSTILE =
            "\"'><img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>${1234*5678}";

    private static final List<String> PAGES = List.of(
            "/",
            "/runs",
            "/failures",
            "/failures?kind=gone",
            "/quarantine",
            "/routes",
            "/routes/ferry",
            "/hosts",
            "/media",
            "/imports",
            "/references",
            "/acts",
            "/settings");

    private static final LocatorAssertions.ContainsTextOptions PATIENT =
            new LocatorAssertions.ContainsTextOptions().setTimeout(60_000);

    private static Chromium chromium;
    private static Engine engine;
    private static String base;

    @BeforeAll
    static void start() {
        String port = FreePort.text();
        base = "http://127.0.0.1:" + port + "/console";
        engine = SANDBOX.serving(Sandbox.REGISTRY, "server.port", port);
        chromium = Chromium.start();
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
        }
    }

    /** A run with what data can reach in every field, and links that wait for their deadlines. */
    private static void seed() {
        for (int i = 0; i < 6; i++) {
            SANDBOX.photo("good" + i + HOSTILE, SANDBOX.cdn().picture());
        }
        for (int i = 0; i < 4; i++) {
            SANDBOX.photo("gone" + i + HOSTILE, SANDBOX.cdn().answering(404));
        }
        engine.migrate(RunOptions.ALL);
        SANDBOX.execute(
                "insert into mediaferry.transfer (entry, row_key, source, host, deadline, state, object_key) select"
                        + " 'Photo.url', 'later' || n, 'https://media.example/' || n, 'media.example', now() +"
                        + " make_interval(days => n * 3, hours => n), 'waiting', 'photos/' || n from generate_series(1, 8)"
                        + " n");
        SANDBOX.sql()
                .sql("update mediaferry.transfer set message = :hostile, source ="
                        + " 'https://cdn.example/a.jpg?sig=secret' where state = 'dead'")
                .param("hostile", HOSTILE)
                .update();
        SANDBOX.sql()
                .sql("insert into mediaferry.host_pace (host, rate, concurrency, rate_limit, width, clean, hold,"
                        + " strikes, retry_not_before) values (:hostile, 2, 1, 2, 1, 1, 1, 2, now() + interval '1"
                        + " hour')")
                .param("hostile", HOSTILE)
                .update();
        SANDBOX.sql()
                .sql("insert into mediaferry.audit (who, origin, act, subject, ended, failure) values (:hostile,"
                        + " :hostile, 'pause-host', jsonb_build_object('host', :hostile), now(), :hostile)")
                .param("hostile", HOSTILE)
                .update();
    }

    @Test
    void showsEveryPageWideAndNarrowAsTextAndForEverybody() throws IOException {
        seed();
        List<String> faults = new ArrayList<>();
        for (int[] size : new int[][] {{1280, 900}, {360, 740}}) {
            try (BrowserContext user = chromium.user(size[0], size[1])) {
                Page page = user.newPage();
                page.onConsoleMessage(message -> {
                    if (message.type().equals("error")) {
                        faults.add(page.url() + ": " + message.text());
                    }
                });
                page.onPageError(error -> faults.add(page.url() + ": " + error));
                long run = SANDBOX.sql()
                        .sql("select max(id) from mediaferry.run")
                        .query(Long.class)
                        .single();
                long letter = SANDBOX.sql()
                        .sql("select min(id) from mediaferry.transfer where state = 'dead'")
                        .query(Long.class)
                        .single();
                List<String> paths = new ArrayList<>(PAGES);
                paths.add("/runs/" + run);
                paths.add("/runs/" + run + "/gallery");
                paths.add("/failures/" + letter);
                for (String path : paths) {
                    String name = (size[0] == 360 ? "narrow" : "wide")
                            + path.replaceAll("\\?.*", "-some")
                                    .replaceAll("/\\d+", "-one")
                                    .replace('/', '-');
                    page.navigate(base + path);
                    page.waitForSelector("html[data-ready]");
                    ConsolePages.picture(page, name);
                    assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                            .as("nothing of " + name + " sticks out")
                            .isEqualTo(true);
                    assertThat(page.title()).doesNotContain("broken");
                    assertThat(page.content()).doesNotContain("sig=secret").doesNotContain("7006652");
                    faults.addAll(ConsolePages.faults(page));
                }
                PlaywrightAssertions.assertThat(page.locator("main")).containsText(HOSTILE);
            }
        }
        assertThat(faults).isEmpty();
    }

    /** What docs/console.md shows; they are copied from target/screenshots by hand. */
    @Test
    void makesThePicturesOfItsDocumentation() {
        for (int i = 0; i < 40; i++) {
            SANDBOX.photo(
                    "row" + i,
                    i % 9 == 8
                            ? SANDBOX.cdn().answering(i % 2 == 0 ? 404 : 403)
                            : SANDBOX.cdn().picture());
        }
        engine.migrate(RunOptions.ALL);
        SANDBOX.execute(
                "insert into mediaferry.transfer (entry, row_key, source, host, deadline, state, object_key) select"
                        + " 'Photo.url', 'row' || 40 + n, 'https://media.example/' || n, 'media.example', now() +"
                        + " make_interval(days => n * 3, hours => n), 'waiting', 'photos/' || n from generate_series(1, 8)"
                        + " n");
        try (BrowserContext wide = chromium.user(1200, 800);
                BrowserContext narrow = chromium.user(360, 740)) {
            Page page = wide.newPage();
            for (String path : List.of("/", "/failures", "/runs/1/gallery")) {
                String of = path.equals("/runs/1/gallery") ? "/runs/" + newestRun() + "/gallery" : path;
                page.navigate(base + of);
                page.waitForSelector("html[data-ready]");
                // Those further down are loaded when somebody looks at them.
                page.waitForFunction("() => [...document.images].slice(0, 4).every(one => one.complete)");
                page.screenshot(new Page.ScreenshotOptions()
                        .setPath(Path.of("target", "screenshots", "docs" + path.replace('/', '-') + ".png")));
                assertThat(page.locator("h1").textContent()).isNotBlank();
            }
            Page small = narrow.newPage();
            small.navigate(base + "/");
            small.waitForSelector("html[data-ready]");
            small.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "screenshots", "docs-narrow.png")));
        }
    }

    /** As a player asks for it: the console never holds a whole film. */
    @Test
    void showsAMediumWithWhatIsMadeOfItAndPlaysItsFilmInParts() {
        UUID id = UUID.randomUUID();
        byte[] film = new byte[3_000_000];
        SANDBOX.bucket()
                .putObject(
                        request -> request.bucket(SANDBOX.bucketName()).key("films/one.mp4"),
                        RequestBody.fromBytes(film));
        SANDBOX.sql()
                .sql("insert into mediaferry.media (id, user_id, media_type, status, file_name, file_size, mime_type,"
                        + " storage_key) values (:id, :hostile, 'FILM', 'READY', :hostile, 3000000, 'video/mp4',"
                        + " 'films/one.mp4')")
                .param("id", id)
                .param("hostile", HOSTILE)
                .update();
        SANDBOX.sql()
                .sql(
                        "insert into mediaferry.media_derivative (media_id, object_key, kind, size, format, state, message)"
                                + " values (:id, 'films/one.mp4', 'poster', 300, 'jpg', 'failed', :hostile)")
                .param("id", id)
                .param("hostile", "no picture in it " + HOSTILE)
                .update();
        try (BrowserContext user = chromium.user()) {
            Page page = user.newPage();
            page.navigate(base + "/media/" + id);
            PlaywrightAssertions.assertThat(page.locator("#made + table")).containsText("no picture in it " + HOSTILE);
            PlaywrightAssertions.assertThat(page.locator("video")).hasCount(1);
            String address = base + "/media/" + id + "/film/original";
            APIResponse first =
                    page.request().get(address, RequestOptions.create().setHeader("Range", "bytes=0-"));
            assertThat(first.status()).isEqualTo(206);
            assertThat(first.headers())
                    .containsEntry("content-range", "bytes 0-1999999/3000000")
                    .hasEntrySatisfying("content-security-policy", policy -> assertThat(policy)
                            .contains("sandbox"));
            assertThat(page.request()
                            .get(address, RequestOptions.create().setHeader("Range", "bytes=2000000-"))
                            .body())
                    .hasSize(1_000_000);
            // Safari asks for two bytes first, and plays nothing where it gets more.
            assertThat(page.request()
                            .get(address, RequestOptions.create().setHeader("Range", "bytes=0-1"))
                            .headers())
                    .containsEntry("content-range", "bytes 0-1/3000000");
            assertThat(page.request()
                            .get(address, RequestOptions.create().setHeader("Range", "bytes=5-1"))
                            .status())
                    .isEqualTo(404);
            assertThat(page.request()
                            .get(address, RequestOptions.create().setHeader("Range", "bytes=3000000-"))
                            .status())
                    .isEqualTo(404);
        }
    }

    /** A browser has six connections to a host; a page that listened behind others would keep one of them. */
    @Test
    void opensInMoreTabsThanABrowserHasConnections() {
        try (BrowserContext user = chromium.user()) {
            Page first = null;
            for (int tab = 0; tab < 8; tab++) {
                Page page = user.newPage();
                page.navigate(base + "/hosts");
                PlaywrightAssertions.assertThat(page.locator("[data-live]")).hasText("live");
                show(page, false);
                first = first == null ? page : first;
            }
            engine.cases().hosts().pause("tabs.example", true, "anna");
            show(first, true);
            PlaywrightAssertions.assertThat(first.locator("main")).containsText("tabs.example");
            engine.cases().hosts().pause("tabs.example", false, "anna");
            PlaywrightAssertions.assertThat(first.locator("main")).not().containsText("tabs.example");
        }
    }

    /** As the browser does it when another tab comes to the front, or this one. */
    private static void show(Page page, boolean visible) {
        page.evaluate(
                "state => { Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });"
                        + " document.dispatchEvent(new Event('visibilitychange')); }",
                visible ? "visible" : "hidden");
    }

    @Test
    void plansARunAndMovesExactlyWhatThePlanSays() {
        SANDBOX.photo("one", SANDBOX.cdn().picture());
        try (BrowserContext user = chromium.user()) {
            Page page = user.newPage();
            page.navigate(base + "/runs");
            ConsolePages.button(page, "Plan a run").click();
            Locator follow = ConsolePages.button(page, "Move exactly these 1");
            follow.waitFor(new Locator.WaitForOptions().setTimeout(60_000));
            assertThat(SANDBOX.url("one"))
                    .as("only planned")
                    .contains(SANDBOX.cdn().authority());
            SANDBOX.photo("later", SANDBOX.cdn().picture());
            follow.click();
            PlaywrightAssertions.assertThat(page.locator("main")).containsText("The report of run", PATIENT);
        }
        assertThat(SANDBOX.url("one")).doesNotContain(SANDBOX.cdn().authority());
        assertThat(SANDBOX.url("later"))
                .as("not in the plan")
                .contains(SANDBOX.cdn().authority());
    }

    @Test
    void drawsTheStoredPictureAndNothingOfTheOldLink() {
        SANDBOX.photo("good", SANDBOX.cdn().picture());
        engine.migrate(RunOptions.ALL);
        try (BrowserContext user = chromium.user()) {
            Page page = user.newPage();
            List<String> requested = new ArrayList<>();
            page.onRequest(request -> requested.add(request.url()));
            long run = SANDBOX.sql()
                    .sql("select max(id) from mediaferry.run")
                    .query(Long.class)
                    .single();
            page.navigate(base + "/runs/" + run + "/gallery");
            page.waitForFunction("() => document.querySelector('.gallery img').naturalWidth > 0");
            assertThat(requested).allSatisfy(url -> assertThat(url).startsWith(base));
            String picture = page.locator(".gallery img").getAttribute("src").replaceFirst("^/console", base);
            assertThat(page.request().get(picture).headers())
                    .containsEntry("x-content-type-options", "nosniff")
                    .hasEntrySatisfying("content-security-policy", policy -> assertThat(policy)
                            .contains("sandbox"));
        }
    }

    @Test
    void showsWhatAServerSentInsteadAndLeadsToOlderLetters() {
        SANDBOX.photo("stand-in", SANDBOX.cdn().link((exchange, request) -> {
            exchange.getResponseHeaders().set("Content-Type", "image/jpeg");
            UnrulyCdn.send(exchange, 404, Pictures.jpeg(7));
        }));
        engine.migrate(RunOptions.ALL);
        SANDBOX.execute(
                "insert into mediaferry.transfer (entry, row_key, source, host, state, failure, object_key, updated)"
                        + " select 'Photo.url', 'old' || n, 'https://cdn.example/' || n, 'cdn.example', 'dead', 'gone', 'photos/' || n,"
                        + " now() - make_interval(hours => n) from generate_series(1, 120) n");
        try (BrowserContext user = chromium.user()) {
            Page page = user.newPage();
            List<String> requested = new ArrayList<>();
            page.onRequest(request -> requested.add(request.url()));
            page.navigate(base + "/failures?kind=gone");
            PlaywrightAssertions.assertThat(page.locator("#letters")).containsText("Newest 100 of 121");
            page.locator("form tbody th a").first().click();
            page.waitForFunction("() => document.querySelector('img.answer').naturalWidth > 0");
            assertThat(requested).allSatisfy(url -> assertThat(url).startsWith(base));
            APIResponse picture = page.request().get(page.url() + "/answer");
            assertThat(picture.headers())
                    .containsEntry("content-type", "image/jpeg")
                    .containsEntry("x-content-type-options", "nosniff")
                    .hasEntrySatisfying("content-security-policy", policy -> assertThat(policy)
                            .contains("sandbox"));
            page.goBack();
            page.getByText("Older letters").click();
            PlaywrightAssertions.assertThat(page.locator("#letters")).containsText("21 older ones of 121");
            PlaywrightAssertions.assertThat(page.locator("form tbody tr")).hasCount(21);
        }
    }

    @Test
    void discardsAllThatFitAfterCountingThemAndKeepsWhoDidIt() {
        for (int i = 0; i < 5; i++) {
            SANDBOX.photo("gone" + i, SANDBOX.cdn().answering(404));
        }
        SANDBOX.photo("forbidden", SANDBOX.cdn().answering(403));
        engine.migrate(RunOptions.ALL);
        try (BrowserContext one = chromium.user();
                BrowserContext other = chromium.user()) {
            Page page = one.newPage();
            page.navigate(base + "/failures?kind=gone");
            Page second = other.newPage();
            second.navigate(base + "/failures?kind=gone");
            second.locator("input[name=id]").first().check();
            second.getByText("those chosen below").click();

            ConsolePages.button(page, "Discard…").click();
            PlaywrightAssertions.assertThat(page.locator("main")).containsText("5 dead letters");
            page.getByLabel("Why?").fill("lost " + HOSTILE);
            ConsolePages.button(page, "Discard 5").click();
            PlaywrightAssertions.assertThat(page.locator("main")).containsText("done", PATIENT);
            PlaywrightAssertions.assertThat(page.locator(".facts")).containsText("5");

            // The other operator acts on what is not there any more, and is told.
            ConsolePages.button(second, "Try again…").click();
            PlaywrightAssertions.assertThat(second.locator("main"))
                    .containsText("None of these is a dead letter any more");
            second.navigate(base + "/acts");
            PlaywrightAssertions.assertThat(second.locator("tbody")).containsText("discard dead letters");
            assertThat(second.title()).doesNotContain("broken");
        }
        assertThat(states())
                .containsExactlyInAnyOrder("dead", "discarded", "discarded", "discarded", "discarded", "discarded");
        assertThat(SANDBOX.sql()
                        .sql("select outcome ->> 'discarded' from mediaferry.audit where act = 'discard-dead-letters'")
                        .query(String.class)
                        .single())
                .isEqualTo("5");
    }

    @Test
    void triesChosenLettersAgainAndUndoesARun() {
        SANDBOX.photo("good", SANDBOX.cdn().picture());
        SANDBOX.photo("gone", SANDBOX.cdn().answering(404));
        SANDBOX.photo("gone too", SANDBOX.cdn().answering(404));
        engine.migrate(RunOptions.ALL);
        String moved = SANDBOX.url("good");
        try (BrowserContext user = chromium.user()) {
            Page page = user.newPage();
            page.navigate(base + "/failures?kind=gone");
            page.locator("input[name=id]").first().check();
            page.getByText("those chosen below").click();
            ConsolePages.button(page, "Try again…").click();
            ConsolePages.button(page, "Try 1 again").click();
            PlaywrightAssertions.assertThat(page.locator(".facts")).containsText("retried", PATIENT);
            assertThat(states()).containsExactlyInAnyOrder("linked", "dead", "waiting");

            page.navigate(base + "/runs");
            page.locator("tbody a").first().click();
            ConsolePages.button(page, "See what an undo would do").click();
            Locator undo = ConsolePages.button(page, "Undo 1 rows");
            undo.waitFor();
            assertThat(SANDBOX.url("good")).as("only looked at").isEqualTo(moved);
            undo.click();
            PlaywrightAssertions.assertThat(page.locator(".facts")).containsText("restored", PATIENT);
        }
        assertThat(SANDBOX.url("good"))
                .isNotEqualTo(moved)
                .contains(SANDBOX.cdn().authority());
    }

    @Test
    void pausesAHostAndSuspendsAnEntryInARunningProcess() {
        SANDBOX.photo("one", SANDBOX.cdn().picture());
        try (BrowserContext user = chromium.user()) {
            Page page = user.newPage();
            SANDBOX.execute("insert into mediaferry.host_pace (host, rate, concurrency, rate_limit, width, clean, hold,"
                    + " strikes, retry_not_before) values ('127.0.0.1', 50, 8, 50, 8, 1, 1, 0, now())");
            page.navigate(base + "/hosts");
            page.getByLabel("Pause 127.0.0.1").click();
            PlaywrightAssertions.assertThat(page.locator("tbody")).containsText("paused");
            assertThat(engine.migrate(RunOptions.ALL).migrated()).isZero();
            assertThat(SANDBOX.url("one")).contains(SANDBOX.cdn().authority());

            page.getByLabel("Resume 127.0.0.1").click();
            PlaywrightAssertions.assertThat(page.locator("tbody")).not().containsText("paused");
            page.navigate(base + "/routes");
            page.getByLabel("Suspend Photo.url").click();
            PlaywrightAssertions.assertThat(page.locator("tbody").first()).containsText("suspended");
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> engine.context()
                    .getRouteController()
                    .getRouteStatus("Photo.url")
                    .isSuspended());
            assertThat(engine.migrate(RunOptions.ALL).migrated()).isZero();
            page.getByLabel("Resume Photo.url").click();
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> engine.context()
                    .getRouteController()
                    .getRouteStatus("Photo.url")
                    .isStarted());
            assertThat(engine.migrate(RunOptions.ALL).migrated()).isEqualTo(1);
        }
    }

    private static long newestRun() {
        return SANDBOX.sql()
                .sql("select max(id) from mediaferry.run")
                .query(Long.class)
                .single();
    }

    private static List<String> states() {
        return SANDBOX.sql()
                .sql("select state from mediaferry.transfer")
                .query(String.class)
                .list();
    }
}
