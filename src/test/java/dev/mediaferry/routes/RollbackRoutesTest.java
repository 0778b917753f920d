package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Undo;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.rollback.RollbackOptions;
import dev.mediaferry.rollback.RollbackReport;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What stands in the column, and lies in the bucket, after a rollback. */
@Tag("slow")
class RollbackRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @Test
    void putsTheExactOldValueBackAndLaterRunsLeaveItAlone() {
        String odd = "  " + CDN.picture() + "#part ";
        SANDBOX.photo("1", odd);
        SANDBOX.photo("other", CDN.picture());
        SANDBOX.migrate(1);
        long run = run("1");
        SANDBOX.migrate();

        RollbackReport report = SANDBOX.engine().rollback(Undo.run(run));

        assertThat(report.restored()).isEqualTo(1);
        assertThat(report.failed()).isFalse();
        assertThat(SANDBOX.url("1")).isEqualTo(odd);
        assertThat(SANDBOX.url("other")).contains("/photos/");
        assertThat(SANDBOX.outcome("1")).isEqualTo("rolled_back");
        assertThat(SANDBOX.keys()).hasSize(2);
        CDN.reset();
        assertThat(SANDBOX.migrate().left()).containsEntry("rolledBack", 1L);
        assertThat(SANDBOX.url("1")).isEqualTo(odd);
        assertThat(CDN.requests()).isZero();
    }

    @Test
    void listsARowThatTheUserChangedAndKeepsItsObject() {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.photo("2", CDN.picture());
        SANDBOX.photo("3", CDN.picture());
        SANDBOX.migrate();
        SANDBOX.execute("update \"Photo\" set url = 'mine' where id = '1'", "delete from \"Photo\" where id = '2'");

        RollbackReport report = SANDBOX.engine().rollback(Undo.field(true));

        assertThat(report.found()).isEqualTo(3);
        assertThat(report.restored()).isEqualTo(1);
        assertThat(report.conflicts()).isEqualTo(2);
        assertThat(report.failed()).isTrue();
        assertThat(report.rows()).extracting(RollbackReport.Left::id).containsExactlyInAnyOrder("1", "2");
        assertThat(SANDBOX.url("1")).isEqualTo("mine");
        assertThat(SANDBOX.outcome("1")).isEqualTo("linked");
        assertThat(SANDBOX.keys()).hasSize(2);
    }

    @Test
    void changesNothingInADryRun() {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.photo("2", CDN.picture());
        SANDBOX.migrate();
        SANDBOX.execute("update \"Photo\" set url = 'mine' where id = '2'");
        String moved = SANDBOX.url("1");

        RollbackReport report = SANDBOX.engine()
                .rollback(new RollbackOptions(
                        OptionalLong.empty(),
                        Optional.of("Photo.url"),
                        Optional.empty(),
                        Optional.empty(),
                        true,
                        true));

        assertThat(report.restored()).isEqualTo(1);
        assertThat(report.conflicts()).isEqualTo(1);
        assertThat(SANDBOX.url("1")).isEqualTo(moved);
        assertThat(SANDBOX.outcome("1")).isEqualTo("linked");
        assertThat(SANDBOX.keys()).hasSize(2);
    }

    @Test
    void takesOneRowOrWhatWasMovedSince() {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.photo("2", CDN.picture());
        SANDBOX.photo("3", CDN.picture());
        SANDBOX.migrate();
        SANDBOX.execute("update mediaferry.transfer set updated = now() - interval '2 days' where row_key <> '3'");
        Engine engine = SANDBOX.engine();

        assertThat(engine.rollback(new RollbackOptions(
                                OptionalLong.empty(),
                                Optional.of("Photo.url"),
                                Optional.empty(),
                                Optional.of("2"),
                                false,
                                false))
                        .restored())
                .isEqualTo(1);
        assertThat(SANDBOX.outcome("2")).isEqualTo("rolled_back");
        assertThat(engine.rollback(new RollbackOptions(
                                OptionalLong.empty(),
                                Optional.empty(),
                                Optional.of(Instant.now().minusSeconds(86_400)),
                                Optional.empty(),
                                false,
                                false))
                        .restored())
                .isEqualTo(1);
        assertThat(SANDBOX.outcome("3")).isEqualTo("rolled_back");
        assertThat(SANDBOX.outcome("1")).isEqualTo("linked");
    }

    @Test
    void waitsForARowThatIsLockedAndListsItWhenItStaysSo() throws Exception {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.photo("2", CDN.picture());
        SANDBOX.migrate();
        try (Connection user = SANDBOX.connect();
                Statement statement = user.createStatement()) {
            user.setAutoCommit(false);
            statement.execute("select 1 from \"Photo\" for update");
            RollbackReport report = SANDBOX.engine().rollback(Undo.row("1"));
            assertThat(report.locked()).isEqualTo(1);
            assertThat(SANDBOX.outcome("1")).isEqualTo("linked");
            CompletableFuture<RollbackReport> rollback =
                    CompletableFuture.supplyAsync(() -> SANDBOX.engine().rollback(Undo.field(false)));
            Awaitility.await().during(400, TimeUnit.MILLISECONDS).until(() -> !rollback.isDone());
            user.rollback();
            assertThat(rollback.get(20, TimeUnit.SECONDS).restored()).isEqualTo(2);
        }
    }

    @Test
    void listsOnlyTheRowsThatTheDatabaseRefuses() {
        for (int i = 0; i < 5; i++) {
            SANDBOX.photo("row" + i, CDN.picture());
        }
        SANDBOX.migrate();
        SANDBOX.execute("alter table \"Photo\" add constraint ours check (id <> 'row3' or url like '%sandbox%')");
        try {
            RollbackReport report = SANDBOX.engine().rollback(Undo.field(false));
            assertThat(report.restored()).isEqualTo(4);
            assertThat(report.refused()).isEqualTo(1);
            assertThat(report.rows().get(0).id()).isEqualTo("row3");
            assertThat(report.rows().get(0).reason()).contains("ours");
        } finally {
            SANDBOX.execute("alter table \"Photo\" drop constraint ours");
        }
    }

    @Test
    void listsTheOnlyRowWhoseOldValueAnotherRowHasTaken() {
        String link = CDN.picture();
        SANDBOX.photo("1", link);
        SANDBOX.migrate();
        String moved = SANDBOX.url("1");
        SANDBOX.photo("2", link);
        SANDBOX.execute("create unique index one_each on \"Photo\" (url)");
        try {
            RollbackReport report = SANDBOX.engine().rollback(Undo.row("1"));
            assertThat(report.refused()).isEqualTo(1);
            assertThat(report.rows().get(0).reason()).contains("one_each");
            assertThat(SANDBOX.url("1")).isEqualTo(moved);
            assertThat(SANDBOX.keys()).hasSize(1);
        } finally {
            SANDBOX.execute("drop index one_each");
        }
    }

    @Test
    void goesBackStepByStepWhereARowWasMovedTwice() {
        String link = CDN.picture();
        SANDBOX.photo("1", link);
        SANDBOX.migrate();
        SANDBOX.engine().migrate(new RunOptions(List.of(), false, OptionalLong.empty(), OptionalInt.empty(), true));
        assertThat(SANDBOX.keys()).hasSize(2);

        RollbackReport report = SANDBOX.engine().rollback(Undo.field(true));

        assertThat(report.restored()).isEqualTo(2);
        assertThat(SANDBOX.url("1")).isEqualTo(link);
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void leavesARowWhoseLinkIsUnderWayOnceMore() {
        String link = CDN.picture();
        SANDBOX.photo("1", link);
        SANDBOX.migrate();
        String moved = SANDBOX.url("1");
        SANDBOX.sql()
                .sql("insert into mediaferry.transfer (entry, row_key, source, host, object_key, state)"
                        + " values ('Photo.url', '1', ?, 'h', 'photos/1/x.{ext}', 'dead')")
                .param(link)
                .update();
        assertThat(SANDBOX.engine().rollback(Undo.field(false)).conflicts()).isEqualTo(1);
        assertThat(SANDBOX.url("1")).isEqualTo(moved);
    }

    @Test
    void letsGoOfWhatWasRolledBackAndTakesTheObjectOver() {
        String link = CDN.picture();
        SANDBOX.photo("1", link);
        SANDBOX.migrate();
        String moved = SANDBOX.url("1");
        SANDBOX.engine().rollback(Undo.field(false));
        CDN.reset();

        assertThat(SANDBOX.engine().release(Undo.field(false))).isEqualTo(1);
        RunReport report = SANDBOX.migrate();

        assertThat(report.migrated()).isEqualTo(1);
        assertThat(SANDBOX.url("1")).isEqualTo(moved);
        assertThat(CDN.requests()).isZero();
    }

    private static long run(String id) {
        return ((Number) SANDBOX.transfer(id).get("run")).longValue();
    }
}
