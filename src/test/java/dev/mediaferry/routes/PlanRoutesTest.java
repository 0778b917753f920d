package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.FieldReport;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which rows are to be moved. */
@Tag("slow")
class PlanRoutesTest {

    private static final RunOptions DRY =
            new RunOptions(List.of(), true, OptionalLong.empty(), OptionalInt.empty(), false);

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @Test
    void countsWhatItLeavesOutByReason() {
        String ours = SANDBOX.settings().text("storage.endpoint") + "/" + SANDBOX.bucketName() + "/photos/1.jpg";
        SANDBOX.photo("null", null);
        SANDBOX.photo("empty", "");
        SANDBOX.photo("blank", "  ");
        SANDBOX.photo("ours", ours);
        SANDBOX.photo("ours by S3", "s3://" + SANDBOX.bucketName() + "/photos/1.jpg");
        SANDBOX.photo("foreign", "https://example.com/a.jpg");
        SANDBOX.photo("substring", "https://evil.example/?http://127.0.0.1/a.jpg");
        SANDBOX.photo("sub domain", "https://127.0.0.1.evil.example/a.jpg");
        SANDBOX.photo("no link", "127.0.0.1");
        SANDBOX.photo("user info", "http://user@127.0.0.1/a.jpg");
        SANDBOX.photo("too long", CDN.picture() + "?" + "x".repeat(9000));
        SANDBOX.photo("moved", CDN.picture());

        RunReport report = SANDBOX.migrate();

        assertThat(report.skipped())
                .containsEntry("empty", 3L)
                .containsEntry("ours", 2L)
                .containsEntry("foreign", 3L)
                .containsEntry("invalid", 3L);
        assertThat(report.found()).isEqualTo(1);
    }

    @Test
    void leavesEverythingAsItIsInADryRunAndSaysWhatWouldBeDone() {
        Instant soon = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS);
        String nearest = UnrulyCdn.until(CDN.picture(), soon);
        SANDBOX.photo("late", UnrulyCdn.until(CDN.picture(), soon.plusSeconds(600)));
        SANDBOX.photo("soon", nearest);
        SANDBOX.photo("dead", UnrulyCdn.until(CDN.picture(), soon.minusSeconds(7200)));

        RunReport report = SANDBOX.engine().migrate(DRY);

        FieldReport field = report.fields().get(0);
        assertThat(report.dryRun()).isTrue();
        assertThat(report.found()).isEqualTo(3);
        assertThat(report.waiting()).isEqualTo(2);
        assertThat(report.dead()).containsEntry("expired", 1L);
        assertThat(field.hosts()).containsEntry("127.0.0.1", 3L);
        assertThat(field.nearestDeadlines().get(0))
                .isEqualTo(new FieldReport.Deadline("soon", "127.0.0.1", soon.toString()));
        assertThat(SANDBOX.url("soon")).isEqualTo(nearest);
        assertThat(SANDBOX.keys()).isEmpty();
        assertThat(CDN.requests()).isZero();
        assertThat(SANDBOX.sql()
                        .sql(
                                "select (select count(*) from mediaferry.transfer) + (select count(*) from mediaferry.run)")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void takesTheNearestDeadlinesFirst() {
        Instant now = Instant.now();
        for (int i = 0; i < 9; i++) {
            SANDBOX.photo("row" + i, UnrulyCdn.until(CDN.picture(), now.plusSeconds(1000 - i * 100L)));
        }
        SANDBOX.photo("never", CDN.picture());
        assertThat(SANDBOX.migrate(3).migrated()).isEqualTo(3);
        for (int i = 0; i < 9; i++) {
            assertThat(SANDBOX.url("row" + i)).as("row" + i).contains(i < 6 ? "/medium" : "/photos/");
        }
    }

    @Test
    void readsColumnsOfMoreThanOnePage() {
        int rows = 5003;
        SANDBOX.sql()
                .sql("insert into \"Photo\" select 'id' || n, ? || n from generate_series(1, ?) n")
                .params("http://127.0.0.1/x?n=", rows)
                .update();
        assertThat(SANDBOX.engine().migrate(DRY).found()).isEqualTo(rows);
    }

    @Test
    void movesTablesWithMixedCaseSchemasAndEveryTypeOfId() {
        SANDBOX.execute(
                "create schema if not exists \"Über App\"",
                "create table if not exists \"Über App\".\"My \"\"Table\" (\"The Id\" uuid primary key, \"The URL\" varchar)",
                "create table if not exists numbered (id bigint primary key, url text)",
                "create table if not exists small (nr smallint unique not null, url text)");
        UUID id = UUID.randomUUID();
        SANDBOX.sql()
                .sql("insert into \"Über App\".\"My \"\"Table\" values (?, ?)")
                .params(id, CDN.picture())
                .update();
        SANDBOX.sql()
                .sql("insert into numbered values (-5, ?), (9007199254740993, ?)")
                .params(CDN.picture(), CDN.picture())
                .update();
        SANDBOX.sql()
                .sql("insert into small values (7, ?)")
                .param(CDN.picture())
                .update();
        Engine engine = SANDBOX.engine(
                """
                hosts: ["127.0.0.1"]
                fields:
                  - { table: 'Über App.My "Table', column: The URL, folder: a, id: The Id }
                  - { table: numbered, column: url, folder: b }
                  - { table: small, column: url, folder: c, id: nr }
                """);
        assertThat(engine.migrate(RunOptions.ALL).migrated()).isEqualTo(4);
        assertThat(SANDBOX.keys())
                .satisfiesExactly(
                        key -> assertThat(key).startsWith("a/" + id),
                        key -> assertThat(key).startsWith("b/-5/"),
                        key -> assertThat(key).startsWith("b/9007199254740993/"),
                        key -> assertThat(key).startsWith("c/7/"));
    }

    @Test
    void leavesDeadLettersAndWaitingRowsOfEarlierRunsAndSaysSo() {
        String gone = CDN.answering(404);
        SANDBOX.photo("gone", gone);
        SANDBOX.photo("down", CDN.answering(500));
        SANDBOX.migrate();
        CDN.reset();
        RunReport again = SANDBOX.migrate();
        assertThat(again.found()).isZero();
        assertThat(again.left()).containsEntry("dead", 1L).containsEntry("waiting", 1L);
        assertThat(CDN.requests()).isZero();
        assertThat(again.failed()).isFalse();
    }

    @Test
    void triesWhatWaitedOnceItsTimeHasCome() {
        String link =
                CDN.link((exchange, request) -> UnrulyCdn.send(exchange, request <= 3 ? 500 : 200, Pictures.jpeg(1)));
        SANDBOX.photo("1", link);
        SANDBOX.migrate();
        SANDBOX.execute("update mediaferry.transfer set due = now()");
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(1);
        assertThat(SANDBOX.transfer("1")).containsEntry("attempts", 4);
    }
}
