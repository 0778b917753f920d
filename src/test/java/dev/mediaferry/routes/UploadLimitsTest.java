package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.ApiClient.Answer;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one user may do, however many processes answer. */
class UploadLimitsTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final String ONE_PORT = FreePort.text();
    private static final String OTHER_PORT = FreePort.text();
    private static final ApiClient ONE = new ApiClient(Integer.parseInt(ONE_PORT), Optional.empty());
    private static final ApiClient OTHER = new ApiClient(Integer.parseInt(OTHER_PORT), Optional.empty());

    @BeforeAll
    static void start() {
        SANDBOX.execute("create table app_user (uid bigint primary key)");
        start(ONE_PORT);
        start(OTHER_PORT);
    }

    private static void start(String port, String... more) {
        SANDBOX.api(
                UploadDoorTest.REGISTRY,
                Stream.of(
                                Tokens.settings(port),
                                new String[] {
                                    "upload.sessions-per-minute",
                                    "6",
                                    "upload.open-sessions",
                                    "4",
                                    "upload.bytes-per-day",
                                    "1MB"
                                },
                                more)
                        .flatMap(Stream::of)
                        .toArray(String[]::new));
    }

    @Test
    void countsWhatBeginsInAMinuteOverAllProcesses() {
        ApiClient one = ONE.as("minute", Map.of());
        ApiClient other = OTHER.as("minute", Map.of());
        for (int i = 0; i < 6; i++) {
            Answer begun = announce(i % 2 == 0 ? one : other, 10);
            assertThat(begun.status()).isEqualTo(201);
            one.post("/" + begun.text("mediaId") + "/cancel", Map.of());
        }
        Answer refused = announce(other, 10);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.text("error")).isEqualTo("too-many-requests");
        assertThat(Integer.parseInt(refused.header("retry-after").orElseThrow()))
                .isBetween(1, 11);
        assertThat(refused.header("ratelimit-policy")).hasValue("\"sessions\";q=6;w=60");
        assertThat(refused.header("ratelimit").orElseThrow()).matches("\"sessions\";r=0;t=\\d+");
        assertThat(announce(other.as("another", Map.of()), 10).status()).isEqualTo(201);
    }

    @Test
    void countsWhatIsOpen() {
        ApiClient one = ONE.as("open", Map.of());
        List<Answer> open = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            open.add(announce(one, 10));
        }
        Answer refused = announce(OTHER.as("open", Map.of()), 10);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.text("detail")).contains("4 uploads open");
        assertThat(Integer.parseInt(refused.header("retry-after").orElseThrow()))
                .as("until the first session ends")
                .isBetween(86_000, 86_401);
        one.post("/" + open.get(0).text("mediaId") + "/cancel", Map.of());
        assertThat(announce(one, 10).status()).isEqualTo(201);
    }

    @Test
    void countsTheBytesOfADay() {
        ApiClient one = ONE.as("bytes", Map.of());
        assertThat(announce(one, 900_000).status()).isEqualTo(201);
        Answer refused = announce(OTHER.as("bytes", Map.of()), 200_000);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("ratelimit-policy")).hasValue("\"bytes\";q=1000000;w=86400");
        assertThat(Integer.parseInt(refused.header("retry-after").orElseThrow()))
                .as("a tenth of a day's bytes")
                .isBetween(8_000, 8_642);
        Answer never = announce(one, 1_000_001);
        assertThat(never.status()).isEqualTo(413);
        assertThat(never.text("detail")).contains("1000000 bytes a day");
    }

    @Test
    void countsAnUploadWithoutASizeAsTheLargestThatItMayBecome() {
        ApiClient one = ONE.as("silent", Map.of());
        Map<String, Object> begin = Map.of("method", "POST", "key", "a.jpg", "fileType", "image/jpeg");
        Answer begun = one.post("/sign?mediaType=POST_IMAGE", begin);
        assertThat(begun.status()).isEqualTo(200);
        assertThat(SANDBOX.sql()
                        .sql("select max_bytes from mediaferry.upload_session where media_id = ?::uuid")
                        .param(begun.text("mediaId"))
                        .query(Long.class)
                        .single())
                .as("no more than a day's bytes")
                .isEqualTo(1_000_000);

        assertThat(one.post("/sign?mediaType=POST_IMAGE", begin).status()).isEqualTo(429);
        assertThat(announce(one, 10_000).status()).isEqualTo(429);
    }

    @Test
    void letsNoMoreThroughWhenAllAskAtOnce() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                ApiClient client = (i % 2 == 0 ? ONE : OTHER).as("crowd", Map.of());
                calls.add(() -> announce(client, 400_000).status());
            }
            int begun = 0;
            for (Future<Integer> status : clients.invokeAll(calls)) {
                assertThat(status.get()).isIn(201, 429);
                begun += status.get() == 201 ? 1 : 0;
            }
            assertThat(begun).isEqualTo(2);
        } finally {
            clients.shutdownNow();
        }
    }

    /** What counts is the database's time: nothing of this process's clock is in what is kept. */
    @Test
    void keepsTimesOfTheDatabase() {
        announce(ONE.as("clock", Map.of()), 10);
        assertThat(SANDBOX.sql()
                        .sql("select count(*) from mediaferry.rate_limit where id like '% clock' and"
                                + " expires_at > extract(epoch from now()) * 1000"
                                + " and expires_at < extract(epoch from now()) * 1000 + 130000")
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
    }

    @Test
    void forgetsWhatIsFullAgain() {
        announce(ONE.as("forgotten", Map.of()), 10);
        SANDBOX.execute("update mediaferry.rate_limit set expires_at = 1 where id like '% forgotten'");
        SANDBOX.engine(UploadDoorTest.REGISTRY).sweepUploads(false);
        assertThat(SANDBOX.sql()
                        .sql("select count(*) from mediaferry.rate_limit where id like '% forgotten'")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void knowsTheUsersOfTheApplication() {
        SANDBOX.execute("insert into app_user values (1), (2)");
        String port = FreePort.text();
        start(port, "auth.users-table", "app_user(uid)");
        ApiClient service = new ApiClient(Integer.parseInt(port), Optional.empty());
        assertThat(service.as("1", Map.of()).get("/types").status()).isEqualTo(200);
        for (String unknown : List.of("3", "1.5", "anna", "999999999999999999999", "1 or 1=1")) {
            Answer refused = service.as(unknown, Map.of()).get("/types");
            assertThat(refused.status()).isEqualTo(404);
            assertThat(refused.text("detail")).isEqualTo("the application has no such user");
        }
        SANDBOX.execute("delete from app_user where uid = 2");
        assertThat(announce(service.as("2", Map.of()), 10).status()).isEqualTo(404);
        assertThat(service.get("/types").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"app_users", "app_user", "app_user(uid", "nowhere.app_user(uid)", "a.b.c"})
    void startsOnlyWithATableOfUsersThatIsThere(String table) {
        assertThatThrownBy(() -> start(FreePort.text(), "auth.users-table", table))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("mediaferry.auth.users-table is '" + table + "'");
    }

    private static Answer announce(ApiClient client, long size) {
        return client.post(
                "/upload-session", Map.of("mediaType", "POST_IMAGE", "fileType", "image/jpeg", "fileSize", size));
    }
}
