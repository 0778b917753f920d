package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Undo;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.rollback.RollbackOptions;
import dev.mediaferry.rollback.RollbackReport;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What lies in the bucket after a rollback that removes objects, and what others make of that meanwhile. */
@Tag("slow")
class RollbackObjectsTest {

    private static final String SHARED = "{folder}/{sha256}.{ext}";

    private static final String TWO_FIELDS =
            """
            hosts: ["127.0.0.1"]
            fields:
              - { table: Photo, column: url, folder: shared }
              - { table: Other, column: url, folder: shared }
            """;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @Test
    void removesObjectsOnlyWhenTheirPointersAreBack() {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.photo("2", CDN.picture());
        SANDBOX.migrate();
        String kept = SANDBOX.key(SANDBOX.url("2"));
        SANDBOX.engine()
                .rollback(new RollbackOptions(
                        OptionalLong.empty(),
                        Optional.of("Photo.url"),
                        Optional.empty(),
                        Optional.of("1"),
                        false,
                        true));
        assertThat(SANDBOX.keys()).containsExactly(kept);
        assertThat(SANDBOX.transfer("1")).containsEntry("object_state", "removed");
    }

    @Test
    void keepsAnObjectThatAnotherRowLeadsTo() {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.migrate();
        SANDBOX.photo("copy", SANDBOX.url("1"));

        RollbackReport report = SANDBOX.engine().rollback(Undo.field(true));

        assertThat(report.objectsKept()).isEqualTo(1);
        assertThat(SANDBOX.keys()).containsExactly(SANDBOX.key(SANDBOX.url("copy")));
        assertThat(SANDBOX.transfer("1")).containsEntry("object_state", "present");
        SANDBOX.execute("delete from \"Photo\" where id = 'copy'");
        assertThat(SANDBOX.engine().rollback(Undo.field(true)).objectsRemoved()).isEqualTo(1);
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void keepsAnObjectThatOtherTransfersShareUntilTheLastIsBack() {
        byte[] same = Pictures.png(5);
        SANDBOX.photo("1", CDN.serving(same));
        SANDBOX.photo("2", CDN.serving(same));
        Engine engine = SANDBOX.engine(Sandbox.REGISTRY, "storage.key", SHARED);
        engine.migrate(RunOptions.ALL);
        // A pointer that another program writes differently is known by the ledger alone.
        SANDBOX.execute("update \"Photo\" set url = url || '?v=2' where id = '2'");

        RollbackReport first = engine.rollback(Undo.row("1"));
        assertThat(first.objectsKept()).isEqualTo(1);
        assertThat(SANDBOX.keys()).hasSize(1);
        SANDBOX.execute("update \"Photo\" set url = replace(url, '?v=2', '') where id = '2'");
        assertThat(engine.rollback(Undo.field(true)).objectsRemoved()).isEqualTo(1);
        assertThat(SANDBOX.keys()).isEmpty();
        assertThat(SANDBOX.transfer("1")).containsEntry("object_state", "removed");
    }

    @Test
    void movesARowAnewWhoseObjectWasRemovedWithTheRollback() {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.migrate();
        SANDBOX.engine().rollback(Undo.field(true));
        SANDBOX.engine().release(Undo.field(false));
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(1);
        assertThat(SANDBOX.keys()).containsExactly(SANDBOX.key(SANDBOX.url("1")));
    }

    @Test
    void keepsWhatTheStoreDoesNotRemoveAndAsksAgainTheNextTime() {
        Engine lost = SANDBOX.engine(Sandbox.REGISTRY);
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.migrate();
        String key = SANDBOX.key(SANDBOX.url("1"));
        // Longer than any store takes.
        SANDBOX.sql()
                .sql("update mediaferry.transfer set object_key = repeat('x', 3000)")
                .update();

        RollbackReport report = lost.rollback(Undo.field(true));

        assertThat(report.restored()).isEqualTo(1);
        assertThat(report.objectsFailed()).isEqualTo(1);
        assertThat(report.failed()).isTrue();
        assertThat(SANDBOX.transfer("1")).containsEntry("object_state", "present");
        SANDBOX.sql()
                .sql("update mediaferry.transfer set object_key = ?")
                .param(key)
                .update();
        assertThat(lost.rollback(Undo.field(true)).objectsRemoved()).isEqualTo(1);
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void letsNobodyTakeOverASharedObjectThatItIsJustRemoving() throws Exception {
        byte[] same = Pictures.png(6);
        SANDBOX.photo("1", CDN.serving(same));
        SANDBOX.execute("create table if not exists \"Other\" (id text primary key, url text)");
        SANDBOX.sql()
                .sql("insert into \"Other\" values ('o', ?)")
                .param(CDN.serving(same))
                .update();
        Engine engine = SANDBOX.engine(TWO_FIELDS, "storage.key", SHARED);
        engine.migrate(only("Photo.url"));
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Connection user = SANDBOX.connect();
                Statement statement = user.createStatement()) {
            engine.rollback(Undo.field(false));
            user.setAutoCommit(false);
            statement.execute("lock table \"Photo\" in access exclusive mode");
            // It knows that no other transfer needs the object, and waits to ask the column.
            Future<RollbackReport> rollback = thread.submit(() -> engine.rollback(Undo.field(true)));
            Awaitility.await().until(RollbackObjectsTest::isSomebodyWaiting);

            RunReport report = engine.migrate(only("Other.url"));

            assertThat(report.waiting()).isEqualTo(1);
            assertThat(SANDBOX.outcome("o")).isEqualTo("waiting storage-unavailable");
            user.rollback();
            assertThat(rollback.get(20, TimeUnit.SECONDS).objectsRemoved()).isEqualTo(1);
            SANDBOX.execute("update mediaferry.transfer set due = now() where state = 'waiting'");
            assertThat(engine.migrate(only("Other.url")).migrated()).isEqualTo(1);
            assertThat(SANDBOX.keys()).hasSize(1);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void holdsNobodyUpByTheMarkOfARollbackThatDied() {
        byte[] same = Pictures.png(7);
        SANDBOX.photo("1", CDN.serving(same));
        Engine engine = SANDBOX.engine(Sandbox.REGISTRY, "storage.key", SHARED);
        engine.migrate(RunOptions.ALL);
        engine.rollback(Undo.field(false));
        SANDBOX.execute(
                "insert into mediaferry.worker (id, host, pid, lease_until) overriding system value"
                        + " values (999999, 'h', 1, now() - interval '1 second') on conflict (id) do nothing",
                "update mediaferry.transfer set object_state = 'removing', worker = 999999 where state = 'rolled_back'");
        SANDBOX.photo("2", CDN.serving(same));

        assertThat(engine.migrate(RunOptions.ALL).migrated()).isEqualTo(1);
        assertThat(engine.rollback(Undo.row("1")).objectsKept()).isEqualTo(1);
        assertThat(SANDBOX.keys()).containsExactly(SANDBOX.key(SANDBOX.url("2")));
    }

    private static boolean isSomebodyWaiting() {
        return SANDBOX.sql()
                .sql("select exists (select from pg_locks where not granted)")
                .query(Boolean.class)
                .single();
    }

    private static RunOptions only(String field) {
        return new RunOptions(List.of(field), false, OptionalLong.empty(), OptionalInt.empty(), false);
    }
}
