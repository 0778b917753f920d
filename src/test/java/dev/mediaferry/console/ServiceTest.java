package dev.mediaferry.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the service shows of itself, and what it lets be done to it. */
class ServiceTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final String ROUTE =
            "org.apache.camel:context=mediaferry,type=routes,name=%22Photo.url%22".replace("%22", "\"");

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static Program program;
    private static String base;

    @BeforeAll
    static void startTheService() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        base = "http://127.0.0.1:" + port;
        Path home = Path.of("target", "test-home", SANDBOX.bucketName(), "service");
        List<String> options = SANDBOX.options(
                home,
                Sandbox.REGISTRY,
                "home",
                home.toString(),
                "schedule",
                "0/2 * * * * ?",
                "server.port",
                Integer.toString(port),
                "server.jolokia",
                "true");
        program = Program.start(options, "run");
        Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> program.err()
                .contains("/observe/health"));
    }

    @AfterAll
    static void stopIt() throws Exception {
        program.close();
    }

    @Test
    void tellsThatDatabaseBucketAndScheduleAreWell() throws Exception {
        HttpResponse<String> health = get("/observe/health");
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).contains("\"UP\"", "database", "bucket", "schedule");
    }

    @Test
    void countsForPrometheusWhatBecomesOfTheRows() {
        SANDBOX.photo("good", SANDBOX.cdn().picture());
        SANDBOX.photo("gone", SANDBOX.cdn().answering(404));
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                        get("/observe/metrics").body())
                .contains("mediaferry_transfers_total{field=\"Photo.url\",outcome=\"linked\"}")
                .contains("mediaferry_transfers_total{field=\"Photo.url\",outcome=\"gone\"}")
                .contains("mediaferry_bytes_total{field=\"Photo.url\"}")
                .contains("mediaferry_transfer_seconds_bucket{field=\"Photo.url\",le=")
                .contains("mediaferry_pending{field=\"Photo.url\"} 0")
                .contains("mediaferry_at_risk{field=\"Photo.url\"} 0")
                .contains("mediaferry_dead{field=\"Photo.url\"} 1"));
    }

    @Test
    void showsPrometheusWhichHostsAreSlowedDownOrShutOut() {
        SANDBOX.photo("busy", SANDBOX.cdn().answering(429, "Retry-After", "8"));
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                        get("/observe/metrics").body())
                .contains("mediaferry_host_shut_out{host=\"127.0.0.1\"} 1")
                .contains("mediaferry_host_rate{host=\"127.0.0.1\"}"));
    }

    @Test
    void showsEachFieldAsARouteInTheConsole() throws Exception {
        assertThat(get("/q/dev/route").body()).contains("Photo.url", "start-scheduled-run", "ferry");
    }

    @Test
    void evaluatesShowsAndChangesNothingThroughTheConsole() throws Exception {
        for (String page : List.of("eval-language", "properties", "send", "system-properties", "jvm", "variables")) {
            assertThat(get("/q/dev/" + page + "?language=simple&template=${env:HOME}")
                            .body())
                    .as(page)
                    .contains("not found");
        }
        get("/q/dev/route/Photo.url?action=suspend");
        assertThat(jolokia("read", "\"attribute\":\"State\"").path("value").asText())
                .isEqualTo("Started");
    }

    @Test
    void letsJolokiaReadAndSuspendRoutesAndNothingElse() throws Exception {
        assertThat(jolokia("exec", "\"operation\":\"suspend()\"").path("status").asInt())
                .isEqualTo(200);
        assertThat(jolokia("read", "\"attribute\":\"State\"").path("value").asText())
                .isEqualTo("Suspended");
        assertThat(get("/observe/health").statusCode()).isEqualTo(200);
        assertThat(jolokia("exec", "\"operation\":\"resume()\"").path("status").asInt())
                .isEqualTo(200);
        assertThat(jolokia("exec", "\"operation\":\"stop()\"").path("status").asInt())
                .isEqualTo(403);
        assertThat(post("{\"type\":\"read\",\"mbean\":\"java.lang:type=Runtime\"}")
                        .path("status")
                        .asInt())
                .isEqualTo(403);
    }

    @Test
    void listsAndRetriesDeadLettersThroughJolokiaButDiscardsNone() throws Exception {
        SANDBOX.photo("1", SANDBOX.cdn().answering(410));
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> isDead("1"));

        JsonNode listed = letters("list", "\"Photo.url\", \"gone\", \"\", 10");
        assertThat(listed.path("value").path("total").asInt()).isEqualTo(1);
        assertThat(listed.path("value").path("deadLetters").path(0).path("row").asText())
                .isEqualTo("1");
        JsonNode retried = letters("retry", "\"" + SANDBOX.transfer("1").get("id") + "\", \"\", \"\", \"\"");
        assertThat(retried.path("value").path("retried").asInt()).isEqualTo(1);
        assertThat(letters("retry", "\"\", \"\", \"gon\", \"\"").path("error").asText())
                .contains("did you mean gone?");
        assertThat(letters("retry", "\"\", \"\", \"\", \"\"").path("error").asText())
                .contains("name ids, field, kind or host");
        assertThat(letters("discard", "\"all\", \"\", \"\", \"\", \"because\"")
                        .path("status")
                        .asInt())
                .isEqualTo(403);
        assertThat(letters("show", SANDBOX.transfer("1").get("id").toString())
                        .path("status")
                        .asInt())
                .isEqualTo(403);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> isDead("1") && attempts() == 2);
    }

    private static boolean isDead(String row) {
        return SANDBOX.sql()
                        .sql("select count(*) from mediaferry.transfer where row_key = ? and state = 'dead'")
                        .param(row)
                        .query(Integer.class)
                        .single()
                == 1;
    }

    private static int attempts() {
        return SANDBOX.sql()
                .sql("select count(*) from mediaferry.attempt")
                .query(Integer.class)
                .single();
    }

    private static JsonNode letters(String operation, String arguments) throws Exception {
        return post("{\"type\":\"exec\",\"mbean\":\"org.apache.camel:context=mediaferry,type=dead-letters,"
                + "name=\\\"dead-letters\\\"\",\"operation\":\"" + operation + "\",\"arguments\":[" + arguments
                + "]}");
    }

    private static JsonNode jolokia(String type, String what) throws Exception {
        return post("{\"type\":\"" + type + "\",\"mbean\":\"" + ROUTE.replace("\"", "\\\"") + "\"," + what + "}");
    }

    private static JsonNode post(String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create(base + "/observe/jolokia"))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return new ObjectMapper().readTree(answer.body());
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create(base + path.replace("${", "%24%7B").replace("}", "%7D"));
        return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
