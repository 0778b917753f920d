package dev.mediaferry.routes;

import static dev.mediaferry.fixture.UnrulyCdn.send;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import dev.mediaferry.deadletter.DeadLetterFilter;
import dev.mediaferry.deadletter.DeadLetters;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of lost links when the user's application may know others. */
@Tag("slow")
class ResolveRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    /** What the application says about a row, by its id. */
    private static final Map<String, UnrulyCdn.Answer> KNOWN = new ConcurrentHashMap<>();

    private static final List<JsonNode> QUESTIONS = new CopyOnWriteArrayList<>();

    private static final String APPLICATION = CDN.link(ResolveRoutesTest::resolve);

    /** Another name for the CDN, which no pattern of the registry names. */
    private static final String ELSEWHERE = CDN.authority().replace("127.0.0.1", "localhost");

    private static Engine engine;

    private static void resolve(HttpExchange exchange, int request) throws Exception {
        JsonNode question = new ObjectMapper().readTree(exchange.getRequestBody());
        QUESTIONS.add(question);
        assertThat(exchange.getRequestMethod()).isEqualTo("POST");
        assertThat(exchange.getRequestHeaders().getFirst("Content-Type")).startsWith("application/json");
        KNOWN.getOrDefault(question.path("id").asText(), (ask, number) -> send(ask, 404, new byte[0]))
                .to(exchange, request);
    }

    @BeforeEach
    void forget() {
        KNOWN.clear();
        QUESTIONS.clear();
        if (engine == null) {
            engine = SANDBOX.keep(engine(APPLICATION));
        }
    }

    private static Engine engine(String application) {
        return SANDBOX.engine(
                """
                hosts: ["127.0.0.1"]
                fields:
                  - { table: Photo, column: url, folder: photos, resolve: "%s" }
                """
                        .formatted(application),
                "fetch.allow-private",
                CDN.authority() + "," + ELSEWHERE);
    }

    @Test
    void movesTheMediumFromTheFreshLinkWithinTheSameRun() {
        String old = CDN.answering(404);
        String fresh = CDN.picture().replace("127.0.0.1", "localhost");
        SANDBOX.photo("ann-ä", old);
        answer("ann-ä", 200, link(fresh));

        RunReport report = engine.migrate(RunOptions.ALL);

        assertThat(report.migrated()).isEqualTo(1);
        assertThat(report.adds()).isTrue();
        assertThat(report.failed()).isFalse();
        assertThat(SANDBOX.url("ann-ä")).contains("/photos/");
        assertThat(SANDBOX.transfer("ann-ä"))
                .containsEntry("source", old)
                .containsEntry("link", fresh)
                .containsEntry("host", "localhost");
        assertThat(QUESTIONS).singleElement().satisfies(question -> {
            assertThat(question.path("field").asText()).isEqualTo("Photo.url");
            assertThat(question.path("id").asText()).isEqualTo("ann-ä");
            assertThat(question.path("link").asText()).isEqualTo(old);
        });
        assertThat(message("ann-ä")).isEqualTo("the server answered HTTP 404; the resolver named a fresh link");
    }

    @Test
    void asksForWhatIsGoneExpiredOrForbiddenAndNothingElse() {
        SANDBOX.photo("gone", CDN.answering(410));
        SANDBOX.photo("expired", UnrulyCdn.until(CDN.picture(), Instant.now().minusSeconds(60)));
        SANDBOX.photo("forbidden", CDN.answering(403));
        SANDBOX.photo("refused", CDN.answering(451));
        SANDBOX.photo("not-media", CDN.serving("<!DOCTYPE html>".getBytes(StandardCharsets.UTF_8)));
        SANDBOX.photo("moved", CDN.picture());
        engine.migrate(RunOptions.ALL);
        assertThat(QUESTIONS)
                .extracting(question -> question.path("id").asText())
                .containsExactlyInAnyOrder("gone", "expired", "forbidden");
        assertThat(SANDBOX.outcome("expired")).isEqualTo("dead expired");
        assertThat(message("gone")).isEqualTo("the server answered HTTP 410; the resolver knows no other link");
    }

    @Test
    void asksOnceEvenIfTheFreshLinkIsLostToo() {
        SANDBOX.photo("1", CDN.answering(404));
        answer("1", 200, link(CDN.answering(403)));
        RunReport report = engine.migrate(RunOptions.ALL);
        assertThat(QUESTIONS).hasSize(1);
        assertThat(SANDBOX.outcome("1")).isEqualTo("dead forbidden");
        assertThat(report.adds()).isTrue();
        engine.migrate(RunOptions.ALL);
        assertThat(QUESTIONS).hasSize(1);
    }

    @Test
    void letsAUserEditWinOverTheFreshLink() {
        SANDBOX.photo("1", CDN.answering(404));
        KNOWN.put("1", (exchange, request) -> {
            SANDBOX.execute("update \"Photo\" set url = 'mine' where id = '1'");
            send(exchange, 200, link(CDN.picture()).getBytes(StandardCharsets.UTF_8));
        });
        assertThat(engine.migrate(RunOptions.ALL).superseded()).isEqualTo(1);
        assertThat(SANDBOX.url("1")).isEqualTo("mine");
    }

    @Test
    void losesOnlyTheAttemptToAnApplicationThatFailsOrLies() {
        Map<String, String> expected = new TreeMap<>();
        expect(expected, "broken", "dead gone", 500, "no");
        expect(expected, "moved-on", "dead gone", 302, "");
        expect(expected, "no-json", "dead gone", 200, "<html>");
        expect(expected, "no-link", "dead gone", 200, "{\"link\": 7}");
        expect(expected, "no-answer", "dead gone", 200, "");
        expect(expected, "other-scheme", "dead gone", 200, link("file:///etc/passwd"));
        expect(expected, "private", "dead address-refused", 200, link("http://169.254.169.254/latest/"));
        expect(expected, "endless", "dead gone", 200, link("https://a.example/" + "x".repeat(100_000)));
        expect(
                expected,
                "ours",
                "dead gone",
                200,
                link(SANDBOX.settings().text("storage.endpoint") + "/" + SANDBOX.bucketName() + "/photos/x.jpg"));
        expect(expected, "none", "dead gone", 204, "");
        String same = CDN.answering(404);
        SANDBOX.photo("same", same);
        answer("same", 200, link(same));
        expected.put("same", "dead gone");
        SANDBOX.photo("good", CDN.picture());

        RunReport report = engine.migrate(RunOptions.ALL);

        expected.forEach((id, outcome) -> assertThat(SANDBOX.outcome(id)).as(id).isEqualTo(outcome));
        assertThat(SANDBOX.outcome("good")).isEqualTo("linked");
        assertThat(report.adds()).isTrue();
        assertThat(message("endless")).endsWith("the resolver could not be asked: IOException");
        assertThat(message("ours")).endsWith("the resolver named a link into our own bucket");
        assertThat(QUESTIONS).hasSize(expected.size());
    }

    @Test
    void waitsTenSecondsForAnApplicationThatDoesNotComeToAnEnd() {
        SANDBOX.photo("slow", CDN.answering(404));
        KNOWN.put("slow", (exchange, request) -> drip(exchange));
        SANDBOX.photo("good", CDN.picture());
        RunReport report = engine.migrate(RunOptions.ALL);
        assertThat(report.seconds()).isBetween(9.0, 25.0);
        assertThat(SANDBOX.outcome("slow")).isEqualTo("dead gone");
        assertThat(message("slow")).endsWith("the resolver is too slow");
        assertThat(SANDBOX.outcome("good")).isEqualTo("linked");
    }

    @Test
    void asksAgainWhenAnOperatorHasTheLetterTriedAgain() {
        SANDBOX.photo("1", CDN.answering(404));
        engine.migrate(RunOptions.ALL);
        assertThat(SANDBOX.outcome("1")).isEqualTo("dead gone");
        answer("1", 200, link(CDN.picture()));
        DeadLetters letters = engine.deadLetters();

        assertThat(letters.retry(DeadLetterFilter.ALL).retried()).isEqualTo(1);

        assertThat(engine.migrate(RunOptions.ALL).migrated()).isEqualTo(1);
        assertThat(QUESTIONS).hasSize(2);
    }

    @Test
    void endsAsBeforeWhenTheApplicationIsDown() {
        SANDBOX.photo("1", CDN.answering(404));
        RunReport report = engine("http://127.0.0.1:1/links").migrate(RunOptions.ALL);
        assertThat(SANDBOX.outcome("1")).isEqualTo("dead gone");
        assertThat(message("1")).contains("the resolver could not be asked");
        assertThat(report.adds()).isTrue();
    }

    private static void expect(Map<String, String> expected, String id, String outcome, int status, String body) {
        SANDBOX.photo(id, CDN.answering(404));
        answer(id, status, body);
        expected.put(id, outcome);
    }

    private static void answer(String id, int status, String body) {
        KNOWN.put(id, (exchange, request) -> send(exchange, status, body.getBytes(StandardCharsets.UTF_8)));
    }

    private static String link(String link) {
        return "{\"link\": \"" + link + "\"}";
    }

    /** A byte now and then, which no time-out of a single read notices. */
    private static void drip(HttpExchange exchange) throws IOException, InterruptedException {
        exchange.sendResponseHeaders(200, 0);
        Object never = new Object();
        for (int i = 0; i < 400; i++) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
            synchronized (never) {
                never.wait(100);
            }
        }
    }

    private static String message(String row) {
        return SANDBOX.sql()
                .sql("select a.message from mediaferry.attempt a join mediaferry.transfer t on t.id = a.transfer"
                        + " where t.row_key = ? order by a.id limit 1")
                .param(row)
                .query(String.class)
                .single();
    }
}
