package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.engine.ImpatientEngine;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SmallStore;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A store that refuses everything says nothing about the media: they wait, and are not downloaded in vain. */
@Tag("slow")
class RefusingStoreTest {

    private static final int ROWS = 60;
    private static final String EXPIRED = "400 ExpiredToken The provided token has expired.";
    private static final String CREDENTIALS = "aws.sharedCredentialsFile";

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private SmallStore store;

    @TempDir
    Path directory;

    @BeforeEach
    void rows() throws Exception {
        store = new SmallStore();
        store.put("/media", "");
        for (int i = 0; i < ROWS; i++) {
            SANDBOX.photo("row" + i, CDN.picture());
        }
    }

    @AfterEach
    void close() {
        store.close();
        thread.shutdownNow();
        System.clearProperty(CREDENTIALS);
    }

    @Test
    void endsTheRunAfterAHandfulOfDownloadsWhenTheStoreRefusesEverything() throws Exception {
        store.judge((request, token) -> isPut(request) ? EXPIRED : null);
        try (Engine engine = engine(Duration.ofMillis(300), Duration.ofSeconds(2))) {
            RunReport report = engine.migrate(RunOptions.ALL);

            assertThat(report.refusal()).contains("HTTP 400 ExpiredToken", "The provided token has expired.");
            assertThat(report.failed()).isTrue();
            assertThat(report.adds()).isTrue();
            assertThat(report.migrated()).isZero();
            assertThat(report.dead()).isEmpty();
            assertThat(CDN.requests()).isLessThanOrEqualTo(16);
            assertThat(SANDBOX.sql()
                            .sql("select count(*) from mediaferry.transfer where state = 'waiting'")
                            .query(Integer.class)
                            .single())
                    .isEqualTo(ROWS);
            assertThat(SANDBOX.sql()
                            .sql("select sum(attempts) from mediaferry.transfer")
                            .query(Integer.class)
                            .single())
                    .isLessThanOrEqualTo(CDN.requests());
        }
        store.judge((request, token) -> null);
        SANDBOX.execute("update mediaferry.transfer set due = now()");
        try (Engine engine = engine(Duration.ofSeconds(5), Duration.ofMinutes(5))) {
            RunReport report = engine.migrate(RunOptions.ALL);
            assertThat(report.migrated()).isEqualTo(ROWS);
            assertThat(report.refusal()).isNull();
        }
    }

    @Test
    void pausesWhileTheStoreRefusesEverythingAndGoesOnInTheSameRun() throws Exception {
        AtomicInteger puts = new AtomicInteger();
        store.judge((request, token) -> isPut(request) && puts.incrementAndGet() > 10
                ? "403 AccessDenied User is not authorized to perform: s3:PutObject"
                : null);
        try (Engine engine = engine(Duration.ofMillis(300), Duration.ofSeconds(60))) {
            Future<RunReport> run = thread.submit(() -> engine.migrate(RunOptions.ALL));
            Awaitility.await().until(() -> engine.storePause().isPresent());
            Awaitility.await().until(() -> pauses().size() == 1);
            assertThat(pauses().get(0)).contains("media", "s3:PutObject");
            store.judge((request, token) -> null);
            RunReport report = run.get(60, TimeUnit.SECONDS);

            assertThat(report.refusal()).isNull();
            assertThat(report.adds()).isTrue();
            assertThat(report.migrated() + report.waiting()).isEqualTo(ROWS);
            assertThat(report.migrated()).isGreaterThanOrEqualTo(10);
            assertThat(engine.storePause()).isEmpty();
            Awaitility.await().until(() -> pauses().isEmpty());
        }
    }

    @Test
    void usesTheCredentialsThatAFileHasSinceTheRunBegan() throws Exception {
        writeCredentials("old");
        System.setProperty(CREDENTIALS, credentials().toString());
        AtomicInteger puts = new AtomicInteger();
        store.judge((request, token) -> {
            if (isPut(request) && puts.incrementAndGet() == 10) {
                writeCredentials("new");
            }
            return puts.get() >= 10 && !"new".equals(token) ? EXPIRED : null;
        });
        try (Engine engine = engine(
                Duration.ofMillis(300), Duration.ofSeconds(60), "storage.access-key", "", "storage.secret-key", "")) {
            RunReport report = engine.migrate(RunOptions.ALL);

            assertThat(report.dead()).isEmpty();
            assertThat(report.refusal()).isNull();
            assertThat(report.migrated() + report.waiting()).isEqualTo(ROWS);
            assertThat(report.migrated()).isGreaterThan(10);
            assertThat(store.tokens()).containsExactly("old", "new");
        }
    }

    @Test
    void sendsTheMd5WhereABucketTakesNothingWithoutIt() throws Exception {
        store.requireDigests();
        try (Engine engine = engine(Duration.ofSeconds(5), Duration.ofMinutes(5))) {
            RunReport report = engine.migrate(RunOptions.ALL);

            assertThat(report.migrated()).isEqualTo(ROWS);
            assertThat(CDN.requests()).isEqualTo(ROWS);
        }
    }

    private Engine engine(Duration firstProbe, Duration most, String... more) {
        List<String> settings = new ArrayList<>(store.settings("media"));
        settings.addAll(List.of(more));
        return ImpatientEngine.start(
                SANDBOX.settings(settings.toArray(String[]::new)), Sandbox.REGISTRY, firstProbe, most);
    }

    private static boolean isPut(String request) {
        return request.startsWith("PUT /media/");
    }

    /** @return bucket and reason, as {@code status} reads them */
    private static List<String> pauses() {
        return SANDBOX.sql()
                .sql("select bucket || ' ' || reason from mediaferry.store_pause")
                .query(String.class)
                .list();
    }

    private Path credentials() {
        return directory.resolve("credentials");
    }

    private void writeCredentials(String token) {
        try {
            Path part = directory.resolve("credentials.new");
            Files.writeString(
                    part,
                    "[default]%naws_access_key_id = somebody%naws_secret_access_key = secret%naws_session_token = %s%n"
                            .formatted(token));
            Files.move(part, credentials(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
