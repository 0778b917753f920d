package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.fixture.UnsortedStore;
import dev.mediaferry.verify.OrphanOptions;
import dev.mediaferry.verify.Orphans;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
    void goesOnWhereASearchWasInterrupted() throws Exception {
        int many = 300;
        for (int i = 0; i < many; i++) {
            put("photos/%04d/nobody".formatted(i));
        }
        SANDBOX.ageObjects();
        assertThat(commands.run("orphans", "--resume")).isEqualTo(2);
        assertThat(commands.err()).contains("no search for orphans was interrupted");
        AtomicInteger seen = new AtomicInteger();
        Orphans orphans = SANDBOX.engine().cases().orphans();
        assertThatExceptionOfType(ServiceUnreachableException.class)
                .isThrownBy(() -> orphans.run(new OrphanOptions(Duration.ofHours(24), false, false), orphan -> {
                    if (seen.incrementAndGet() > 270) {
                        throw new ServiceUnreachableException("the store went away", null);
                    }
                }));

        assertThat(commands.run("orphans", "--resume", "--older-than", "25h")).isEqualTo(2);
        assertThat(commands.err()).contains("had other options");
        JsonNode report = orphans(1, "--resume");

        assertThat(report.path("found").asInt()).isEqualTo(many);
        assertThat(report.path("orphans")).hasSize(many - 250);
        assertThat(report.path("orphans").path(0).path("key").asText()).isEqualTo("photos/0250/nobody");
        assertThat(report.path("bytes").asLong()).isEqualTo(many * (long) Pictures.jpeg(1).length);
        assertThat(commands.run("orphans", "--resume")).isEqualTo(2);
    }

    @Test
    void goesOnFromNoPositionThatTellsNothingOfWhatIsToBeSearched() throws Exception {
        put(ORPHAN);
        SANDBOX.ageObjects();
        Path home = Files.createDirectories(SANDBOX.settings().path("home"));
        String other =
                "{\"scope\": \"older than PT24H, elsewhere[photos/]\", \"bucket\": \"elsewhere\", \"key\": \"a\","
                        + " \"objects\": 0, \"read\": 0, \"counts\": {}}";
        for (String position : List.of(other, "null", "{\"key\": null}", other.replace("\"a\"", "null"))) {
            Files.writeString(home.resolve("orphans.json"), position);
            assertThat(commands.run("orphans", "--resume")).as(position).isEqualTo(2);
            assertThat(commands.err()).contains("leave --resume out");
        }
        Files.writeString(
                home.resolve("verify.json"),
                other.replace("older than PT24H, elsewhere[photos/]", "field=* run=* sample=0.0"));
        assertThat(commands.run("verify", "--resume")).isEqualTo(2);
        assertThat(commands.err()).contains("in the bucket elsewhere, which is not looked at any more");
        assertThat(orphans(1).path("found").asInt()).isEqualTo(1);
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
