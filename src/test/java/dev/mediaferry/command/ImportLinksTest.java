package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.SalonBackup;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Do the addresses answer that an import gives to the world, and those that a rollback leaves? */
@Tag("slow")
class ImportLinksTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    /** What links to objects begin with when a CDN stands before the bucket. */
    private static final String PUBLIC =
            "mediaferry.storage.public-url=http://" + SANDBOX.cdn().authority() + "/media";

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX, SalonBackup.registry());

    private SmallBackup backup;

    @BeforeAll
    static void createTables() {
        SalonBackup.createTables(SANDBOX);
    }

    @BeforeEach
    void write() throws IOException {
        backup = new SmallBackup(SANDBOX, commands.directory())
                .with("Profile-Pics/buyer/1", Pictures.jpeg(1))
                .with("Profile-Pics/stylist/2", Pictures.jpeg(2))
                .with("Service-Images/7/a", Pictures.jpeg(3));
    }

    @Test
    void verifyAsksEveryPublicAddress() throws Exception {
        assertThat(commands.run("import", "run", backup.folder())).isZero();
        assertThat(commands.run("import", "verify", backup.folder(), "--urls")).isZero();
        assertThat(commands.out()).contains("Public addresses: all 3 answer");
    }

    @Test
    void verifyFindsObjectsThatNobodyMaySee() throws Exception {
        SANDBOX.cdn().otherwise((exchange, request) -> UnrulyCdn.send(exchange, 403, new byte[0]));
        assertThat(commands.run("import", "run", backup.folder(), "--set", PUBLIC))
                .isZero();
        assertThat(commands.run("import", "verify", backup.folder(), "--set", PUBLIC))
                .as("the store's own answers are fine")
                .isZero();
        JsonNode urls = verified();
        assertThat(urls.path("asked").asInt()).isEqualTo(3);
        assertThat(urls.path("answered").asInt()).isZero();
        JsonNode findings = urls.path("findings");
        assertThat(findings.findValuesAsText("kind")).hasSize(3).containsOnly("unreachable-link");
        assertThat(findings.findValuesAsText("field")).contains("salon-backup/profiles", "salon-backup/services");
        assertThat(findings.findValuesAsText("detail")).containsOnly("HTTP 403");

        SANDBOX.cdn().otherwise((exchange, request) -> UnrulyCdn.send(exchange, 200, new byte[12]));
        assertThat(verified().path("findings").get(0).path("detail").asText()).startsWith("12 bytes instead of ");
    }

    private JsonNode verified() throws IOException {
        return commands.json(1, "import", "verify", backup.folder(), "--urls", "--json", "--set", PUBLIC)
                .path("urls");
    }

    @Test
    void rollbackFindsOutWhetherOlderLinksStillAnswer() throws Exception {
        commands.run("import", "run", backup.folder());
        String before = SANDBOX.sql()
                .sql("select url from media order by id limit 1")
                .query(String.class)
                .single();
        older(before + "?from=elsewhere");
        older(SANDBOX.cdn().picture());
        assertThat(commands.run("import", "rollback", "--delete-objects", "--check-links"))
                .as(commands.out())
                .isZero();
        assertThat(commands.out()).contains("Links of the records that are there: all 2 answer");
        assertThat(SANDBOX.keys()).as("an older record needs it").hasSize(1);

        older(SANDBOX.cdn().answering(404));
        JsonNode links = commands.json(1, "import", "rollback", "--check-links", "--json")
                .path("links");
        assertThat(links.path("findings")).hasSize(1);
        assertThat(links.path("findings").get(0).path("detail").asText()).isEqualTo("HTTP 404");
        assertThat(links.path("asked").asInt()).isEqualTo(3);
    }

    private static void older(String url) {
        SANDBOX.sql()
                .sql(
                        "insert into media (user_id, kind, object_key, url) values (?::uuid, 'old', gen_random_uuid()::text, ?)")
                .params(SalonBackup.user(1), url)
                .update();
    }
}
