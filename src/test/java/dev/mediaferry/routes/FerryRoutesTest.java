package dev.mediaferry.routes;

import static dev.mediaferry.fixture.UnrulyCdn.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.content.Digests;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** The way of one medium, from a link to an object, and every way in which it can end before. */
class FerryRoutesTest {

    private static final int MAX_BYTES = 3_000_000;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("fetch.timeout", "700ms", "fetch.max-bytes", "3MB");

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @Test
    void storesTheBytesUnderTheirTypeHashAndCacheControl() throws Exception {
        byte[] picture = Pictures.png(7);
        SANDBOX.photo("ann", CDN.serving(picture));

        RunReport report = SANDBOX.migrate();

        String key = SANDBOX.key(SANDBOX.url("ann"));
        HeadObjectResponse head = SANDBOX.head(key);
        assertThat(report.migrated()).isEqualTo(1);
        assertThat(report.bytes()).isEqualTo(picture.length);
        assertThat(key).matches("photos/ann/\\d{13}-[a-z0-9]{8}\\.png");
        assertThat(SANDBOX.object(key)).isEqualTo(picture);
        assertThat(head.contentType()).isEqualTo("image/png");
        assertThat(head.cacheControl()).isEqualTo("public, max-age=31536000, immutable");
        assertThat(head.metadata())
                .containsEntry("sha256", sha256(picture))
                .containsEntry("mediaferry-ledger", SANDBOX.ledgerId())
                .containsEntry(
                        "mediaferry-transfer", SANDBOX.transfer("ann").get("id").toString());
        assertThat(SANDBOX.transfer("ann"))
                .containsEntry("state", "linked")
                .containsEntry("object_key", key)
                .containsEntry("sha256", sha256(picture))
                .containsEntry("bytes", (long) picture.length)
                .containsEntry("content_type", "image/png")
                .containsEntry("target", SANDBOX.url("ann"));
    }

    @Tag("slow")
    @Test
    void endsEachFailureAsItsKindSays() throws IOException {
        Map<String, String> expected = new TreeMap<>();
        expect(expected, "dead gone", CDN.answering(404));
        expect(expected, "dead gone", CDN.answering(410));
        expect(expected, "dead forbidden", CDN.answering(403));
        expect(expected, "dead forbidden", CDN.answering(401));
        expect(expected, "dead refused", CDN.answering(451));
        expect(expected, "dead refused", CDN.answering(204));
        expect(
                expected,
                "dead expired",
                UnrulyCdn.until(CDN.picture(), Instant.now().minusSeconds(60)));
        expect(expected, "dead not-media", CDN.serving("<!DOCTYPE html><p>Sign in".getBytes(StandardCharsets.UTF_8)));
        expect(expected, "dead not-media", CDN.serving("{\"error\":1}".getBytes(StandardCharsets.UTF_8)));
        expect(expected, "dead not-media", CDN.serving("<svg xmlns='x'/>".getBytes(StandardCharsets.UTF_8)));
        expect(expected, "dead placeholder", CDN.serving(new byte[0]));
        expect(expected, "dead placeholder", CDN.serving(Pictures.blank(1, 1)));
        expect(expected, "dead too-many-pixels", CDN.serving(Pictures.claiming(50_001, 1_000)));
        expect(expected, "dead too-large", CDN.serving(Pictures.jpeg(1, MAX_BYTES + 1)));
        expect(expected, "dead too-large", CDN.link((exchange, request) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(Pictures.jpeg(2, MAX_BYTES + 1));
        }));
        expect(expected, "dead bad-redirect", CDN.link((exchange, request) -> {
            exchange.getResponseHeaders().set("Location", "ftp://" + CDN.authority() + "/x");
            send(exchange, 302, new byte[0]);
        }));
        expect(expected, "dead bad-redirect", circle());
        expect(expected, "dead address-refused", "http://127.0.0.1:1/x");
        expect(expected, "dead address-refused", CDN.answering(302, "Location", "http://169.254.169.254/latest/"));
        expect(expected, "waiting unavailable", CDN.answering(500));
        expect(expected, "waiting rate-limited", CDN.answering(429));
        expect(
                expected,
                "waiting timeout",
                CDN.link((exchange, request) -> drip(exchange.getResponseBody(), exchange)));
        expect(expected, "waiting truncated", CDN.serving(Pictures.jpeg(9, 500)));
        expect(expected, "waiting truncated", CDN.link((exchange, request) -> {
            exchange.sendResponseHeaders(200, 5000);
            exchange.getResponseBody().write(Pictures.jpeg(3));
            exchange.getResponseBody().flush();
        }));

        // Of its own, since what it learns of the host is no good.
        RunReport report = SANDBOX.engine(Sandbox.REGISTRY, "home", "target/test-home/" + SANDBOX.bucketName())
                .migrate(RunOptions.ALL);

        expected.forEach((id, outcome) -> assertThat(SANDBOX.outcome(id)).as(id).isEqualTo(outcome));
        assertThat(report.found()).isEqualTo(expected.size());
        assertThat(report.waiting()).isEqualTo(5);
        assertThat(report.adds()).isTrue();
        assertThat(report.failed()).isTrue();
        assertThat(SANDBOX.keys()).isEmpty();
        assertThat(spoolFiles()).isEmpty();
    }

    @Test
    void takesOverNoObjectThatAnotherTransferHasStored() {
        SANDBOX.photo("1", CDN.link((exchange, request) -> send(exchange, request == 1 ? 404 : 200, Pictures.jpeg(1))));
        SANDBOX.migrate();
        String key = SANDBOX.transfer("1").get("object_key").toString().replace("{ext}", "jpg");
        byte[] other = Pictures.jpeg(2);
        Map<String, String> metadata = Map.of(
                "sha256",
                Digests.sha256(other),
                "mediaferry-ledger",
                SANDBOX.ledgerId(),
                "mediaferry-transfer",
                "987654");
        SANDBOX.bucket()
                .putObject(
                        request -> request.bucket(SANDBOX.bucketName()).key(key).metadata(metadata),
                        RequestBody.fromBytes(other));
        SANDBOX.execute("update mediaferry.transfer set state = 'waiting', object_state = 'unknown'");
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(1);
        assertThat(CDN.requests()).isEqualTo(2);
        assertThat(SANDBOX.object(SANDBOX.key(SANDBOX.url("1")))).isEqualTo(Pictures.jpeg(1));
    }

    @Test
    void asksNobodyForALinkThatIsPastItsOwnDate() {
        String link = CDN.picture();
        SANDBOX.photo("1", UnrulyCdn.until(link, Instant.now().minusSeconds(5)));
        SANDBOX.migrate();
        assertThat(CDN.requests(link)).isZero();
        assertThat(SANDBOX.transfer("1").get("message")).asString().startsWith("the link worked until 20");
    }

    @Tag("slow")
    @Test
    void triesAgainWhatFailsForAMoment() {
        String flaky = CDN.link((exchange, request) ->
                send(exchange, request < 3 ? 502 : 200, request < 3 ? new byte[0] : Pictures.jpeg(1)));
        SANDBOX.photo("1", flaky);
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(1);
        assertThat(CDN.requests(flaky)).isEqualTo(3);
        assertThat(SANDBOX.transfer("1")).containsEntry("attempts", 3);
    }

    @Tag("slow")
    @Test
    void waitsAsLongAsRetryAfterAsks() {
        Instant[] asked = new Instant[2];
        String busy = CDN.link((exchange, request) -> {
            asked[request - 1] = Instant.now();
            exchange.getResponseHeaders().set("Retry-After", "2");
            send(exchange, request == 1 ? 429 : 200, Pictures.jpeg(1));
        });
        SANDBOX.photo("1", busy);
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(1);
        assertThat(Duration.between(asked[0], asked[1])).isBetween(Duration.ofMillis(1990), Duration.ofSeconds(5));
    }

    @Test
    void leavesToALaterRunWhatAsksForALongWait() {
        SANDBOX.photo("1", CDN.answering(503, "Retry-After", "3600"));
        Instant start = Instant.now();
        Engine engine = SANDBOX.engine(Sandbox.REGISTRY, "home", "target/test-home/long-wait");
        assertThat(engine.migrate(RunOptions.ALL).waiting()).isEqualTo(1);
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
        assertThat(SANDBOX.sql()
                        .sql("select due > now() + interval '59 minutes' from mediaferry.transfer")
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    @Test
    void leavesTheOtherRowsOfAHostThatWantsToBeLeftAlone() {
        String picture = CDN.picture();
        SANDBOX.photo(
                "1",
                UnrulyCdn.until(
                        CDN.answering(429, "Retry-After", "7200"), Instant.now().plusSeconds(60)));
        SANDBOX.photo("2", picture);
        RunReport report = SANDBOX.engine(Sandbox.REGISTRY, "fetch.concurrency", "1")
                .migrate(new RunOptions(List.of(), false, OptionalLong.empty(), OptionalInt.of(1), false));
        assertThat(report.waiting() + report.left().getOrDefault("paused", 0L)).isEqualTo(2);
        assertThat(CDN.requests(picture)).isZero();
        assertThat(SANDBOX.url("2")).isEqualTo(picture);
    }

    @Test
    void takesAFileOfExactlyTheLargestSize() {
        SANDBOX.photo("1", CDN.serving(Pictures.jpeg(1, MAX_BYTES)));
        assertThat(SANDBOX.migrate().bytes()).isEqualTo(MAX_BYTES);
        assertThat(SANDBOX.head(SANDBOX.keys().get(0)).contentLength()).isEqualTo(MAX_BYTES);
    }

    @Test
    void followsThreeRedirectsAndKeepsTheLinkOfTheRowInTheLedger() {
        String picture = CDN.picture();
        String link = redirect(redirect(redirect(picture)));
        SANDBOX.photo("1", link);
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(1);
        assertThat(SANDBOX.transfer("1")).containsEntry("source", link);
    }

    @Test
    void refusesAFourthRedirect() {
        SANDBOX.photo("1", redirect(redirect(redirect(redirect(CDN.picture())))));
        SANDBOX.migrate();
        assertThat(SANDBOX.outcome("1")).isEqualTo("dead bad-redirect");
    }

    @Test
    void showedTheSignatureOfARedirectThatCannotBeRead() {
        SANDBOX.photo("1", redirect("https://[cdn.example/a.jpg?sig=s3cr3t&x=1"));
        SANDBOX.photo("2", redirect("https://cdn.example:port/a.jpg?sig=s3cr3t"));
        SANDBOX.photo("3", redirect("ftp://cdn.example/a.jpg?sig=s3cr3t"));
        SANDBOX.migrate();
        for (String id : List.of("1", "2", "3")) {
            assertThat(SANDBOX.outcome(id)).isEqualTo("dead bad-redirect");
        }
        assertThat(SANDBOX.sql()
                        .sql("select message from mediaferry.transfer union all select message from mediaferry.attempt")
                        .query(String.class)
                        .list())
                .hasSize(6)
                .allSatisfy(message -> assertThat(message)
                        .startsWith("redirected to something that is no link")
                        .doesNotContain("s3cr3t"));
    }

    @Test
    void takesPlaceholdersAndOddCharactersInLinksForWhatTheyAre() {
        String plain = CDN.picture();
        String hostile = plain + "?a={{mediaferry.storage.secret-key}}&b=${env:HOME}&c=RAW(x)&d=ü%zz";
        String[] query = new String[1];
        String link = CDN.link((exchange, request) -> {
            query[0] = exchange.getRequestURI().getRawQuery();
            send(exchange, 200, Pictures.jpeg(5));
        });
        SANDBOX.photo("1", hostile.replace(plain, link));
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(1);
        assertThat(query[0])
                .isEqualTo("a=%7B%7Bmediaferry.storage.secret-key%7D%7D&b=$%7Benv:HOME%7D&c=RAW(x)&d=%C3%BC%25zz");
    }

    @Test
    void keepsIdsFromBuildingKeysOfTheirOwn() {
        SANDBOX.photo("../../${header.x}/{{y}}", CDN.picture());
        SANDBOX.migrate();
        assertThat(SANDBOX.keys()).singleElement().asString().startsWith("photos/_2E._2F.._2F_24_7Bheader.x_7D");
    }

    @Tag("slow")
    @Test
    void treatsAConnectionThatIsRefusedAsUnavailable() throws IOException {
        try (ServerSocket closed = new ServerSocket(0)) {
            int port = closed.getLocalPort();
            closed.close();
            try (Engine engine = SANDBOX.engine(
                    Sandbox.REGISTRY, "fetch.allow-private", "127.0.0.1:" + port, "home", "target/test-home/refused")) {
                SANDBOX.photo("1", "http://127.0.0.1:" + port + "/x.jpg");
                engine.migrate(RunOptions.ALL);
            }
        }
        assertThat(SANDBOX.outcome("1")).isEqualTo("waiting unavailable");
    }

    private static void expect(Map<String, String> expected, String outcome, String link) {
        String id = "%02d %s".formatted(expected.size() + 1, outcome);
        SANDBOX.photo(id, link);
        expected.put(id, outcome);
    }

    private static String redirect(String to) {
        return CDN.answering(302, "Location", to);
    }

    private static String circle() {
        return CDN.link((exchange, request) -> {
            exchange.getResponseHeaders()
                    .set("Location", exchange.getRequestURI().getPath());
            send(exchange, 301, new byte[0]);
        });
    }

    /** A byte every 100 ms: no single read is slow, the whole is. */
    private static void drip(java.io.OutputStream out, com.sun.net.httpserver.HttpExchange exchange)
            throws IOException, InterruptedException {
        exchange.sendResponseHeaders(200, 1000);
        for (byte b : Pictures.jpeg(4, 1000)) {
            out.write(b);
            out.flush();
            Object pause = new Object();
            synchronized (pause) {
                pause.wait(100);
            }
        }
    }

    private static List<Path> spoolFiles() throws IOException {
        try (Stream<Path> files = Files.walk(SANDBOX.settings().path("home").resolve("spool"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
