package dev.mediaferry.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Chromium;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.run.RunOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The console's pages in a real browser. */
@Tag("slow")
class BrowserConsoleTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    /** Text that runs where it is taken for a page. */
    private static final String HOSTILE = "\"'><img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>";

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

    @Test
    void showsWhatARunHasDone() throws IOException {
        SANDBOX.photo("good", SANDBOX.cdn().picture());
        SANDBOX.photo("gone" + HOSTILE, SANDBOX.cdn().answering(404));
        engine.migrate(RunOptions.ALL);
        SANDBOX.execute("insert into mediaferry.transfer (entry, row_key, source, host, deadline, state, object_key)"
                + " select 'Photo.url', 'later' || n, 'https://media.example/' || n, 'media.example',"
                + " now() + make_interval(days => n * 3, hours => n), 'waiting', 'photos/' || n from generate_series(1, 8) n");
        for (int[] size : new int[][] {{1280, 900}, {360, 740}}) {
            try (BrowserContext user = chromium.user(size[0], size[1])) {
                List<String> problems = new ArrayList<>();
                Page page = user.newPage();
                page.onConsoleMessage(message -> {
                    if (message.type().equals("error")) {
                        problems.add(message.text());
                    }
                });
                page.onPageError(problems::add);
                String name = size[0] == 360 ? "narrow" : "wide";
                look(page, "/", name + "-overview", problems);
                PlaywrightAssertions.assertThat(page.locator(".tiles")).containsText("Moved");
                PlaywrightAssertions.assertThat(page.locator("[data-live]")).hasText("live");
                look(page, "/runs", name + "-runs", problems);
                page.locator("tbody a").first().click();
                picture(page, name + "-run");
                look(page, "/failures", name + "-failures", problems);
                page.locator("tbody a").first().click();
                PlaywrightAssertions.assertThat(page.locator("main")).containsText(HOSTILE);
                picture(page, name + "-failures-some");
                assertThat(page.title()).doesNotContain("broken");
            }
        }
    }

    private static void look(Page page, String path, String name, List<String> problems) throws IOException {
        page.navigate(base + path);
        page.waitForSelector("html[data-ready]");
        picture(page, name);
        assertThat(problems).as(name).isEmpty();
        assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                .as("nothing of " + name + " sticks out")
                .isEqualTo(true);
        assertThat(faults(page)).as("what axe finds in " + name).isEmpty();
    }

    @SuppressWarnings("unchecked")
    private static List<String> faults(Page page) throws IOException {
        if (!(Boolean) page.evaluate("() => 'axe' in window")) {
            // As a part of the browser's tools, not of the page, whose policy would refuse it.
            page.evaluate(Files.readString(Path.of("src/test/resources/axe/axe.min.js"), StandardCharsets.UTF_8));
        }
        return (List<String>) page.evaluate(
                "async () => (await axe.run()).violations.filter(v => ['serious', 'critical', 'moderate'].includes(v.impact)).map(v => v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | '))");
    }

    private static void picture(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setFullPage(true)
                .setPath(Path.of("target", "screenshots", "console-" + name + ".png")));
    }
}
