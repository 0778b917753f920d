package dev.mediaferry.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FormData;
import com.microsoft.playwright.options.RequestOptions;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Chromium;
import dev.mediaferry.fixture.ConsolePages;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SeedTables;
import dev.mediaferry.reference.ReferenceStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** Each form of the page does what the command of its name does, and a viewer's does nothing. */
@Tag("slow")
class BrowserReferencesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.public-url", SeedTables.PUBLIC);

    private static final String NAME = "post-image";
    private static final String PASSWORD = "correct horse";

    @TempDir
    private Path directory;

    private Engine engine;
    private String base;

    @BeforeEach
    void start() throws IOException {
        SANDBOX.engine();
        SeedTables.create(SANDBOX, 2_000, 1_000);
        String hash = new BCryptPasswordEncoder(10).encode(PASSWORD);
        Path users = Files.write(
                directory.resolve("users"), List.of("anna:" + hash + ":operator", "vera:" + hash + ":viewer"));
        String port = FreePort.text();
        engine = SANDBOX.serving(
                SeedTables.POST_IMAGE,
                "server.host",
                "0.0.0.0",
                "server.port",
                port,
                "console.users-file",
                users.toString());
        // The address that is printed.
        base = engine.console().replaceFirst("/$", "");
    }

    @Test
    void takesEachStepWithItsLimitShareAndReasonsAndGoesBack() throws IOException {
        try (Chromium chromium = Chromium.start();
                BrowserContext user = chromium.user()) {
            Page page = logIn(user, "anna");
            PlaywrightAssertions.assertThat(page.locator("[aria-current=step]")).hasText("planned");
            take(page, "Expand");
            assertThat(status().state()).isEqualTo("expanded");

            page.getByLabel("Share of the time, in percent").fill("70");
            page.getByLabel("Rows at most").fill("100");
            take(page, "Backfill");
            assertThat(status().share()).isEqualTo(70);
            assertThat(status().filled()).isPositive().isLessThanOrEqualTo(100);
            assertThat(status().state()).as("there is more to fill").isEqualTo("expanded");

            page.getByLabel("Share of the time for post-image, in percent").fill("30");
            button(page, "Set share now").click();
            PlaywrightAssertions.assertThat(page.locator("main")).containsText("at work 30 % of the time");
            assertThat(status().share()).isEqualTo(30);
            button(page, "Pause").click();
            PlaywrightAssertions.assertThat(button(page, "Go on")).isVisible();
            assertThat(status().paused()).isTrue();
            ConsolePages.picture(page, "references");
            assertThat(ConsolePages.faults(page)).isEmpty();
            button(page, "Go on").click();
            PlaywrightAssertions.assertThat(button(page, "Pause")).isVisible();
            assertThat(status().paused()).isFalse();

            page.getByLabel("Share of the time, in percent").fill("100");
            take(page, "Backfill");
            assertThat(status().state()).isEqualTo("filled");
            take(page, "Verify");
            assertThat(status().state()).isEqualTo("proved");
            take(page, "Contract");
            assertThat(status().state())
                    .as("for reasons that nobody has accepted")
                    .isEqualTo("proved");
            List<String> reasons = SANDBOX.sql()
                    .sql("select jsonb_array_elements(outcome -> 'refused') ->> 'clause' from mediaferry.audit"
                            + " where act = 'contract-reference' order by 1")
                    .query(String.class)
                    .list();
            assertThat(reasons).contains("soak");
            reasons.forEach(
                    reason -> page.getByLabel("Accept " + reason + ", because").fill("tried " + reason));
            ConsolePages.picture(page, "references-accept");
            assertThat(ConsolePages.faults(page)).isEmpty();
            take(page, "Contract");
            assertThat(status().state()).isEqualTo("retired");
            assertThat(SANDBOX.sql()
                            .sql("select statement from mediaferry.reference_step where step = 'accept soak'")
                            .query(String.class)
                            .single())
                    .startsWith("tried soak");
            take(page, "Go one state back");
            assertThat(status().state()).isEqualTo("filled");
            take(page, "Go one state back");
            assertThat(status().state()).isEqualTo("planned");
        }
        assertThat(SANDBOX.sql()
                        .sql("select act from mediaferry.audit where who = 'anna' and failure is null order by id")
                        .query(String.class)
                        .list())
                .containsExactly(
                        "expand-reference",
                        "backfill-reference",
                        "share-reference",
                        "pause-reference",
                        "resume-reference",
                        "backfill-reference",
                        "verify-reference",
                        "contract-reference",
                        "contract-reference",
                        "revert-reference",
                        "revert-reference");
    }

    @Test
    void offersAViewerNoStepAndTakesNoneFromOne() {
        try (Chromium chromium = Chromium.start();
                BrowserContext user = chromium.user()) {
            Page page = logIn(user, "vera");
            PlaywrightAssertions.assertThat(page.locator("[aria-current=step]")).hasText("planned");
            assertThat(page.locator("main button:not([data-copy])").count()).isZero();
            String token = page.locator("input[name=token]").first().inputValue();
            for (String step : List.of("expand", "backfill", "share", "pause", "resume", "revert")) {
                APIResponse answer = page.request()
                        .post(
                                base + "/references",
                                RequestOptions.create()
                                        .setForm(FormData.create()
                                                .set("token", token)
                                                .set("reference", NAME)
                                                .set("share", 10)
                                                .set("step", step)));
                assertThat(answer.status()).as(step).isEqualTo(403);
            }
        }
        assertThat(status().state()).isEqualTo("planned");
        assertThat(SANDBOX.sql()
                        .sql("select count(*) from mediaferry.audit")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    /** Of that very name: one button of the page begins as another. */
    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private ReferenceStatus status() {
        return engine.cases().references().status(List.of(NAME)).get(0);
    }

    private Page logIn(BrowserContext user, String name) {
        Page page = user.newPage();
        page.navigate(base + "/references");
        page.getByLabel("Name").fill(name);
        page.getByLabel("Password").fill(PASSWORD);
        button(page, "Log in").click();
        return page;
    }

    /** Waits for the end of the step, and goes back to the page. */
    private void take(Page page, String step) {
        button(page, step).click();
        PlaywrightAssertions.assertThat(page.locator(".lead .state")).not().hasText("running");
        page.navigate(base + "/references");
    }
}
