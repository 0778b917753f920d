package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A link or a key tells transfer, record and object. */
@Tag("slow")
class LookupCommandTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX);

    @Test
    void findsTransferRecordAndObjectByOldLinkNewLinkKeyAndS3Address() throws Exception {
        String link = CDN.picture() + "?sig=c2VjcmV0";
        SANDBOX.photo("1", link);
        SANDBOX.photo("2", CDN.picture());
        assertThat(commands.run("migrate")).isZero();
        String moved = SANDBOX.url("1");
        String key = SANDBOX.key(moved);
        for (String asked :
                new String[] {link, moved, key, "s3://" + SANDBOX.bucketName() + "/" + key, moved + "?v=2"}) {
            JsonNode found = commands.json("lookup", asked, "--json");
            assertThat(found.path("transfers")).as(asked).hasSize(1);
            JsonNode transfer = found.path("transfers").path(0);
            assertThat(transfer.path("row").asText()).isEqualTo("1");
            assertThat(transfer.path("state").asText()).isEqualTo("linked");
            assertThat(transfer.path("source").asText()).endsWith("?…");
            assertThat(transfer.path("target").asText()).isEqualTo(moved);
            assertThat(found.path("records").path(0).path("holds").asText()).isEqualTo("target");
            JsonNode object = found.path("objects").path(0);
            assertThat(object.path("key").asText()).isEqualTo(key);
            assertThat(object.path("there").asBoolean()).isTrue();
            assertThat(object.path("ours").asBoolean()).isTrue();
            assertThat(object.path("transfer").asLong())
                    .isEqualTo(transfer.path("transfer").asLong());
        }
        assertThat(commands.run("lookup", link)).isZero();
        assertThat(commands.out())
                .contains("Photo.url row 1: linked", "holds the target of transfer", "Object " + key)
                .doesNotContain("c2VjcmV0");
    }

    @Test
    void tellsWhatIsMissingAndWhatHasChanged() throws Exception {
        String gone = CDN.answering(404);
        SANDBOX.photo("dead", gone);
        SANDBOX.photo("lost", CDN.picture());
        commands.run("migrate");
        String lost = SANDBOX.url("lost");
        SANDBOX.execute("update \"Photo\" set url = 'https://elsewhere.example/x' where id = 'lost'");
        SANDBOX.bucket()
                .deleteObject(request -> request.bucket(SANDBOX.bucketName()).key(SANDBOX.key(lost)));

        JsonNode dead = commands.json("lookup", gone, "--json");
        assertThat(dead.path("transfers").path(0).path("failure").asText()).isEqualTo("gone");
        assertThat(dead.path("records").path(0).path("holds").asText()).isEqualTo("source");
        assertThat(dead.path("objects")).isEmpty();
        JsonNode found = commands.json("lookup", lost, "--json");
        assertThat(found.path("records").path(0).path("holds").asText()).isEqualTo("something else");
        assertThat(found.path("objects").path(0).path("there").asBoolean()).isFalse();
        assertThat(commands.run("lookup", lost)).isZero();
        assertThat(commands.out()).contains("holds something else", "not there");
    }

    @Test
    void findsRowsAndObjectsThatTheLedgerDoesNotKnow() throws Exception {
        SANDBOX.engine();
        String link = CDN.picture();
        SANDBOX.photo("new", link);
        JsonNode row = commands.json("lookup", link, "--json");
        assertThat(row.path("transfers")).isEmpty();
        assertThat(row.path("records").path(0).path("id").asText()).isEqualTo("new");
        SANDBOX.putOurs("photos/by-hand.jpg", 7, Pictures.jpeg(1));
        JsonNode object = commands.json("lookup", "photos/by-hand.jpg", "--json");
        assertThat(object.path("objects").path(0).path("there").asBoolean()).isTrue();
        assertThat(commands.json(1, "lookup", "photos/nothing.jpg", "--json").path("transfers"))
                .isEmpty();
        assertThat(commands.run("lookup", "https://nowhere.example/a.jpg")).isEqualTo(1);
        assertThat(commands.out()).contains("Nothing is known of https://nowhere.example/a.jpg");
    }
}
