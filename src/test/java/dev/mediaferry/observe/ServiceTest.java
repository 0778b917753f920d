package dev.mediaferry.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the service shows of itself, and what it lets be done to it. */
@Tag("slow")
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
                "server.hosts",
                "media-admin.example",
                "server.jolokia",
                "true");
        program = Program.start(options, "run");
        Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> program.err()
                .contains("/console/"));
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
        assertThat(get("/q/dev/route/Photo.url?action=suspend").statusCode()).isEqualTo(403);
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/observe/health",
                "/observe/health/live",
                "/observe/metrics",
                "/observe/info",
                "/observe/jolokia/version",
                "/q/dev/route",
                "/nowhere"
            })
    void refusesRequestsOfWebPagesAtEveryEndpoint(String path) throws Exception {
        assertThat(raw("GET", path, "Host: evil.example")).as("rebound name").isEqualTo(403);
        assertThat(raw("GET", path, "Host: 127.0.0.1.evil.example")).isEqualTo(403);
        assertThat(raw("GET", path, "Host: localhost", "Host: evil.example")).isEqualTo(403);
        assertThat(raw("GET", path, "Host: localhost", "Origin: https://evil.example"))
                .isEqualTo(403);
        assertThat(raw("GET", path, "Host: localhost", "Origin: null")).isEqualTo(403);
        assertThat(raw("GET", path, "Host: localhost:8077", "Origin: http://localhost:3000"))
                .as("another program of this machine")
                .isEqualTo(403);
        assertThat(raw("GET", path, "Host: localhost", "Sec-Fetch-Site: cross-site"))
                .as("an image or a link")
                .isEqualTo(403);
        assertThat(raw("OPTIONS", path, "Host: localhost", "Origin: https://evil.example"))
                .isEqualTo(403);
    }

    @Test
    void answersItsOwnPagesAndTheNamesThatAreSet() throws Exception {
        for (String host : List.of("localhost:8077", "LOCALHOST.", "127.0.0.1", "[::1]:8077", "media-admin.example")) {
            assertThat(raw("GET", "/observe/info", "Host: " + host)).as(host).isEqualTo(200);
        }
        assertThat(raw(
                        "GET",
                        "/observe/info",
                        "Host: localhost:8077",
                        "Origin: http://localhost:8077",
                        "Sec-Fetch-Site: same-origin"))
                .isEqualTo(200);
        assertThat(raw("GET", "/observe/info", "Host: 127.0.0.1:8077", "Origin: https://media-admin.example"))
                .as("a proxy that passes its own host on")
                .isEqualTo(200);
    }

    @Test
    void answersProbesByAddressAndNothingElse() throws Exception {
        for (String path : List.of("/observe/health/live", "/observe/health/ready", "/observe/metrics")) {
            assertThat(raw("GET", path, "Host: 10.1.2.3:8077")).as(path).isEqualTo(200);
            assertThat(raw("GET", path, "Host: [fd00::7]:8077")).as(path).isEqualTo(200);
            assertThat(raw("GET", path, "User-Agent: none"))
                    .as("a check of HTTP/1.0 names no host: %s", path)
                    .isEqualTo(200);
            assertThat(raw("GET", path, "Origin: http://evil.example")).as(path).isEqualTo(403);
        }
        for (String path : List.of("/observe/health", "/observe/jolokia/version", "/q/dev/route", "/observe/info")) {
            assertThat(raw("GET", path, "Host: 10.1.2.3:8077")).as(path).isEqualTo(403);
            assertThat(raw("GET", path, "User-Agent: none")).as(path).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/observe/jolokia/exec/MBEAN/suspend()",
                "/observe/jolokia/write/MBEAN/State/Stopped",
                "/observe/jolokia/?p=/exec/MBEAN/suspend()",
                "/observe/jolokia?p=exec/MBEAN/suspend()",
                "//observe/jolokia/exec/MBEAN/suspend()",
                "/observe//jolokia/exec/MBEAN/suspend()",
                "/x/../observe/jolokia/exec/MBEAN/suspend()",
                "/%6fbserve/jolokia/exec/MBEAN/suspend()",
                "/observe/jolokia/%65xec/MBEAN/suspend()",
                "/observe/jolokia/read/../exec/MBEAN/suspend()",
                "/aaaaaaaaaaaaaaa/exec/MBEAN/suspend()/../../../../observe/jolokia/read/x",
                "/q/dev/route/Photo.url?command=suspend",
                "/q/dev/route/Photo.url?%61ction=suspend"
            })
    void letsNoGetActHoweverItIsSpelled(String path) throws Exception {
        String mbean = ROUTE.replace("\"", "%22");
        for (String method : List.of("GET", "HEAD")) {
            assertThat(raw(method, path.replace("MBEAN", mbean), "Host: localhost"))
                    .isEqualTo(403);
        }
        assertThat(jolokia("read", "\"attribute\":\"State\"").path("value").asText())
                .isEqualTo("Started");
    }

    /** Hawtio names JSON so. */
    @Test
    void takesWhatJolokiasClientsSendAndNothingMore() throws Exception {
        String version = "{\"type\":\"version\"}";
        assertThat(send("POST", "/observe/jolokia", version, "Host: localhost", "Content-Type: text/json"))
                .isEqualTo(200);
        assertThat(send("POST", "/q/dev/route", version, "Host: localhost", "Content-Type: text/json"))
                .isEqualTo(415);
    }

    @Test
    void takesNoPostThatAFormCouldSend() throws Exception {
        String suspend =
                "{\"type\":\"exec\",\"mbean\":\"" + ROUTE.replace("\"", "\\\"") + "\",\"operation\":\"suspend()\"}";
        for (String type :
                List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")) {
            assertThat(send("POST", "/observe/jolokia", suspend, "Host: localhost", "Content-Type: " + type))
                    .as(type)
                    .isEqualTo(415);
        }
        assertThat(send("POST", "/observe/jolokia", suspend, "Host: localhost")).isEqualTo(415);
        assertThat(send("PUT", "/q/dev/route", "{}", "Host: localhost")).isEqualTo(415);
        assertThat(jolokia("read", "\"attribute\":\"State\"").path("value").asText())
                .isEqualTo("Started");
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
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return new ObjectMapper().readTree(answer.body());
    }

    private static int raw(String method, String path, String... headers) throws IOException {
        return send(method, path, "", headers);
    }

    /** No client would send it like this. @return the status */
    private static int send(String method, String path, String body, String... headers) throws IOException {
        URI server = URI.create(base);
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(60_000);
            String all = String.join("\r\n", headers);
            String head = "%s %s HTTP/%s\r\n%s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                    .formatted(method, path, all.contains("Host: ") ? "1.1" : "1.0", all, body.length());
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.ISO_8859_1));
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            return Integer.parseInt(answer.readLine().split(" ")[1]);
        }
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create(base + path.replace("${", "%24%7B").replace("}", "%7D"));
        return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
