package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One run over the registry. */
@Tag("slow")
class MigrateRoutesTest {

    private static final String TWO_FIELDS =
            """
            hosts: ["127.0.0.1"]
            fields:
              - { table: Photo, column: url, folder: photos }
              - { table: Cover, column: url, folder: covers }
            """;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @Test
    void addsUpWhateverBecomesOfTheRows() {
        for (int i = 0; i < 60; i++) {
            SANDBOX.photo("row" + i, i % 3 == 0 ? CDN.answering(404) : CDN.picture());
        }
        RunReport report = SANDBOX.migrate();
        assertThat(report.found()).isEqualTo(60);
        assertThat(report.migrated()).isEqualTo(40);
        assertThat(report.dead()).containsOnlyKeys("gone").containsEntry("gone", 20L);
        assertThat(report.adds()).isTrue();
        assertThat(SANDBOX.keys()).hasSize(40);
        assertThat(SANDBOX.sql()
                        .sql("select (report->>'migrated')::int from mediaferry.run where finished is not null")
                        .query(Integer.class)
                        .single())
                .isEqualTo(40);
    }

    @Test
    void doesNothingTwice() {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.migrate();
        String url = SANDBOX.url("1");
        RunReport again = SANDBOX.migrate();
        assertThat(again.found()).isZero();
        assertThat(again.skipped()).containsEntry("ours", 1L);
        assertThat(SANDBOX.url("1")).isEqualTo(url);
        assertThat(CDN.requests()).isEqualTo(1);
    }

    @Test
    void leavesNoPageOutAndCountsNoneTwiceWhenTheLedgerFailsInTheMiddleOfOne() {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.photo("2", CDN.picture());
        SANDBOX.photo("empty", "");
        SANDBOX.photo("foreign", "https://elsewhere.example/a.jpg");
        RunReport report = SANDBOX.whileTheLedgerFailsOnce(SANDBOX::migrate);
        assertThat(report.migrated()).isEqualTo(2);
        assertThat(report.skipped()).containsEntry("empty", 1L).containsEntry("foreign", 1L);
    }

    @Test
    void takesOnlyTheFieldsThatAreNamed() {
        SANDBOX.execute("create table if not exists \"Cover\" (id text primary key, url text)");
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.sql()
                .sql("insert into \"Cover\" values ('1', ?)")
                .param(CDN.picture())
                .update();
        RunReport report = SANDBOX.engine(TWO_FIELDS)
                .migrate(new RunOptions(List.of("Cover.url"), false, OptionalLong.empty(), OptionalInt.empty(), false));
        assertThat(report.fields()).singleElement().satisfies(field -> assertThat(field.field())
                .isEqualTo("Cover.url"));
        assertThat(SANDBOX.url("1")).contains("/medium");
    }

    @Test
    void countsARetriedRowOnceAgainstTheLimit() {
        for (int i = 0; i < 4; i++) {
            SANDBOX.photo(
                    "row" + i,
                    CDN.link((exchange, request) ->
                            UnrulyCdn.send(exchange, request == 1 ? 500 : 200, Pictures.jpeg(request))));
        }
        RunReport report = SANDBOX.migrate(2);
        assertThat(report.found()).isEqualTo(2);
        assertThat(report.migrated()).isEqualTo(2);
    }

    @Test
    void movesAgainByForceFromTheLinkThatTheLedgerRemembers() {
        String link = CDN.picture();
        SANDBOX.photo("1", link);
        SANDBOX.migrate();
        String first = SANDBOX.url("1");
        RunOptions force = new RunOptions(List.of(), false, OptionalLong.empty(), OptionalInt.empty(), true);

        RunReport report = SANDBOX.engine().migrate(force);

        assertThat(report.migrated()).isEqualTo(1);
        assertThat(CDN.requests(link)).isEqualTo(2);
        assertThat(SANDBOX.url("1")).isNotEqualTo(first);
        assertThat(SANDBOX.transfer("1")).containsEntry("source", first).containsEntry("link", link);
        assertThat(SANDBOX.keys()).contains(SANDBOX.key(first), SANDBOX.key(SANDBOX.url("1")));
    }

    @Test
    void sharesATableWithAnotherProcessWithoutDoingARowTwice() throws Exception {
        int rows = 300;
        for (int i = 0; i < rows; i++) {
            SANDBOX.photo("row" + i, CDN.picture());
        }
        Engine other = SANDBOX.engine(Sandbox.REGISTRY, "home", "target/test-home/other");
        RunOptions small = new RunOptions(List.of(), false, OptionalLong.empty(), OptionalInt.of(10), false);
        CompletableFuture<RunReport> theirs = CompletableFuture.supplyAsync(() -> other.migrate(small));
        RunReport ours = SANDBOX.engine().migrate(small);
        RunReport both = theirs.get(60, TimeUnit.SECONDS);

        assertThat(ours.migrated() + both.migrated()).isEqualTo(rows);
        assertThat(ours.migrated()).isPositive();
        assertThat(both.migrated()).isPositive();
        assertThat(CDN.requests()).isEqualTo(rows);
        assertThat(SANDBOX.keys()).hasSize(rows);
        assertThat(ours.adds() && both.adds()).isTrue();
    }

    @Test
    void leavesASuspendedFieldAloneAndSaysSo() throws Exception {
        String link = CDN.picture();
        SANDBOX.photo("1", link);
        Engine engine = SANDBOX.engine();
        engine.context().getRouteController().suspendRoute("Photo.url");
        try {
            RunReport report = SANDBOX.migrate();
            assertThat(report.fields().get(0).suspended()).isTrue();
            assertThat(report.found()).isZero();
            assertThat(SANDBOX.url("1")).isEqualTo(link);
        } finally {
            engine.context().getRouteController().resumeRoute("Photo.url");
        }
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(1);
    }

    @Test
    void stopsClaimingAFieldThatIsSuspendedInTheMiddleOfARun() throws Exception {
        // A host that has never answered is asked for a few at a time only.
        SANDBOX.photo("known", CDN.picture());
        SANDBOX.migrate();
        CDN.reset();
        CompletableFuture<Void> release = new CompletableFuture<>();
        for (int i = 0; i < 100; i++) {
            int seed = i;
            SANDBOX.photo("row" + i, CDN.link((exchange, request) -> {
                release.get(20, TimeUnit.SECONDS);
                UnrulyCdn.send(exchange, 200, Pictures.jpeg(seed));
            }));
        }
        RunOptions small = new RunOptions(List.of(), false, OptionalLong.empty(), OptionalInt.of(5), false);
        CompletableFuture<RunReport> run =
                CompletableFuture.supplyAsync(() -> SANDBOX.engine().migrate(small));
        Awaitility.await().until(() -> CDN.requests() == 20);
        Instant before = Instant.now();
        SANDBOX.engine().context().getRouteController().suspendRoute("Photo.url");
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(15));
        release.complete(null);
        RunReport report = run.get(20, TimeUnit.SECONDS);
        assertThat(report.fields().get(0).suspended()).isTrue();
        assertThat(report.found()).isEqualTo(20);
        assertThat(report.migrated()).isEqualTo(20);

        SANDBOX.engine().context().getRouteController().resumeRoute("Photo.url");
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(80);
    }

    @Test
    void finishesWhatIsInFlightWhenItIsStopped() throws Exception {
        CompletableFuture<Void> release = new CompletableFuture<>();
        for (int i = 0; i < 100; i++) {
            int seed = i;
            SANDBOX.photo("row" + i, CDN.link((exchange, request) -> {
                release.get(20, TimeUnit.SECONDS);
                UnrulyCdn.send(exchange, 200, Pictures.jpeg(seed));
            }));
        }
        Engine engine = SANDBOX.engine(Sandbox.REGISTRY, "fetch.concurrency", "4");
        CompletableFuture<RunReport> run = CompletableFuture.supplyAsync(
                () -> engine.migrate(new RunOptions(List.of(), false, OptionalLong.empty(), OptionalInt.of(4), false)));
        Awaitility.await().until(() -> CDN.requests() == 4);
        engine.drain();
        release.complete(null);
        RunReport report = run.get(30, TimeUnit.SECONDS);

        assertThat(report.interrupted()).isTrue();
        assertThat(report.found()).isLessThan(100);
        assertThat(report.migrated()).isEqualTo(4);
        assertThat(report.waiting()).isEqualTo(report.found() - 4);
        assertThat(report.adds()).isTrue();
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(100 - report.migrated());
    }

    @Test
    void storesEqualBytesOnceUnderAKeyMadeOfTheirHash() {
        byte[] same = Pictures.png(5);
        SANDBOX.photo("1", CDN.serving(same));
        SANDBOX.photo("2", CDN.serving(same));
        SANDBOX.photo("3", CDN.link((exchange, request) -> {
            SANDBOX.execute("update \"Photo\" set url = 'mine' where id = '3'");
            UnrulyCdn.send(exchange, 200, same);
        }));
        Engine engine = SANDBOX.engine(Sandbox.REGISTRY, "storage.key", "{folder}/{sha256}.{ext}");
        RunReport report = engine.migrate(RunOptions.ALL);

        assertThat(report.migrated()).isEqualTo(2);
        assertThat(report.superseded()).isEqualTo(1);
        assertThat(SANDBOX.url("1")).isEqualTo(SANDBOX.url("2")).matches(".*/photos/[0-9a-f]{64}\\.png");
        assertThat(SANDBOX.keys()).containsExactly(SANDBOX.key(SANDBOX.url("1")));
    }

    @Test
    void neverStoresOtherBytesUnderAHashThatAnEarlierAttemptChose() {
        SANDBOX.photo("1", CDN.serving(Pictures.png(6)));
        Engine engine = SANDBOX.engine(Sandbox.REGISTRY, "storage.key", "{folder}/{sha256}.{ext}");
        String chosen = "photos/" + "0".repeat(64) + ".png";
        SANDBOX.sql()
                .sql(
                        "insert into mediaferry.transfer (entry, row_key, source, host, object_key, shared, object_state, state)"
                                + " select 'Photo.url', id, url, '127.0.0.1', ?, true, 'unknown', 'waiting' from \"Photo\"")
                .param(chosen)
                .update();
        assertThat(engine.migrate(RunOptions.ALL).migrated()).isEqualTo(1);
        assertThat(SANDBOX.keys())
                .singleElement()
                .asString()
                .matches("photos/[0-9a-f]{64}\\.png")
                .isNotEqualTo(chosen);
        assertThat(SANDBOX.transfer("1"))
                .containsEntry("object_key", SANDBOX.keys().get(0));
    }

    @Test
    void passesFilesOfTwentyMegabytesInTheHeapThatTheLauncherGives() throws Exception {
        int files = 8;
        for (int i = 0; i < files; i++) {
            SANDBOX.photo("row" + i, CDN.serving(Pictures.jpeg(i, 20_000_000)));
        }
        String heap = "-Xmx"
                + Pattern.compile("(?<= \\*\\) heap=)\\w+")
                        .matcher(Files.readString(Path.of("mediaferry")))
                        .results()
                        .findFirst()
                        .orElseThrow()
                        .group();
        String home = "target/test-home/" + SANDBOX.bucketName() + "/large";
        List<String> options = SANDBOX.options(Path.of(home), Sandbox.REGISTRY, "home", home);
        try (Program program = Program.start(options, List.of(heap), "migrate")) {
            assertThat(program.await()).as(program.err()).isZero();
        }
        for (int i = 0; i < files; i++) {
            assertThat(SANDBOX.head(SANDBOX.key(SANDBOX.url("row" + i))).contentLength())
                    .isEqualTo(20_000_000);
        }
    }
}
