package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunReport;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A ghost avatar does not replace many links, unless somebody says that it may. */
@Tag("slow")
class QuarantineCommandTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();
    private static final byte[] GHOST = Pictures.png(77);

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX);

    private String sha256;
    private RunReport report;

    @BeforeEach
    void runOverFiftyLinksThatGiveTheSame() throws Exception {
        sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(GHOST));
        for (int i = 0; i < 50; i++) {
            SANDBOX.photo("ghost" + i, CDN.serving(GHOST));
        }
        for (int i = 0; i < 30; i++) {
            SANDBOX.photo("good" + i, CDN.picture());
        }
        report = SANDBOX.migrate();
    }

    @Test
    void holdsWhatComesTooOftenAndListsIt() throws Exception {
        assertThat(report.migrated()).isEqualTo(50);
        assertThat(report.dead()).containsOnlyKeys("placeholder-suspected").containsValue(30L);
        assertThat(report.adds()).isTrue();
        assertThat(SANDBOX.keys()).hasSize(50);

        JsonNode held = commands.json("quarantine", "--json");
        assertThat(held).hasSize(1);
        assertThat(held.path(0).path("sha256").asText()).isEqualTo(sha256);
        assertThat(held.path(0).path("host").asText()).isEqualTo("127.0.0.1");
        assertThat(held.path(0).path("rows").asInt()).isEqualTo(30);
        assertThat(held.path(0).path("field").asText()).isEqualTo("Photo.url");
        String row = held.path(0).path("row").asText();
        assertThat(SANDBOX.url(row)).isEqualTo(held.path(0).path("link").asText());
        assertThat(SANDBOX.transfer(row).get("message"))
                .asString()
                .contains("mediaferry quarantine release " + sha256 + " --host 127.0.0.1");
    }

    @Test
    void movesThemAllOnceTheyAreReleased() throws Exception {
        assertThat(commands.run("quarantine", "release", sha256)).isZero();
        assertThat(commands.out()).contains("30 rows wait again");
        RunReport next = SANDBOX.migrate();
        assertThat(next.migrated()).isEqualTo(30);
        assertThat(next.dead()).isEmpty();
        assertThat(commands.run("placeholders")).isZero();
        assertThat(commands.out()).contains("Nothing is held.");
    }

    @Test
    void releasesOnlyWhatTheNamedHostGave() throws Exception {
        assertThat(commands.run("quarantine", "release", sha256, "--host", "other.example"))
                .isZero();
        assertThat(commands.out()).contains("0 rows wait again");
        assertThat(SANDBOX.migrate().found()).isZero();
    }

    @Test
    void givesThemUpWithAReason() throws Exception {
        assertThat(commands.run("quarantine", "discard", sha256, "--reason", "grey silhouette"))
                .isZero();
        assertThat(commands.out()).contains("30 rows given up");
        assertThat(SANDBOX.sql()
                        .sql("select count(*) from mediaferry.transfer where state = 'dead'"
                                + " and failure = 'placeholder' and message = 'grey silhouette'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(30);
        assertThat(SANDBOX.migrate().found()).isZero();
    }

    @Test
    void refusesWhatIsNoHash() throws Exception {
        assertThat(commands.run("quarantine", "release", "ABC")).isEqualTo(2);
        assertThat(commands.err()).contains("SHA256 is 'ABC', but must be 64 hexadecimal digits in lower case");
        assertThat(commands.run("quarantine", "discard", sha256)).isEqualTo(2);
        assertThat(commands.err()).contains("--reason");
    }
}
