package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.fixture.UnsortedStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which objects go, and which stay. */
@Tag("slow")
class OrphansCommandTest {

    private static final String ORPHAN = "photos/0/nobody";

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX);

    @Test
    void removesOnlyWhatNobodyOwns() throws Exception {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.migrate();
        String owned = SANDBOX.key(SANDBOX.url("1"));
        put(ORPHAN);
        put(ORPHAN + ".young-neighbour");
        put("elsewhere/nobody");
        SANDBOX.ageObjects();
        put(ORPHAN + ".young-neighbour");

        assertThat(orphans(1).path("found").asInt()).isEqualTo(1);
        assertThat(SANDBOX.keys()).hasSize(4);
        JsonNode report = orphans(0, "--delete");

        assertThat(report.path("removed").asInt()).isEqualTo(1);
        assertThat(SANDBOX.keys()).containsExactlyInAnyOrder(owned, ORPHAN + ".young-neighbour", "elsewhere/nobody");
    }

    @Test
    void keepsWhatIsYoungerThanAsked() throws Exception {
        put(ORPHAN);
        assertThat(orphans(0, "--delete").path("found").asInt()).isZero();
        SANDBOX.ageObjects();
        assertThat(orphans(0, "--delete", "--older-than", "3d").path("found").asInt())
                .isZero();
        assertThat(SANDBOX.keys()).containsExactly(ORPHAN);
        assertThat(commands.run("orphans", "--delete", "--older-than", "59m")).isEqualTo(2);
        assertThat(commands.run("orphans", "--older-than", "long")).isEqualTo(2);
    }

    @Test
    void keepsWhatAWaitingRowMayTakeOver() throws Exception {
        put("photos/3/1-abc.jpg");
        SANDBOX.execute(
                "insert into mediaferry.transfer (entry, row_key, source, host, object_key, state, object_state)"
                        + " values ('Photo.url', '3', 's', 'h', 'photos/3/1-abc.{ext}', 'waiting', 'unknown')");
        SANDBOX.ageObjects();
        assertThat(orphans(0, "--delete").path("found").asInt()).isZero();
        assertThat(SANDBOX.keys()).hasSize(1);
    }

    @Test
    void keepsWhatSeveralWaitingRowsMayTakeOverAndNothingBeyond() throws Exception {
        for (String key :
                List.of("photos/3/1-abc.jpg", "photos/3/1-abc.d.jpg", "photos/3/2-abc.jpg", "photos/4/1.jpg")) {
            put(key);
        }
        SANDBOX.execute(
                "insert into mediaferry.transfer (entry, row_key, source, host, object_key, state, object_state)"
                        + " select 'Photo.url', key, 's', 'h', key, 'waiting', 'unknown' from unnest(array["
                        + " 'photos/1/1-abc.{ext}', 'photos/3/1-abc.{ext}', 'photos/3/1-abc.d.{ext}',"
                        + " 'photos/4/1-abc.{ext}']) key");
        SANDBOX.ageObjects();
        assertThat(orphans(0, "--delete").path("removed").asInt()).isEqualTo(2);
        assertThat(SANDBOX.keys()).containsExactly("photos/3/1-abc.d.jpg", "photos/3/1-abc.jpg");
    }

    @Test
    void keepsWhatARowLeadsToAlthoughTheLedgerHasForgottenIt() throws Exception {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.migrate();
        SANDBOX.execute("delete from mediaferry.transfer");
        SANDBOX.ageObjects();
        JsonNode report = orphans(1, "--delete");
        assertThat(report.path("held").asInt()).isEqualTo(1);
        assertThat(SANDBOX.keys()).containsExactly(SANDBOX.key(SANDBOX.url("1")));
    }

    @Test
    void removesNothingFromABucketThatListsInNoOrder() throws Exception {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.migrate();
        String owned = SANDBOX.key(SANDBOX.url("1"));
        try (UnsortedStore store = new UnsortedStore("photos/~nobody.jpg", owned)) {
            String endpoint = "mediaferry.storage.endpoint=" + store.endpoint();
            assertThat(commands.run("orphans", "--delete", "--set", endpoint)).isEqualTo(2);
            assertThat(store.methods()).doesNotContain("DELETE");
        }
        assertThat(commands.err()).contains("lists keys in no order");
    }

    @Test
    void refusesWhereOurObjectsCannotBeToldFromOthers() throws Exception {
        assertThat(commands.run("orphans", "--set", "mediaferry.storage.key={id}/{random}.{ext}"))
                .isEqualTo(2);
        assertThat(commands.err()).contains("let it begin with {folder}/");
    }

    private JsonNode orphans(int exitCode, String... more) throws Exception {
        List<String> line = new ArrayList<>(List.of("orphans", "--json"));
        line.addAll(List.of(more));
        return commands.json(exitCode, line.toArray(String[]::new));
    }

    private static void put(String key) {
        // No transfer has this number any more.
        SANDBOX.putOurs(key, 0, Pictures.jpeg(1));
    }
}
