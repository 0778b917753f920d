package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunOptions;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataIntegrityViolationException;

/** What is removed of the ledger, and what it still knows afterwards. */
@Tag("slow")
class LedgerCommandTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX);

    @Test
    void neverMakesALiveObjectLookLikeAnOrphan() throws Exception {
        move(3);
        List<String> keys = SANDBOX.keys();
        age();
        assertThat(prune("--give-up-undo").path("links").asInt()).isEqualTo(3);
        // The application has taken the links into a table that the registry does not know.
        SANDBOX.execute("update \"Photo\" set url = null");
        SANDBOX.ageObjects();
        JsonNode orphans = commands.json(
                0, "orphans", "--delete", "--json", "--set", "mediaferry.storage.public-url=https://new.example.com");
        assertThat(orphans.path("found").asInt()).isZero();
        assertThat(SANDBOX.keys()).isEqualTo(keys);
    }

    @Test
    void givesUpAnUndoOnlyWhenAskedTo() throws Exception {
        move(2);
        age();
        JsonNode wish = prune("--give-up-undo", "--dry-run");
        assertThat(wish.path("links").asInt()).isEqualTo(2);
        assertThat(wish.path("rowsAfter")).isEqualTo(wish.path("rowsBefore"));
        JsonNode kept = prune();
        assertThat(kept.path("links").asInt()).isZero();
        assertThat(kept.path("kept").asInt()).isEqualTo(2);
        assertThat(commands.json("rollback", "--row", "Photo.url:1", "--json")
                        .path("restored")
                        .asInt())
                .isEqualTo(1);
        assertThat(SANDBOX.url("1")).startsWith("http://127.0.0.1");
        assertThat(commands.run("ledger", "prune", "--older-than", "30d", "--dry-run", "--give-up-undo"))
                .isZero();
        assertThat(commands.out())
                .contains(
                        "Would give up the undo of 1 moved rows: neither rollback nor migrate --force would take them any more");
    }

    @Test
    void writesNothingOverTheLinksOfPrunedRows() throws Exception {
        move(2);
        String link = SANDBOX.url("1");
        age();
        prune("--give-up-undo");
        assertThat(commands.json("rollback", "--field", "Photo.url", "--json")
                        .path("restored")
                        .asInt())
                .isZero();
        RunOptions force = new RunOptions(List.of(), false, OptionalLong.empty(), OptionalInt.empty(), true);
        assertThat(SANDBOX.engine().migrate(force).found()).isZero();
        assertThatExceptionOfType(DataIntegrityViolationException.class)
                .isThrownBy(() -> SANDBOX.execute("update mediaferry.transfer set state = 'rolled_back'"))
                .withMessageContaining("transfer_pruned");
        assertThat(SANDBOX.url("1")).isEqualTo(link);
        assertThat(SANDBOX.migrate().found()).isZero();
        assertThat(commands.run("verify", "--deep")).isZero();
    }

    @Test
    void keepsAnObjectThatAPrunedRowShares() throws Exception {
        Engine engine = SANDBOX.engine(Sandbox.REGISTRY, "storage.key", "{folder}/{sha256}.{ext}");
        for (String id : List.of("1", "2")) {
            SANDBOX.photo(id, CDN.link((exchange, request) -> UnrulyCdn.send(exchange, 200, Pictures.jpeg(1))));
        }
        assertThat(engine.migrate(RunOptions.ALL).migrated()).isEqualTo(2);
        assertThat(SANDBOX.keys()).hasSize(1);
        SANDBOX.execute("update mediaferry.transfer set updated = now() - interval '400 days' where row_key = '1'");
        assertThat(prune("--give-up-undo").path("links").asInt()).isEqualTo(1);
        // Not even the column leads to it any more.
        SANDBOX.execute("update \"Photo\" set url = null where id = '1'");
        assertThat(commands.json("rollback", "--row", "Photo.url:2", "--delete-objects", "--json")
                        .path("restored")
                        .asInt())
                .isEqualTo(1);
        assertThat(SANDBOX.keys()).hasSize(1);
    }

    @Test
    void removesWhatNothingCameOfAndKeepsWhatIsStillNeeded() throws Exception {
        move(1);
        SANDBOX.photo("gone", CDN.answering(404));
        SANDBOX.migrate();
        SANDBOX.execute(
                "insert into mediaferry.transfer (entry, row_key, source, host, state, object_key, object_state)"
                        + " select 'Photo.url', 's' || i, 's', 'h', 'superseded', 'photos/s' || i,"
                        + " (array['none', 'removed', 'present'])[i] from generate_series(1, 3) i",
                "insert into mediaferry.attempt (transfer, number, failure) select id, 1, 'timeout' from mediaferry.transfer"
                        + " where state = 'linked'",
                "insert into mediaferry.run (kind, worker, options, finished) select 'migrate', 0, '{}', now()"
                        + " from generate_series(1, 6)");
        JsonNode young = prune("--give-up-undo");
        assertThat(young.path("links").asInt() + young.path("attempts").asInt()).isZero();
        age();
        JsonNode report = prune();
        assertThat(report.path("superseded").asInt()).isEqualTo(2);
        assertThat(report.path("attempts").asInt()).isEqualTo(1);
        assertThat(report.path("runs").asInt()).isEqualTo(3);
        assertThat(report.path("rowsBefore").asInt() - report.path("rowsAfter").asInt())
                .isEqualTo(6);
        assertThat(commands.json("dead-letters", "--json").path("total").asInt())
                .isEqualTo(1);
        assertThat(SANDBOX.sql()
                        .sql("select failure from mediaferry.attempt")
                        .query(String.class)
                        .list())
                .containsExactly("gone");
        JsonNode again = prune();
        assertThat(again.path("superseded").asInt()
                        + again.path("attempts").asInt()
                        + again.path("runs").asInt())
                .isZero();
        assertThat(commands.run("ledger", "prune", "--older-than", "12h")).isEqualTo(2);
        assertThat(commands.run("ledger", "prune")).isEqualTo(2);
    }

    @Test
    void prunesPageByPageAndTellsTheSize() throws Exception {
        move(1);
        long rows = Long.getLong("large.rows", 120_000) / 10;
        SANDBOX.sql()
                .sql(
                        "insert into mediaferry.transfer (entry, row_key, source, host, state, object_key, object_state, sha256,"
                                + " bytes, content_type, etag, target, updated)"
                                + " select 'Photo.url', 'row' || i, 'https://cdn.example/' || repeat(md5(i::text), 7), 'cdn.example',"
                                + " 'linked', 'photos/' || i || '.jpg', 'present', repeat(md5(i::text), 2), 1, 'image/jpeg', md5(i::text),"
                                + " 'https://media.example/photos/' || i || '.jpg', now() - interval '400 days'"
                                + " from generate_series(1, ?) i")
                .param(rows)
                .update();
        JsonNode report = prune("--give-up-undo");
        assertThat(report.path("links").asLong()).isEqualTo(rows);
        assertThat(report.path("contentAfter").asLong())
                .isLessThan(report.path("contentBefore").asLong() * 7 / 10);
        assertThat(report.path("bytesAfter").asLong())
                .isLessThan(report.path("bytesBefore").asLong() * 2);
        JsonNode size = commands.json("ledger", "size", "--json");
        assertThat(size.path("bytes").asLong()).isPositive();
        assertThat(size.path("perLink").asLong()).isPositive();
        assertThat(size.path("transfers").path(1).path("state").asText()).isEqualTo("linked, pruned");
        assertThat(size.path("transfers").path(1).path("rows").asLong()).isEqualTo(rows);
        assertThat(commands.run("ledger", "size")).isZero();
        assertThat(commands.out()).contains("linked, pruned").contains("bytes a transfer with its indexes");
    }

    private JsonNode prune(String... more) throws Exception {
        String[] line = new String[5 + more.length];
        System.arraycopy(new String[] {"ledger", "prune", "--older-than", "30d", "--json"}, 0, line, 0, 5);
        System.arraycopy(more, 0, line, 5, more.length);
        return commands.json(line);
    }

    private static void move(int rows) {
        for (int i = 1; i <= rows; i++) {
            SANDBOX.photo(Integer.toString(i), CDN.picture());
        }
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(rows);
    }

    /** As if everything had happened more than a year ago. */
    private static void age() {
        SANDBOX.execute(
                "update mediaferry.transfer set updated = updated - interval '400 days'",
                "update mediaferry.attempt set ended = ended - interval '400 days'",
                "update mediaferry.run set started = started - interval '400 days', finished = finished - interval '400 days'");
    }
}
