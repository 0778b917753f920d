package dev.mediaferry.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.Chromium;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** Who comes in to the service's port, and who does not. */
@Tag("slow")
class ConsoleDoorTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final String PASSWORD = "correct horse & battery=staple";
    private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([^\"]+)\"");

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path directory;

    private static String hash;
    private static Path users;
    private static String origin;

    @BeforeAll
    static void start() throws IOException {
        hash = new BCryptPasswordEncoder(10).encode(PASSWORD);
        users = directory.resolve("users");
        everybody();
        String port = FreePort.text();
        origin = "http://127.0.0.1:" + port;
        String[] settings = Stream.of(
                        List.of(Tokens.settings(FreePort.text())),
                        List.of(
                                "server.port",
                                port,
                                "console.users-file",
                                users.toString(),
                                "server.jolokia",
                                "true",
                                "api.trusted-proxies",
                                "127.0.0.1"))
                .flatMap(List::stream)
                .toArray(String[]::new);
        SANDBOX.serving(Sandbox.REGISTRY, settings);
    }

    private static void everybody() throws IOException {
        write("anna:" + hash + ":operator", "vera:" + hash + ":viewer", "gone:" + hash + ":operator");
    }

    /** A change within one tick of the clock would not be seen. */
    private static void write(String... lines) throws IOException {
        Files.write(users, List.of(lines));
        Files.setLastModifiedTime(users, FileTime.from(Instant.ofEpochMilli(System.nanoTime() / 1_000_000)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/console/runs", "/console/failures?kind=gone", "/", "/console"})
    void leadsWhoHasNotLoggedInToTheLogin(String page) throws Exception {
        HttpResponse<String> answer = get(page);
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(header(answer, "Location"))
                .startsWith("/console/login?to=" + URLEncoder.encode(page, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/observe/health",
                "/observe/info",
                "/observe/jolokia/version",
                "/q/dev/route",
                "/console/events",
                "/api/v1/status",
                "/nowhere"
            })
    void showsNothingBeforeALogin(String path) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).isIn(401, 303);
        assertThat(answer.body()).doesNotContain("UP", "migrate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/observe/health/live", "/observe/health/ready", "/observe/metrics"})
    void answersProbesWithoutALogin(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(200);
    }

    @Test
    void letsInWhoHasTheRightPasswordAndOutAgain() throws Exception {
        HttpResponse<String> answer = logIn("anna", PASSWORD, "/console/runs");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(header(answer, "Location")).isEqualTo("/console/runs");
        assertThat(header(answer, "Set-Cookie"))
                .containsIgnoringCase("HttpOnly")
                .contains("SameSite=Strict", "Path=/")
                .doesNotContain("Secure");
        String cookie = cookie(answer);
        HttpResponse<String> page = get("/console/runs", "Cookie", cookie);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("anna");
        assertThat(header(page, "Content-Security-Policy"))
                .contains("script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(header(page, "Cache-Control")).isEqualTo("no-store");
        assertThat(get("/q/dev/route", "Cookie", cookie).statusCode()).isEqualTo(200);

        assertThat(post("/console/logout", "token=wrong", "Cookie", cookie).statusCode())
                .as("a form of another session")
                .isEqualTo(403);
        assertThat(post("/console/logout", "token=" + token(page.body()), "Cookie", cookie)
                        .statusCode())
                .isEqualTo(303);
        assertThat(get("/console/runs", "Cookie", cookie).statusCode()).isEqualTo(303);
    }

    @Test
    void leadsALoginToNoOtherSite() throws Exception {
        for (String to : List.of(
                "https://evil.example/", "//evil.example", "/console/../evil", "/\\evil.example", "/observe/metrics")) {
            assertThat(header(logIn("anna", PASSWORD, to), "Location")).as(to).isEqualTo("/console/");
        }
    }

    @Test
    void keepsTheCookieToTlsWhereTheBrowserUsesIt() throws Exception {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(origin + "/console/login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", origin.replace("http:", "https:"))
                .POST(HttpRequest.BodyPublishers.ofString(form("anna", PASSWORD, "/console/"))));
        assertThat(header(answer, "Set-Cookie")).contains("Secure");
    }

    @Test
    void makesGuessingSlower() throws Exception {
        HttpResponse<String> answer = null;
        for (int i = 0; i < 6; i++) {
            answer = send(request("/console/login", "X-Forwarded-For", "198.51.100.7")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(form("nobody" + i, "guess", "/console/"))));
            assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        }
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(header(answer, "Retry-After"))).isPositive();
    }

    @Test
    void letsAViewerLookAndDoNothing() throws Exception {
        String cookie = cookie(logIn("vera", PASSWORD, "/console/"));
        HttpResponse<String> page = get("/console/failures", "Cookie", cookie);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("vera", "viewer");
        HttpResponse<String> act = post("/console/failures/act", "token=" + token(page.body()), "Cookie", cookie);
        assertThat(act.statusCode()).isEqualTo(403);
        assertThat(json("/observe/jolokia", "Cookie", cookie, "X-CSRF-Token", token(page.body()))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void logsInByTheFormAndOffersAViewerNothingToDo() {
        try (Chromium chromium = Chromium.start();
                BrowserContext user = chromium.user()) {
            Page page = user.newPage();
            for (String name : List.of("vera", "anna")) {
                page.navigate(origin + "/console/runs");
                page.getByLabel("Name").fill(name);
                page.getByLabel("Password").fill(PASSWORD);
                button(page, "Log in").click();
                PlaywrightAssertions.assertThat(page.locator(".who")).containsText(name);
                assertThat(page.url()).endsWith("/console/runs");
                PlaywrightAssertions.assertThat(button(page, "Plan a run")).hasCount(name.equals("vera") ? 0 : 1);
                button(page, "Log out").click();
                PlaywrightAssertions.assertThat(button(page, "Log in")).isVisible();
            }
        }
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    @Test
    void asksWhoIsLoggedInForTheSessionsTokenWithEveryAct() throws Exception {
        String cookie = cookie(logIn("anna", PASSWORD, "/console/"));
        String token = token(get("/console/", "Cookie", cookie).body());
        assertThat(post("/console/failures/act", "reason=x", "Cookie", cookie).statusCode())
                .isEqualTo(403);
        HttpResponse<String> nonsense =
                post("/console/failures/act", "act=x&scope=all&token=" + token, "Cookie", cookie);
        assertThat(nonsense.statusCode()).as("of the session, but no act").isEqualTo(422);
        assertThat(nonsense.body()).contains("retry or discard");
        assertThat(json("/observe/jolokia", "Cookie", cookie).statusCode()).isEqualTo(403);
        assertThat(json("/observe/jolokia", "Cookie", cookie, "X-CSRF-Token", token)
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/console/", "/console/login", "/console/assets/x/console.css", "/console/events"})
    void refusesPagesOfOthers(String path) throws Exception {
        assertThat(statusUnder("evil.example", path)).as("rebound name").isEqualTo(403);
        assertThat(get(path, "Origin", "https://evil.example").statusCode()).isEqualTo(403);
        assertThat(get(path, "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(403);
        assertThat(post(path, "a=b", "Origin", "https://evil.example").statusCode())
                .isEqualTo(403);
    }

    @Test
    void takesTokensOfAdministratorsAndOfNobodyElse() throws Exception {
        String admin = "Bearer " + Tokens.of("root", Map.of("role", "admin"));
        assertThat(get("/observe/health", "Authorization", admin).statusCode()).isEqualTo(200);
        assertThat(get("/console/runs", "Authorization", admin).body()).contains("root");
        assertThat(get("/console/runs", "Authorization", "Bearer " + Tokens.of("anna"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(get(
                                "/console/runs",
                                "Authorization",
                                "Bearer " + Tokens.of("anna", Map.of("role", "admin", "iss", "https://other.example")))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void answersScriptsWhatTheCommandsPrintAndActsForOperators() throws Exception {
        SANDBOX.execute("insert into mediaferry.transfer (entry, row_key, source, host, state, failure, object_key)"
                + " values ('Photo.url', '1', 'https://cdn.example/1', 'cdn.example', 'dead', 'gone', 'photos/1')");
        String admin = "Bearer " + Tokens.of("root", Map.of("role", "admin"));
        assertThat(get("/api/v1/status", "Authorization", admin).body()).contains("\"field\":\"Photo.url\"");
        assertThat(get("/api/v1/runs", "Authorization", admin).body()).isEqualTo("{\"runs\":[]}");
        assertThat(get("/api/v1/dead-letters?kind=gone", "Authorization", admin).body())
                .contains("\"total\":1", "\"host\":\"cdn.example\"");
        assertThat(get("/api/v1/dead-letters?kind=none", "Authorization", admin).statusCode())
                .isEqualTo(422);

        String discard = "/api/v1/dead-letters/discard";
        assertThat(api(discard, "{\"reason\": \"lost\"}", "Authorization", admin)
                        .statusCode())
                .as("nothing chosen is not everything")
                .isEqualTo(422);
        String cookie = cookie(logIn("vera", PASSWORD, "/console/"));
        String token = token(get("/console/", "Cookie", cookie).body());
        assertThat(api(discard, "{\"kind\": \"gone\", \"reason\": \"lost\"}", "Cookie", cookie, "X-CSRF-Token", token)
                        .statusCode())
                .as("a viewer")
                .isEqualTo(403);
        assertThat(api(discard, "{\"kind\": \"gone\", \"reason\": \"lost\"}", "Authorization", admin)
                        .body())
                .isEqualTo("{\"discarded\":1}");
        assertThat(SANDBOX.sql()
                        .sql("select who || ' ' || act from mediaferry.audit where ended is not null and failure is"
                                + " null")
                        .query(String.class)
                        .list())
                .containsExactly("root discard-dead-letters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ids\": 4711, \"kind\": \"forbidden\"}",
                "{\"ids\": [], \"kind\": \"forbidden\"}",
                "{\"ids\": {\"id\": 4711}, \"kind\": \"forbidden\"}",
                "{\"kind\": \"gone\", \"kind\": \"forbidden\"}",
                "{\"kind\": \"forbidden\"} {\"kind\": \"gone\"}",
                "{\"kind\": \"forbidden\", \"reason\": \"\\u0000\"}"
            })
    void triesNothingAgainWhereItIsNotClearWhatIsMeant(String body) throws Exception {
        SANDBOX.execute(
                "insert into mediaferry.transfer (entry, row_key, source, host, state, failure, object_key)"
                        + " values ('Photo.url', '1', 'https://cdn.example/1', 'cdn.example', 'dead', 'forbidden', 'photos/1')");
        String admin = "Bearer " + Tokens.of("root", Map.of("role", "admin"));
        assertThat(api("/api/v1/dead-letters/retry", body, "Authorization", admin)
                        .statusCode())
                .isEqualTo(422);
        assertThat(SANDBOX.sql()
                        .sql("delete from mediaferry.transfer where failure = 'forbidden' and state = 'dead'")
                        .update())
                .as("still dead")
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console/failures?host=%00",
                "/console/failures?kind=gone&kind=forbidden",
                "/console/runs/1/gallery?entry=%00",
                "/console/media?type=%00",
                "/api/v1/dead-letters?host=%00"
            })
    void saysWhatIsWrongWithAQuestion(String path) throws Exception {
        SANDBOX.execute("insert into mediaferry.run (id, kind, worker, options) overriding system value values"
                + " (1, 'migrate', 0, '{}') on conflict do nothing");
        String cookie = cookie(logIn("vera", PASSWORD, "/console/"));
        HttpResponse<String> answer = get(path, "Cookie", cookie);
        SANDBOX.execute("delete from mediaferry.run");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).containsAnyOf("has a character that no text in the database has", "more than once");
    }

    @Test
    void looksNowhereBeforeOrAfterTheTimesOfTheDatabase() throws Exception {
        String cookie = cookie(logIn("vera", PASSWORD, "/console/"));
        for (String time : List.of("%2B999999999-01-01T00:00:00Z", "-999999999-01-01T00:00:00Z", "yesterday")) {
            assertThat(get("/console/failures?kind=gone&before=" + time + "_1", "Cookie", cookie)
                            .statusCode())
                    .as(time)
                    .isEqualTo(200);
        }
    }

    /** Who is not in the file would otherwise be refused four times as fast. */
    @Test
    void takesAsLongForANameThatNobodyHas() throws IOException {
        String dear = new BCryptPasswordEncoder(12).encode(PASSWORD);
        UsersFile file = new UsersFile(Files.writeString(directory.resolve("dear"), "anna:" + dear + ":viewer\n"));
        assertThat(nanos(file, "anna")).isPositive();
        assertThat(nanos(file, "nobody")).isGreaterThan(nanos(file, "anna") / 2);
        assertThat(file.verify("nobody", PASSWORD)).isEmpty();
    }

    private static long nanos(UsersFile file, String name) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        assertThat(file.verify(name, "guess")).isEmpty();
        return threads.getCurrentThreadCpuTime() - before;
    }

    @Test
    void seesAChangeOfTheFileThatKeepsItsDate() throws IOException {
        Path file = Files.writeString(directory.resolve("dated"), "anna:" + hash + ":operator\n");
        FileTime date = FileTime.from(Instant.EPOCH);
        Files.setLastModifiedTime(file, date);
        UsersFile known = new UsersFile(file);
        UsersFile.User anna = known.verify("anna", PASSWORD).orElseThrow();
        Files.writeString(file, "anna:" + hash + ":viewer\n");
        Files.setLastModifiedTime(file, date);
        assertThat(known.has(anna)).isFalse();
    }

    @Test
    void logsOutWhoIsTakenOutOfTheFile() throws Exception {
        String cookie = cookie(logIn("gone", PASSWORD, "/console/"));
        assertThat(get("/console/", "Cookie", cookie).statusCode()).isEqualTo(200);
        write("anna:" + hash + ":operator", "vera:" + hash + ":viewer");
        assertThat(get("/console/", "Cookie", cookie).statusCode()).isEqualTo(303);
        assertThat(logIn("gone", PASSWORD, "/console/").statusCode()).isEqualTo(401);
        everybody();
    }

    @Test
    void startsOnNoOtherAddressWithoutALogin() {
        assertThatThrownBy(() -> ConsoleSettings.of(SANDBOX.settings("server.host", "0.0.0.0")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("mediaferry.server.host is 0.0.0.0")
                .hasMessageContaining("mediaferry.console.users-file");
        String[] tokens = Stream.concat(Stream.of("server.host", "0.0.0.0"), Stream.of(Tokens.settings("8078")))
                .toArray(String[]::new);
        assertThat(ConsoleSettings.of(SANDBOX.settings(tokens)).login()).isTrue();
        assertThatThrownBy(() -> ConsoleSettings.of(SANDBOX.settings(tokens).without("mediaferry.auth.admin-claim")))
                .hasMessageContaining("mediaferry.auth.admin-claim");
        assertThat(ConsoleSettings.of(SANDBOX.settings()).login()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anna",
                "anna:secret:operator",
                "anna:$2y$04$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy:operator"
            })
    void readsNoFileWithALineThatIsNone(String line) throws IOException {
        Path file = Files.writeString(directory.resolve("wrong"), "# users\n" + line + "\n");
        assertThatThrownBy(() -> new UsersFile(file))
                .hasMessageContaining("line 2")
                .hasMessageNotContaining("secret");
    }

    /** No client would name another host than it asks. */
    private static int statusUnder(String host, String path) throws IOException {
        URI server = URI.create(origin);
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(30_000);
            String request = "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(path, host);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            return Integer.parseInt(answer.readLine().split(" ")[1]);
        }
    }

    private static HttpResponse<String> logIn(String name, String password, String to) throws Exception {
        return post("/console/login", form(name, password, to));
    }

    private static String form(String name, String password, String to) {
        return "name=" + encoded(name) + "&password=" + encoded(password) + "&to=" + encoded(to);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String cookie(HttpResponse<String> answer) {
        return header(answer, "Set-Cookie").replaceFirst(";.*", "");
    }

    private static String token(String page) {
        Matcher matcher = TOKEN.matcher(page);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        return send(request(path, headers).GET());
    }

    private static HttpResponse<String> post(String path, String form, String... headers) throws Exception {
        return send(request(path, headers)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    private static HttpResponse<String> json(String path, String... headers) throws Exception {
        return api(path, "{\"type\":\"version\"}", headers);
    }

    private static HttpResponse<String> api(String path, String body, String... headers) throws Exception {
        return send(request(path, headers)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
