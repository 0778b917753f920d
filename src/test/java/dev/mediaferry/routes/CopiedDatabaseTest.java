package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Undo;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a copy of the database, made by a dump, does to the objects of the original. */
@Tag("slow")
class CopiedDatabaseTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.delete-shared", "false");

    @RegisterExtension
    static final Sandbox NEIGHBOUR = SANDBOX.neighbour("storage.delete-shared", "false");

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @TempDir
    private Path directory;

    private static String neighbour;

    @BeforeEach
    void startBoth() {
        SANDBOX.engine();
        NEIGHBOUR.engine();
        neighbour = neighbour == null ? NEIGHBOUR.ledgerId() : neighbour;
        NEIGHBOUR.execute("update mediaferry.ledger set database = null, id = '" + neighbour + "'");
    }

    @Test
    void aCopyOfTheDatabaseNeverDeletesTheOriginalsObjects() throws Exception {
        List<String> copy = copyThatTheOriginalHasOutgrown();

        try (Program refused = Program.start(copy, "rollback", "--field", "Photo.url", "--delete-objects")) {
            assertThat(refused.await()).isEqualTo(2);
            assertThat(refused.err()).contains("made in another database").contains("mediaferry ledger new-id");
        }
        try (Program renewed = Program.start(copy, "ledger", "new-id")) {
            assertThat(renewed.await()).as(renewed.err()).isZero();
        }
        try (Program rollback = Program.start(copy, "rollback", "--field", "Photo.url", "--delete-objects")) {
            assertThat(rollback.await()).as(rollback.err()).isEqualTo(1);
            assertThat(rollback.out()).contains("another ledger has stored it");
        }
        try (Program orphans = Program.start(copy, "orphans", "--delete")) {
            assertThat(orphans.await()).as(orphans.err()).isZero();
            assertThat(orphans.out()).contains("theirs");
        }
        assertThat(SANDBOX.keys()).hasSize(2);
    }

    @Test
    void aCopyOfTheDatabaseHasKeysOfItsOwn() throws Exception {
        SANDBOX.photo("moved", CDN.picture());
        SANDBOX.migrate();
        for (String id : List.of("waiting", "dead")) {
            SANDBOX.photo(
                    id,
                    CDN.link((exchange, request) ->
                            UnrulyCdn.send(exchange, request == 1 ? 404 : 200, Pictures.jpeg(request))));
        }
        SANDBOX.migrate();
        SANDBOX.execute("update mediaferry.transfer set state = 'waiting' where row_key = 'waiting'");
        NEIGHBOUR.restoreFrom(SANDBOX);
        SANDBOX.execute(
                "update mediaferry.transfer set state = 'waiting', due = now() where state in ('waiting', 'dead')");
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(2);
        Map<String, byte[]> originals = objects();
        assertThat(originals).hasSize(3);

        NEIGHBOUR.execute(
                "update mediaferry.transfer set due = now()",
                "do $$ begin perform setval(pg_get_serial_sequence('mediaferry.transfer', 'id'), 1000); end $$");
        try (Program renewed = Program.start(NEIGHBOUR.options(directory, Sandbox.REGISTRY), "ledger", "new-id")) {
            assertThat(renewed.await()).as(renewed.err()).isZero();
        }
        Engine copy = NEIGHBOUR.engine(Sandbox.REGISTRY, "fetch.allow-private", CDN.authority());
        copy.rollback(Undo.field(false));
        copy.release(Undo.field(false));
        assertThat(copy.migrate(RunOptions.ALL).migrated()).isEqualTo(2);
        assertThat(NEIGHBOUR.outcome("moved")).isEqualTo("dead key-taken");
        assertThat(objects()).hasSize(5).containsAllEntriesOf(originals);
        assertThat(copy.rollback(Undo.field(true)).objectsRemoved()).isEqualTo(2);

        assertThat(objects()).hasSize(3).containsAllEntriesOf(originals);
        originals.keySet().forEach(key -> assertThat(SANDBOX.head(key).metadata())
                .containsEntry("mediaferry-ledger", SANDBOX.ledgerId()));
    }

    @Test
    void aCopyThatWasToldToKeepTheIdLeavesAloneWhatTheOriginalStoresLater() throws Exception {
        List<String> copy = copyThatTheOriginalHasOutgrown();
        try (Program kept = Program.start(copy, "ledger", "keep-id")) {
            assertThat(kept.await()).as(kept.err()).isZero();
        }
        // The copy has not come to the number of that transfer.
        NEIGHBOUR
                .sql()
                .sql("select setval(pg_get_serial_sequence('mediaferry.transfer', 'id'), "
                        + SANDBOX.transfer("1").get("id") + ")")
                .query(Long.class)
                .single();
        try (Program orphans = Program.start(copy, "orphans", "--delete")) {
            assertThat(orphans.await()).as(orphans.err()).isZero();
        }
        assertThat(SANDBOX.keys()).hasSize(2);
    }

    @Test
    void aCopyOfTheDatabaseLeavesTheOriginalsUploadsAlone() throws Exception {
        String incoming = "incoming/" + neighbour + "/x";
        NEIGHBOUR.execute(
                "insert into mediaferry.media (id, user_id, media_type, storage_key) select gen_random_uuid(), 'ann', 'A', i::text"
                        + " from generate_series(1, 2) i",
                "insert into mediaferry.upload_session (media_id, incoming_key, declared_type, max_bytes, expires_at)"
                        + " select id, '" + incoming + "' || storage_key, 'image/jpeg', 10, now() + interval '1 day'"
                        + " from mediaferry.media",
                "delete from mediaferry.media where storage_key = '2'");

        try (Program renewed = Program.start(NEIGHBOUR.options(directory, Sandbox.REGISTRY), "ledger", "new-id")) {
            assertThat(renewed.await()).as(renewed.err()).isZero();
        }

        assertThat(NEIGHBOUR
                        .sql()
                        .sql("select status || ' ' || failure from mediaferry.media")
                        .query(String.class)
                        .list())
                .containsExactly("FAILED copied");
        assertThat(NEIGHBOUR
                        .sql()
                        .sql("select incoming_key from mediaferry.upload_session union all"
                                + " select incoming_key from mediaferry.media_deleted where incoming_key is not null")
                        .query(String.class)
                        .list())
                .isEmpty();
    }

    /** @return what a program over the copy needs; the original has stored one object before, and one after it was made */
    private List<String> copyThatTheOriginalHasOutgrown() throws IOException {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.migrate();
        NEIGHBOUR.restoreFrom(SANDBOX);
        SANDBOX.photo("2", CDN.picture());
        SANDBOX.migrate();
        SANDBOX.ageObjects();
        return NEIGHBOUR.options(directory, Sandbox.REGISTRY);
    }

    private static Map<String, byte[]> objects() {
        return SANDBOX.keys().stream().collect(Collectors.toMap(key -> key, SANDBOX::object));
    }
}
