package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.mediaferry.api.ProblemException;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.ApiClient.Answer;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets into the API, and what it says to others. */
@Tag("slow")
class UploadDoorTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    static final String REGISTRY =
            """
            uploads:
              - { type: POST_IMAGE, folder: posts, content: [image/jpeg, image/png], max-bytes: { default: 20MB, pro: 100MB } }
            """;

    private static final String PORT = FreePort.text();
    private static final ApiClient NOBODY = new ApiClient(Integer.parseInt(PORT), Optional.empty());
    private static final ApiClient ANNA = NOBODY.as("anna", Map.of());
    private static Engine engine;

    @BeforeAll
    static void start() {
        engine = SANDBOX.api(
                REGISTRY,
                Stream.of(
                                Tokens.settings(PORT),
                                new String[] {"api.cors-origins", "https://app.example.com", "api.max-body", "10kB"})
                        .flatMap(Stream::of)
                        .toArray(String[]::new));
    }

    @Test
    void letsInWhomTheApplicationKnows() {
        Answer types = ANNA.get("/types");
        assertThat(types.status()).isEqualTo(200);
        assertThat(types.body().path("types").path(0).path("mediaType").asText())
                .isEqualTo("POST_IMAGE");
        assertThat(types.header("content-type")).hasValue("application/json");
        assertThat(types.header("x-content-type-options")).hasValue("nosniff");
        assertThat(types.response().headers().map()).doesNotContainKeys("authorization", "host", "user-agent");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/media/types",
                "/api/v1/media/types/",
                "//api/v1/media/types",
                "/api//v1/media/types",
                "/x/../api/v1/media/types",
                "/%61pi/v1/media/types",
                "/api/v1/%6dedia/types",
                "/api/v1/media/./types",
                "/api%2fv1/media/types",
                "/API/v1/media/types",
                "http://127.0.0.1/api/v1/media/types",
                "/",
                "/favicon.ico"
            })
    void letsNobodyInWithoutATokenHoweverThePathIsSpelt(String path) {
        for (String method : new String[] {"GET", "POST", "DELETE", "HEAD", "PROPFIND"}) {
            String answer =
                    NOBODY.raw(method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
            assertThat(answer).startsWith("HTTP/1.1 401 ").containsIgnoringCase("www-authenticate: Bearer");
        }
    }

    static Stream<String> strangers() {
        Date past = Date.from(Instant.now().minusSeconds(600));
        return Stream.of(
                Tokens.of("anna", Map.of("iss", "https://other.example/")),
                Tokens.of("anna", Map.of("aud", "other")),
                Tokens.of("anna", Map.of("exp", past)),
                Tokens.of("anna", Map.of("nbf", Date.from(Instant.now().plusSeconds(600)))),
                Tokens.of("", Map.of()),
                new PlainJWT(new JWTClaimsSet.Builder()
                                .subject("anna")
                                .issuer(Tokens.ISSUER)
                                .audience(Tokens.AUDIENCE)
                                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                                .build())
                        .serialize(),
                Tokens.of("anna").replaceFirst("\\.[^.]*$", "."),
                Tokens.of("anna").replaceFirst("\\.[^.]*$", ".AAAA"),
                "a.b.c",
                "nonsense");
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void refusesTokensThatAreNotForIt(String token) {
        Answer answer = new ApiClient(Integer.parseInt(PORT), Optional.of(token)).get("/types");
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("content-type")).hasValue("application/problem+json");
        assertThat(answer.text("type")).isEqualTo("urn:mediaferry:problem:unauthenticated");
        assertThat(answer.text("error")).isEqualTo("unauthenticated");
        assertThat(answer.text("message")).isEqualTo(answer.text("detail")).isNotEmpty();
        assertThat(answer.body().path("status").asInt()).isEqualTo(401);
    }

    @Test
    void forgivesAClockThatIsLessThanAMinuteSlow() {
        String justOver =
                Tokens.of("anna", Map.of("exp", Date.from(Instant.now().minusSeconds(30))));
        assertThat(new ApiClient(Integer.parseInt(PORT), Optional.of(justOver))
                        .get("/types")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void refusesTwoTokensAtOnce() {
        assertThat(NOBODY.raw("GET /api/v1/media/types HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                        + "Authorization: Bearer " + Tokens.of("anna") + "\r\n"
                        + "Authorization: Bearer " + Tokens.of("bert") + "\r\n\r\n"))
                .startsWith("HTTP/1.1 401 ");
    }

    @Test
    void refusesInTheRoutesToo() {
        Processor request = engine.context().getRegistry().lookupByNameAndType("api-request", Processor.class);
        Exchange forged = new DefaultExchange(engine.context());
        forged.getMessage().setHeader("CamelVertxPlatformHttpAuthenticatedUser", "anna");
        assertThatThrownBy(() -> request.process(forged)).isInstanceOf(ProblemException.class);
    }

    @Test
    void answersInDocumentsWhereThereIsNothing() {
        Answer nothing = ANNA.get("/types/more/than/that");
        assertThat(nothing.status()).isEqualTo(404);
        assertThat(nothing.text("error")).isEqualTo("not-found");
        Answer method = ANNA.send("PUT", "/types", null);
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.header("allow").orElseThrow()).contains("GET");
        assertThat(method.text("error")).isEqualTo("method-not-allowed");
    }

    @Test
    void refusesBodiesThatAreTooLarge() {
        byte[] large = new byte[10_001];
        Answer announced = ANNA.send("POST", "/upload-session", large, "content-type", "application/json");
        assertThat(announced.status()).isEqualTo(413);
        assertThat(announced.text("error")).isEqualTo("too-large");
        String chunked = NOBODY.raw("POST /api/v1/media/upload-session HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Authorization: Bearer " + Tokens.of("anna") + "\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n2800\r\n" + " ".repeat(0x2800)
                + "\r\n0\r\n\r\n");
        assertThat(chunked).startsWith("HTTP/1.1 413 ").contains("\"error\":\"too-large\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{} {}",
                "{\"mediaType\":\"POST_IMAGE\",\"fileType\":\"image/jpeg\",\"fileSize\":5,\"userId\":\"bert\"}",
                "{\"mediaType\":\"POST_IMAGE\",\"fileType\":\"image/jpeg\",\"fileSize\":5,\"fileSize\":6}",
                "{\"mediaType\":\"POST_IMAGE\",\"fileType\":\"image/jpeg\",\"fileSize\":\"5\"}",
                "{\"mediaType\":\"POST_IMAGE\",\"fileType\":\"image/jpeg\",\"fileSize\":5.5}",
                "{\"mediaType\":\"POST_IMAGE\",\"fileType\":\"image/jpeg\",\"fileSize\":0}",
                "{\"mediaType\":\"POST_IMAGE\",\"fileType\":\"image/jpeg\"}",
                "{\"mediaType\":\"NONE\",\"fileType\":\"image/jpeg\",\"fileSize\":5}",
                "{\"mediaType\":\"POST_IMAGE\",\"fileType\":\"jpeg\",\"fileSize\":5}",
                "{\"mediaType\":\"POST_IMAGE\",\"fileType\":\"image/jpeg\",\"fileSize\":5,\"sha256\":\"abc\"}"
            })
    void refusesWhatIsNoAnnouncement(String body) {
        Answer answer = ANNA.send(
                "POST", "/upload-session", body.getBytes(StandardCharsets.UTF_8), "content-type", "application/json");
        assertThat(answer.status()).as(answer.text("detail")).isEqualTo(400);
        assertThat(answer.text("error")).isEqualTo("invalid-request");
        assertThat(answer.text("detail")).isNotEmpty().doesNotContain("dev.mediaferry", "jackson");
    }

    @Test
    void callsARequestThatIsForNoPathAMistakeOfTheClient() {
        assertThat(NOBODY.raw("OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void takesNothingButJson() {
        assertThat(ANNA.send("POST", "/upload-session", new byte[] {'{', '}'}, "content-type", "text/plain")
                        .status())
                .isEqualTo(415);
    }

    @Test
    void letsPagesOfTheOriginsThatAreSetAsk() {
        Answer preflight = NOBODY.send(
                "OPTIONS",
                "/upload-session",
                null,
                "origin",
                "https://app.example.com",
                "access-control-request-method",
                "POST",
                "access-control-request-headers",
                "authorization,content-type");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("access-control-allow-origin")).hasValue("https://app.example.com");
        assertThat(preflight.header("access-control-allow-methods").orElseThrow())
                .contains("POST", "DELETE");
        Answer asked = ANNA.get("/types", "origin", "https://app.example.com");
        assertThat(asked.status()).isEqualTo(200);
        assertThat(asked.header("access-control-allow-origin")).hasValue("https://app.example.com");
        Answer refused = NOBODY.get("/types", "origin", "https://app.example.com");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("access-control-allow-origin"))
                .as("so that a page may read why")
                .hasValue("https://app.example.com");
    }

    @Test
    void refusesPagesOfOtherOrigins() {
        Answer asked = ANNA.get("/types", "origin", "https://evil.example");
        assertThat(asked.status()).isEqualTo(403);
        assertThat(asked.text("error")).isEqualTo("forbidden");
        assertThat(asked.header("access-control-allow-origin")).isEmpty();
    }

    @Test
    void startsOnlyWhenItIsSaidWhoseTokensAreTaken() {
        assertThatThrownBy(() -> SANDBOX.api(REGISTRY, "api.port", FreePort.text()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("mediaferry.auth.jwks-url");
    }

    @Test
    void namesThePortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            String port = Integer.toString(taken.getLocalPort());
            assertThatThrownBy(() -> SANDBOX.api(REGISTRY, Tokens.settings(port)))
                    .hasMessageContaining("mediaferry.api.port " + port);
        }
    }
}
