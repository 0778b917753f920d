package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.ApiClient.Answer;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Gate;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.StoreTap;
import dev.mediaferry.fixture.StoreTap.When;
import dev.mediaferry.fixture.Tokens;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Completions while store or database refuse, dawdle or lose answers: no medium without its object, no second object. */
@Tag("slow")
class UploadFaultsTest {

    private static final String REGISTRY =
            """
            uploads:
              - { type: POST_IMAGE, folder: posts, content: [image/jpeg], max-bytes: 20MB }
            """;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final String STORE = SANDBOX.settings().text("storage.endpoint");
    private static final String DATABASE = SANDBOX.settings().text("database.url");
    private static final int DATABASE_PORT =
            URI.create(DATABASE.substring("jdbc:".length())).getPort();
    private static final Gate STORE_GATE = new Gate(URI.create(STORE).getPort());
    private static final StoreTap TAP = new StoreTap(STORE_GATE.port());
    private static final Gate DATABASE_GATE = new Gate(DATABASE_PORT);

    private static final String PORT = FreePort.text();
    private static final ApiClient ANNA = new ApiClient(Integer.parseInt(PORT), Optional.empty()).as("anna", Map.of());
    private static final byte[] PICTURE = Pictures.jpeg(1);

    private static Engine sweeps;

    @BeforeAll
    static void start() {
        sweeps = SANDBOX.engine(REGISTRY);
        List<String> settings = new ArrayList<>(List.of(Tokens.settings(PORT)));
        settings.addAll(List.of(
                "storage.endpoint",
                TAP.endpoint(),
                "upload.endpoint",
                STORE,
                "database.url",
                DATABASE.replace(":" + DATABASE_PORT + "/", ":" + DATABASE_GATE.port() + "/")));
        SANDBOX.api(REGISTRY, settings.toArray(String[]::new));
    }

    @BeforeEach
    void open() {
        STORE_GATE.open();
        DATABASE_GATE.open();
    }

    @AfterAll
    static void close() throws Exception {
        TAP.close();
        STORE_GATE.close();
        DATABASE_GATE.close();
    }

    @Test
    void completesOnceWhatTheStoreHasPromotedWithoutSayingSo() {
        Answer session = uploaded();
        TAP.breakOnce("PUT", When.AFTER, () -> {});

        assertThat(complete(session).status()).isEqualTo(200);

        assertThat(TAP.isArmed()).isFalse();
        onlyTheMedium(session);
    }

    @Test
    void makesNothingReadyThatTheStoreOnlySaysItHasPromoted() {
        Answer session = uploaded();
        TAP.once("PUT", When.AFTER, () -> SANDBOX.bucket()
                .deleteObject(request -> request.bucket(SANDBOX.bucketName()).key(session.text("storageKey"))));

        assertThat(complete(session).status()).isEqualTo(503);
        assertThat(status(session)).isEqualTo("PENDING");

        assertThat(complete(session).status()).isEqualTo(200);
        onlyTheMedium(session);
    }

    @Test
    void copiesNothingOverWhatAnotherHasPromotedMeanwhile() {
        Answer session = uploaded();
        byte[] other = PICTURE.clone();
        other[other.length - 3] ^= 1;
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        TAP.once("GET", When.AFTER, () -> {
            reached.countDown();
            awaitQuietly(goOn);
        });
        CompletableFuture<Answer> slow = CompletableFuture.supplyAsync(() -> complete(session));
        awaitQuietly(reached);
        // As if he were frozen until his time is over.
        SANDBOX.execute("update mediaferry.upload_session set lease_until = now() - interval '1 second'");
        assertThat(ApiClient.upload(session.body(), other).statusCode()).isEqualTo(200);
        assertThat(complete(session).text("status")).isEqualTo("READY");
        assertThat(ApiClient.upload(session.body(), PICTURE).statusCode()).isEqualTo(200);
        goOn.countDown();

        assertThat(slow.join().text("status")).isEqualTo("READY");

        assertThat(SANDBOX.object(session.text("storageKey"))).isEqualTo(other);
    }

    @Test
    void answersTheOthersWhileTheStoreDawdles() throws Exception {
        Answer session = uploaded();
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        TAP.once("PUT", When.BEFORE, () -> {
            reached.countDown();
            awaitQuietly(goOn);
        });
        CompletableFuture<Answer> first = CompletableFuture.supplyAsync(() -> complete(session));
        reached.await();

        Answer second = complete(session);
        assertThat(second.status()).isEqualTo(202);
        assertThat(second.text("status")).isEqualTo("PENDING");
        assertThat(sweep()).isEmpty();
        goOn.countDown();

        assertThat(first.join().status()).isEqualTo(200);
        onlyTheMedium(session);
    }

    @Test
    void keepsAnUploadWhoseLedgerIsAwayWhenItIsPromoted() {
        Answer session = uploaded();
        TAP.once("PUT", When.AFTER, DATABASE_GATE::shut);

        Answer refused = complete(session);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).isPresent();
        DATABASE_GATE.open();
        assertThat(status(session)).isEqualTo("PENDING");
        // As if the time of the one were over who could not say that he had given up.
        SANDBOX.execute("update mediaferry.upload_session set lease_until = now()");

        assertThat(sweep()).containsExactly("complete unreported");

        onlyTheMedium(session);
    }

    @Test
    void saysThatTheStoreIsAwayAndCompletesLater() {
        Answer session = uploaded();
        STORE_GATE.answer("500 Internal Server Error");

        assertThat(complete(session).status()).isEqualTo(503);
        assertThat(status(session)).isEqualTo("PENDING");
        STORE_GATE.open();

        assertThat(complete(session).status()).isEqualTo(200);
        onlyTheMedium(session);
    }

    @Test
    void makesOneMediumOfFiftyCompletionsAtOnce() throws Exception {
        Answer session = uploaded();
        ExecutorService pool = Executors.newFixedThreadPool(50);
        try {
            CountDownLatch together = new CountDownLatch(1);
            List<CompletableFuture<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(CompletableFuture.supplyAsync(
                        () -> {
                            awaitQuietly(together);
                            return complete(session);
                        },
                        pool));
            }
            together.countDown();

            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.join().status()).isIn(200, 202));
        } finally {
            pool.shutdownNow();
        }
        await().untilAsserted(() -> assertThat(status(session)).isEqualTo("READY"));
        onlyTheMedium(session);
        assertThat(SANDBOX.sql()
                        .sql("select kind from mediaferry.media_event order by id")
                        .query(String.class)
                        .list())
                .containsExactly("media.created", "media.uploaded", "media.ready");
    }

    /** READY, with its object and nothing beside it. */
    private static void onlyTheMedium(Answer session) {
        assertThat(status(session)).isEqualTo("READY");
        await().untilAsserted(() -> assertThat(SANDBOX.keys()).containsExactly(session.text("storageKey")));
        assertThat(SANDBOX.object(session.text("storageKey"))).isEqualTo(PICTURE);
    }

    private static Answer uploaded() {
        // A client comes back as long as the service is not over its last trouble.
        Answer session = await().until(
                        () -> ANNA.post(
                                "/upload-session",
                                Map.of(
                                        "mediaType",
                                        "POST_IMAGE",
                                        "fileType",
                                        "image/jpeg",
                                        "fileSize",
                                        PICTURE.length)),
                        answer -> answer.status() == 201);
        assertThat(ApiClient.upload(session.body(), PICTURE).statusCode()).isEqualTo(200);
        return session;
    }

    private static Answer complete(Answer session) {
        return ANNA.post("/" + session.text("mediaId") + "/complete", Map.of());
    }

    private static List<String> sweep() {
        return sweeps.sweepUploads(false).findings().stream()
                .map(finding -> finding.action() + " " + finding.reason())
                .toList();
    }

    private static String status(Answer session) {
        return SANDBOX.sql()
                .sql("select status from mediaferry.media where id = ?::uuid")
                .param(session.text("mediaId"))
                .query(String.class)
                .single();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
