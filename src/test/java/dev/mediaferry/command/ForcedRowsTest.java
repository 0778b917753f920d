package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Chosen rows are moved again, and their old objects go. */
@Tag("slow")
class ForcedRowsTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX);

    @RegisterExtension
    final Commands shared = new Commands(
            SANDBOX,
            """
            hosts: ["127.0.0.1"]
            fields:
              - { table: Photo, column: url, folder: photos, key: "{folder}/{sha256}.{ext}" }
            """);

    @Test
    void movesChosenRowsAgainAndSweepsTheirOldObjects() throws Exception {
        String link = CDN.picture();
        SANDBOX.photo("1", link);
        SANDBOX.photo("2", CDN.picture());
        SANDBOX.photo("3", CDN.picture());
        assertThat(commands.run("migrate")).isZero();
        String first = SANDBOX.url("1");
        String third = SANDBOX.url("3");
        String later = CDN.picture();
        SANDBOX.photo("4", later);
        SANDBOX.execute("insert into mediaferry.transfer (entry, row_key, source, host, object_key, state)"
                + " values ('Photo.url', '4', '" + later + "', '127.0.0.1', 'photos/4/x.{ext}', 'waiting')");

        JsonNode dry = commands.json("migrate", "Photo.url", "--force", "--row", "1", "--dry-run", "--json");
        assertThat(dry.path("found").asInt()).isEqualTo(1);
        assertThat(SANDBOX.url("1")).isEqualTo(first);
        JsonNode report = commands.json("migrate", "Photo.url", "--force", "--row", "1", "--row", "2", "--json");

        assertThat(report.path("migrated").asInt()).isEqualTo(2);
        assertThat(SANDBOX.url("1")).isNotEqualTo(first).doesNotContain(link);
        assertThat(SANDBOX.url("3")).isEqualTo(third);
        assertThat(SANDBOX.url("4")).isEqualTo(later);
        assertThat(SANDBOX.keys())
                .containsExactlyInAnyOrder(
                        SANDBOX.key(SANDBOX.url("1")), SANDBOX.key(SANDBOX.url("2")), SANDBOX.key(third));
        assertThat(commands.run("verify", "--deep")).as(commands.out()).isZero();
        assertThat(commands.run("rollback", "--row", "Photo.url:1", "--delete-objects"))
                .isZero();
        assertThat(SANDBOX.url("1")).isEqualTo(link);
        assertThat(SANDBOX.keys()).hasSize(2);
    }

    @Test
    void sweepsTheOldObjectInTheNextRunWhenOneDiedBefore() throws Exception {
        SANDBOX.photo("1", CDN.picture());
        assertThat(commands.run("migrate")).isZero();
        SANDBOX.execute(
                "create function nothing_goes() returns trigger language plpgsql as"
                        + " $$ begin raise exception 'not now'; end $$",
                "create trigger nothing_goes before update on mediaferry.transfer for each row"
                        + " when (new.state = 'superseded') execute function nothing_goes()");
        try {
            commands.run("migrate", "Photo.url", "--force", "--row", "1");
            assertThat(SANDBOX.keys()).hasSize(2);
        } finally {
            SANDBOX.execute("drop trigger nothing_goes on mediaferry.transfer", "drop function nothing_goes");
        }
        assertThat(commands.run("migrate")).isZero();
        assertThat(SANDBOX.keys()).containsExactly(SANDBOX.key(SANDBOX.url("1")));
    }

    @Test
    void leavesRowAndObjectAsTheyAreWhenTheLinkIsLost() throws Exception {
        SANDBOX.photo(
                "1",
                CDN.link((exchange, request) -> UnrulyCdn.send(exchange, request == 1 ? 200 : 404, Pictures.jpeg(1))));
        assertThat(commands.run("migrate")).isZero();
        String moved = SANDBOX.url("1");

        assertThat(commands.run("migrate", "Photo.url", "--force", "--row", "1"))
                .isEqualTo(1);

        assertThat(SANDBOX.url("1")).isEqualTo(moved);
        assertThat(SANDBOX.keys()).containsExactly(SANDBOX.key(moved));
        assertThat(commands.run("migrate", "Photo.url", "--force", "--row", "1"))
                .isEqualTo(1);
        assertThat(commands.run("verify")).isZero();
    }

    @Test
    void keepsAnObjectThatIsStillTheRightOne() throws Exception {
        SANDBOX.photo("1", CDN.link((exchange, request) -> UnrulyCdn.send(exchange, 200, Pictures.jpeg(1))));
        assertThat(shared.run("migrate")).isZero();
        String moved = SANDBOX.url("1");

        assertThat(shared.run("migrate", "Photo.url", "--force", "--row", "1")).isZero();

        assertThat(SANDBOX.url("1")).isEqualTo(moved);
        assertThat(SANDBOX.keys()).containsExactly(SANDBOX.key(moved));
        assertThat(shared.run("verify", "--deep")).isZero();
    }

    @Test
    void namesTheRowsThatItHasNotMovedBefore() throws Exception {
        SANDBOX.photo("1", CDN.picture());
        assertThat(commands.run("migrate")).isZero();
        SANDBOX.photo("new", CDN.picture());

        JsonNode report = commands.json(
                1, "migrate", "Photo.url", "--force", "--row", "1", "--row", "new", "--row", "x", "--json");

        assertThat(report.path("migrated").asInt()).isEqualTo(1);
        assertThat(report.path("skipped").path("notMoved").asInt()).isEqualTo(2);
        assertThat(commands.err()).contains("row new is not moved again", "row x is not moved again");
        assertThat(commands.run("migrate", "--force", "--row", "1")).isEqualTo(2);
        assertThat(commands.run("migrate", "Photo.url", "--row", "1")).isEqualTo(2);
    }
}
