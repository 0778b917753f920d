package dev.mediaferry.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.mediaferry.fixture.Chromium;
import dev.mediaferry.fixture.ConsolePages;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What lies in the inbox, and what an import of it would do. */
@Tag("slow")
class BrowserImportsTest {

    private static final String REGISTRY =
            """
            imports:
              - name: shots
                categories:
                  - name: all
                    path: "shots/{name}"
                    folder: shots
                    key: "{name}.{ext}"
                    record: { table: picture, columns: { key: "{key}" } }
            """;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @TempDir
    private Path inbox;

    @TempDir
    private Path outside;

    @Test
    void saysWhatAnImportOfAFolderWouldDoAndDoesNothing() throws Exception {
        Path shots = Files.createDirectories(inbox.resolve("<b>backup of \"May\"/shots"));
        Files.write(shots.resolve("one"), Pictures.jpeg(1));
        Files.write(shots.resolve("two"), Pictures.jpeg(2));
        Files.writeString(shots.resolveSibling("<i>notes"), "bought bread");
        Files.write(inbox.resolve("packed.zip"), new byte[] {1});
        Files.createDirectory(inbox.resolve("line\nfeed"));
        Files.createSymbolicLink(inbox.resolve("nowhere"), inbox.resolve("nothing"));
        Files.createSymbolicLink(inbox.resolve("outside"), outside);
        SANDBOX.execute("create table picture (id int generated always as identity primary key, key text)");
        String port = FreePort.text();
        SANDBOX.serving(REGISTRY, "server.port", port, "import.dir", inbox.toString(), "import.stable", "1h");
        try (Chromium chromium = Chromium.start();
                BrowserContext user = chromium.user(1280, 900)) {
            Page page = user.newPage();
            page.navigate("http://127.0.0.1:" + port + "/console/imports");
            assertThat(page.getByText("See what an import would do").count()).isEqualTo(2);
            ConsolePages.button(page, "See what an import of <b>backup of \"May\" would do")
                    .click();
            Locator main = page.locator("main");
            PlaywrightAssertions.assertThat(main).containsText("2 of 3 files would be imported");
            ConsolePages.picture(page, "import-plan");
            page.getByText("Files that no pattern fits").click();
            PlaywrightAssertions.assertThat(main).containsText("<i>notes");
            assertThat(ConsolePages.faults(page)).isEmpty();
            page.navigate("http://127.0.0.1:" + port + "/console/imports");
            PlaywrightAssertions.assertThat(page.locator("main")).not().containsText("outside");
            ConsolePages.button(page, "See what an import of line\\x0afeed would do")
                    .click();
            PlaywrightAssertions.assertThat(page.locator("main")).containsText("0 of 0 files");
            page.navigate("http://127.0.0.1:" + port + "/console/acts");
            PlaywrightAssertions.assertThat(page.locator("tbody")).containsText("plan import");
        }
        assertThat(SANDBOX.keys()).isEmpty();
        assertThat(shots.resolve("two")).exists();
        assertThat(SANDBOX.sql()
                        .sql(
                                "select (select count(*) from mediaferry.run) + (select count(*) from mediaferry.transfer)")
                        .query(Long.class)
                        .single())
                .isZero();
    }
}
