package dev.mediaferry.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.mediaferry.fixture.Chromium;
import dev.mediaferry.fixture.ConsolePages;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Sandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The console over a ledger of 1,000,000 transfers, 50,000 of them dead letters, as bench/console measures it. */
@Tag("slow")
class BrowserLargeLedgerTest {

    private static final String TRANSFERS = "1000000";

    /** Of a page beside other tests; bench/console says how long they take alone. */
    private static final long SLOWEST_MILLIS = 10_000;

    private static final LocatorAssertions.ContainsTextOptions PATIENT =
            new LocatorAssertions.ContainsTextOptions().setTimeout(120_000);

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static Chromium chromium;
    private static String base;

    @BeforeAll
    static void start() {
        String port = FreePort.text();
        base = "http://127.0.0.1:" + port + "/console";
        SANDBOX.serving(Sandbox.REGISTRY, "server.port", port);
        chromium = Chromium.start();
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
        }
    }

    private static void seed() throws IOException, SQLException {
        String script = Files.readString(Path.of("bench", "console.sql"), StandardCharsets.UTF_8);
        try (Connection connection = SANDBOX.connect();
                Statement statement = connection.createStatement()) {
            for (String one : script.replace(":transfers", TRANSFERS).split(";\n")) {
                if (!one.isBlank()) {
                    statement.execute(one);
                }
            }
            statement.execute("reset session_replication_role");
        }
    }

    @Test
    void opensEveryPageAndActsOnTensOfThousandsAtOnce() throws Exception {
        seed();
        assertThat(states()).containsEntry("dead", 50_000L).containsEntry("linked", 850_000L);
        List<String> faults = new ArrayList<>();
        try (BrowserContext wide = chromium.user(1280, 900);
                BrowserContext narrow = chromium.user(360, 740)) {
            for (BrowserContext user : List.of(wide, narrow)) {
                Page page = user.newPage();
                page.onPageError(error -> faults.add(page.url() + ": " + error));
                for (String path : paths()) {
                    long began = System.nanoTime();
                    page.navigate(base + path);
                    page.waitForSelector("html[data-ready]");
                    assertThat((System.nanoTime() - began) / 1_000_000)
                            .as("milliseconds until " + path + " is there")
                            .isLessThan(SLOWEST_MILLIS);
                    assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                            .as("nothing of " + path + " sticks out")
                            .isEqualTo(true);
                    ConsolePages.picture(
                            page,
                            "large-" + (user == wide ? "wide" : "narrow")
                                    + path.replaceAll("\\W+", "-").replaceAll("\\d+", "one"));
                    faults.addAll(ConsolePages.faults(page));
                }
                page.close();
            }
            discardsAllOfAKind(wide.newPage());
            triesAllOfAHostAgain(wide.newPage());
        }
        assertThat(faults).isEmpty();
    }

    private static void discardsAllOfAKind(Page page) {
        page.navigate(base + "/failures?kind=gone");
        PlaywrightAssertions.assertThat(page.locator("#letters")).containsText("Newest 100 of 10,000", PATIENT);
        ConsolePages.button(page, "Discard…").click();
        PlaywrightAssertions.assertThat(page.locator("main")).containsText("10,000 dead letters", PATIENT);
        page.getByLabel("Why?").fill("the host was sold");
        ConsolePages.button(page, "Discard 10,000").click();
        PlaywrightAssertions.assertThat(page.locator(".lead")).containsText("done", PATIENT);
        PlaywrightAssertions.assertThat(page.locator(".facts")).containsText("10000");
        assertThat(states()).containsEntry("dead", 40_000L).containsEntry("discarded", 10_000L);
        page.close();
    }

    private static void triesAllOfAHostAgain(Page page) {
        page.navigate(base + "/failures?host=cdn20.example");
        long letters = SANDBOX.sql()
                .sql("select count(*) from mediaferry.transfer where state = 'dead' and host = 'cdn20.example'")
                .query(Long.class)
                .single();
        assertThat(letters).isGreaterThan(10_000);
        ConsolePages.button(page, "Try again…").click();
        ConsolePages.button(page, "Try %,d again".formatted(letters)).click();
        PlaywrightAssertions.assertThat(page.locator(".lead")).containsText("done", PATIENT);
        assertThat(states())
                .containsEntry("dead", 40_000 - letters)
                .containsEntry("discarded", 10_000L)
                .as("the rows themselves are not there any more")
                .containsEntry("superseded", letters);
        page.close();
    }

    private static List<String> paths() {
        long run = newest("select max(id) from mediaferry.run");
        long letter = newest("select max(id) from mediaferry.transfer where state = 'dead'");
        return List.of(
                "/",
                "/runs",
                "/runs/" + run,
                "/runs/" + run + "/gallery",
                "/failures",
                "/failures?kind=forbidden",
                "/failures/" + letter,
                "/quarantine",
                "/routes",
                "/hosts",
                "/media",
                "/imports",
                "/references",
                "/acts",
                "/settings");
    }

    private static long newest(String query) {
        return SANDBOX.sql().sql(query).query(Long.class).single();
    }

    private static Map<String, Long> states() {
        Map<String, Long> states = new TreeMap<>();
        SANDBOX.sql()
                .sql("select state, count(*) as transfers from mediaferry.transfer group by state")
                .query(row -> {
                    states.put(row.getString("state"), row.getLong("transfers"));
                });
        return states;
    }
}
