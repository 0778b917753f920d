package dev.mediaferry.routes;

import static dev.mediaferry.fixture.UnrulyCdn.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.deadletter.DeadLetterFilter;
import dev.mediaferry.deadletter.DeadLetters;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whose value stands in the column in the end. */
@Tag("slow")
class RelinkRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @Test
    void keepsAnEditThatTheUserMakesDuringTheDownloadAndRemovesTheObject() {
        SANDBOX.photo("1", CDN.link((exchange, request) -> {
            SANDBOX.execute("update \"Photo\" set url = 'https://example.com/mine.jpg' where id = '1'");
            send(exchange, 200, Pictures.jpeg(1));
        }));

        RunReport report = SANDBOX.migrate();

        assertThat(SANDBOX.url("1")).isEqualTo("https://example.com/mine.jpg");
        assertThat(report.superseded()).isEqualTo(1);
        assertThat(SANDBOX.outcome("1")).isEqualTo("superseded");
        assertThat(SANDBOX.transfer("1")).containsEntry("object_state", "removed");
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void treatsARowThatIsDeletedDuringTheDownloadLikeAnEdit() {
        SANDBOX.photo("1", CDN.link((exchange, request) -> {
            SANDBOX.execute("delete from \"Photo\" where id = '1'");
            send(exchange, 200, Pictures.jpeg(1));
        }));
        assertThat(SANDBOX.migrate().superseded()).isEqualTo(1);
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void keepsAnEditThatTheUserHasNotCommittedYet() throws Exception {
        try (Connection user = SANDBOX.connect();
                Statement statement = user.createStatement()) {
            user.setAutoCommit(false);
            SANDBOX.photo("1", CDN.link((exchange, request) -> {
                statement.execute("update \"Photo\" set url = 'mine' where id = '1'");
                send(exchange, 200, Pictures.jpeg(1));
            }));
            CompletableFuture<RunReport> run = CompletableFuture.supplyAsync(SANDBOX::migrate);
            Awaitility.await().until(() -> !SANDBOX.keys().isEmpty());
            assertThat(run).isNotDone();
            user.commit();
            assertThat(run.get(20, TimeUnit.SECONDS).superseded()).isEqualTo(1);
        }
        assertThat(SANDBOX.url("1")).isEqualTo("mine");
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void relinksARowOnceTheUserHasLetGoOfIt() throws Exception {
        String locked = CDN.picture();
        SANDBOX.photo("1", locked);
        SANDBOX.photo("2", CDN.picture());
        try (Connection user = SANDBOX.connect();
                Statement statement = user.createStatement()) {
            user.setAutoCommit(false);
            statement.execute("select 1 from \"Photo\" where id = '1' for update");
            CompletableFuture<RunReport> run = CompletableFuture.supplyAsync(SANDBOX::migrate);
            Awaitility.await()
                    .until(() -> SANDBOX.url("2").contains("/photos/")
                            && SANDBOX.keys().size() == 2);
            assertThat(SANDBOX.url("1")).isEqualTo(locked);
            user.rollback();
            assertThat(run.get(20, TimeUnit.SECONDS).migrated()).isEqualTo(2);
        }
        assertThat(SANDBOX.key(SANDBOX.url("1"))).isIn(SANDBOX.keys());
    }

    @Test
    void neverMakesTheUserWaitBehindADownload() throws Exception {
        CompletableFuture<Void> release = new CompletableFuture<>();
        SANDBOX.photo("1", CDN.link((exchange, request) -> {
            release.get(20, TimeUnit.SECONDS);
            send(exchange, 200, Pictures.jpeg(1));
        }));
        CompletableFuture<RunReport> run = CompletableFuture.supplyAsync(SANDBOX::migrate);
        Awaitility.await().until(() -> CDN.requests() == 1);
        try (Connection user = SANDBOX.connect();
                Statement statement = user.createStatement()) {
            statement.execute("set lock_timeout = '100ms'");
            assertThat(statement.executeUpdate("update \"Photo\" set url = 'mine' where id = '1'"))
                    .isEqualTo(1);
            statement.execute("alter table \"Photo\" add column note text");
            statement.execute("alter table \"Photo\" drop column note");
        } finally {
            release.complete(null);
        }
        assertThat(run.get(20, TimeUnit.SECONDS).superseded()).isEqualTo(1);
    }

    @Test
    void putsAsideOnlyTheRowsThatTheDatabaseRefuses() {
        SANDBOX.execute("alter table \"Photo\" add constraint no_ours check (id <> 'bad' or url not like '%sandbox%')");
        try {
            SANDBOX.photo("bad", CDN.picture());
            SANDBOX.photo("good", CDN.picture());
            RunReport report = SANDBOX.migrate();
            assertThat(report.migrated()).isEqualTo(1);
            assertThat(SANDBOX.outcome("bad")).isEqualTo("dead row-refused");
            assertThat(SANDBOX.transfer("bad").get("message")).asString().contains("no_ours");
        } finally {
            SANDBOX.execute("alter table \"Photo\" drop constraint no_ours");
        }
    }

    @Test
    void takesOverTheObjectOfARefusedRowAlthoughItsLinkHasDiedMeanwhile() {
        refuseOurs(() -> {
            String link = CDN.link((exchange, request) -> send(exchange, request == 1 ? 200 : 404, Pictures.jpeg(7)));
            SANDBOX.photo("1", link);
            SANDBOX.migrate();
            assertThat(SANDBOX.outcome("1")).isEqualTo("dead row-refused");
            assertThat(SANDBOX.keys()).hasSize(1);
            String key = SANDBOX.keys().get(0);
            assertThat(SANDBOX.transfer("1"))
                    .containsEntry("object_state", "present")
                    .containsEntry("object_key", key)
                    .containsEntry("sha256", SANDBOX.head(key).metadata().get("sha256"))
                    .containsEntry("etag", SANDBOX.head(key).eTag());
            return link;
        });
        letters().retry(DeadLetterFilter.ALL);
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(1);
        assertThat(SANDBOX.keys()).containsExactly(SANDBOX.key(SANDBOX.url("1")));
        assertThat(CDN.requests()).isEqualTo(1);
    }

    @Test
    void removesTheObjectOfARefusedRowThatIsDiscarded() {
        refuseOurs(() -> {
            String link = CDN.picture();
            SANDBOX.photo("1", link);
            SANDBOX.migrate();
            assertThat(SANDBOX.keys()).hasSize(1);
            return link;
        });
        letters().discard(DeadLetterFilter.ALL, "nobody wants it");
        SANDBOX.migrate();
        assertThat(SANDBOX.keys()).isEmpty();
        assertThat(SANDBOX.transfer("1")).containsEntry("state", "discarded").containsEntry("object_state", "removed");
    }

    @Test
    void keepsTheObjectOfARefusedRowWhenOneThatSharesItIsSuperseded() {
        Engine engine = SANDBOX.engine(Sandbox.REGISTRY, "storage.key", "{folder}/{sha256}.{ext}");
        byte[] same = Pictures.png(11);
        refuseOurs(() -> {
            String link = CDN.serving(same);
            SANDBOX.photo("1", link);
            engine.migrate(RunOptions.ALL);
            return link;
        });
        SANDBOX.photo("2", CDN.link((exchange, request) -> {
            SANDBOX.execute("update \"Photo\" set url = 'mine' where id = '2'");
            send(exchange, 200, same);
        }));
        assertThat(engine.migrate(RunOptions.ALL).superseded()).isEqualTo(1);
        assertThat(SANDBOX.keys()).hasSize(1);
        letters().retry(DeadLetterFilter.ALL);
        assertThat(engine.migrate(RunOptions.ALL).migrated()).isEqualTo(1);
        assertThat(CDN.requests()).isEqualTo(2);
        assertThat(SANDBOX.keys()).containsExactly(SANDBOX.key(SANDBOX.url("1")));
    }

    @Test
    void knowsTheObjectOfARowThatStaysLocked() throws Exception {
        SANDBOX.engine();
        SANDBOX.photo("1", CDN.picture());
        try (Connection user = SANDBOX.connect();
                Statement statement = user.createStatement()) {
            user.setAutoCommit(false);
            statement.execute("select 1 from \"Photo\" where id = '1' for update");
            CompletableFuture<RunReport> run = CompletableFuture.supplyAsync(SANDBOX::migrate);
            Awaitility.await().until(() -> SANDBOX.sql()
                    .sql("select count(*) from mediaferry.attempt where failure = 'row-locked'")
                    .query(Integer.class)
                    .single()
                    .equals(1));
            assertThat(SANDBOX.transfer("1"))
                    .containsEntry("object_state", "present")
                    .containsEntry("object_key", SANDBOX.keys().get(0));
            user.rollback();
            assertThat(run.get(20, TimeUnit.SECONDS).migrated()).isEqualTo(1);
        }
        assertThat(CDN.requests()).isEqualTo(1);
    }

    /** @param work done while the column takes no link of ours; answers the one that stands in it */
    private static void refuseOurs(Supplier<String> work) {
        SANDBOX.execute("alter table \"Photo\" add constraint no_ours check (url not like '%sandbox%')");
        try {
            String link = work.get();
            assertThat(SANDBOX.url("1")).isEqualTo(link);
        } finally {
            SANDBOX.execute("alter table \"Photo\" drop constraint no_ours");
        }
    }

    private static DeadLetters letters() {
        return SANDBOX.engine().deadLetters();
    }

    @Test
    void givesNoRunUpOverARowWhoseNewLinkAnotherRowHasAlready() {
        byte[] same = Pictures.png(9);
        SANDBOX.photo("1", CDN.serving(same));
        SANDBOX.photo("2", CDN.serving(same));
        SANDBOX.execute("create unique index one_each on \"Photo\" (url)");
        try {
            Engine engine = SANDBOX.engine(Sandbox.REGISTRY, "storage.key", "{folder}/{sha256}.{ext}");
            RunReport report = engine.migrate(RunOptions.ALL);
            assertThat(report.migrated()).isEqualTo(1);
            assertThat(report.dead()).containsEntry("row-refused", 1L);
        } finally {
            SANDBOX.execute("drop index one_each");
        }
    }

    @Test
    void storesNothingWhenTheNewLinkWouldNotFit() {
        SANDBOX.execute("create table if not exists \"Narrow\" (id int primary key, url varchar(60))");
        SANDBOX.sql()
                .sql("insert into \"Narrow\" values (1, ?)")
                .param(CDN.picture())
                .update();
        Engine engine = SANDBOX.engine(
                """
                hosts: ["127.0.0.1"]
                fields: [{ table: Narrow, column: url, folder: a-folder-whose-name-makes-every-link-long }]""");
        engine.migrate(RunOptions.ALL);
        assertThat(SANDBOX.outcome("1")).isEqualTo("dead column-too-narrow");
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void movesALinkAgainThatTheUserPutBack() {
        String link = CDN.picture();
        SANDBOX.photo("1", link);
        SANDBOX.migrate();
        SANDBOX.sql().sql("update \"Photo\" set url = ?").param(link).update();
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(1);
        assertThat(SANDBOX.key(SANDBOX.url("1"))).isIn(SANDBOX.keys());
    }
}
