package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.mediaferry.api.ApiDocument;
import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.ApiClient.Answer;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import dev.mediaferry.fixture.YamlRoutes;
import dev.mediaferry.fixture.YamlRoutes.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The OpenAPI document says what the routes take, and what is really answered. */
class ApiDocumentTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final String REGISTRY =
            """
            uploads:
              - { type: OPEN, folder: open, content: [image/jpeg], max-bytes: 20MB, attach: { table: post, user: author } }
              - { type: SECRET, folder: secret, content: [image/jpeg], max-bytes: 20MB, access: private }
            """;

    private static final JsonNode DOCUMENT = read(new ApiDocument().json());
    private static final String PORT = FreePort.text();
    private static final ApiClient NOBODY = new ApiClient(Integer.parseInt(PORT), Optional.empty());
    private static final ApiClient ANNA = NOBODY.as("anna", Map.of());
    private static final byte[] PICTURE = Pictures.jpeg(1);

    @BeforeAll
    static void start() {
        SANDBOX.execute("create table post (id bigint primary key, author text)");
        SANDBOX.api(REGISTRY, Tokens.settings(PORT));
    }

    @Test
    void hasEveryAddressOfTheRoutes() throws Exception {
        Set<String> routes = new TreeSet<>();
        for (Route entry : YamlRoutes.entries()) {
            if (entry.kind().equals("rest")
                    && "/api/v1/media".equals(entry.yaml().get("path"))) {
                for (String method : List.of("get", "post", "put", "delete")) {
                    if (entry.yaml().get(method) instanceof List<?> addresses) {
                        addresses.forEach(address -> routes.add(
                                method + " " + YamlRoutes.map(address).get("path")));
                    }
                }
            }
        }
        Set<String> documented = new TreeSet<>();
        DOCUMENT.path("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    if (!method.equals("parameters")) {
                        documented.add(method + " " + path.getKey());
                    }
                }));
        assertThat(documented).isEqualTo(routes);
    }

    @Test
    void saysWhatIsAnswered() {
        SANDBOX.execute("insert into post values (1, 'anna')");
        check("/types", "get", ANNA.get("/types"));
        check("/upload-session", "post", ANNA.post("/upload-session", Map.of("mediaType", "none")));
        check("/upload-session", "post", ANNA.post("/upload-session", announcement("OPEN", 90_000_000, false)));
        Answer parts = ANNA.post("/upload-session", announcement("OPEN", PICTURE.length, true));
        check("/upload-session", "post", parts);
        String inParts = "/" + parts.text("mediaId");
        check("/{id}/parts", "post", ANNA.post(inParts + "/parts", Map.of("partNumbers", List.of(1))));
        check("/{id}/parts", "get", ANNA.get(inParts + "/parts"));
        check("/{id}/complete-multipart", "post", ANNA.send("POST", inParts + "/complete-multipart", null));
        check("/{id}/cancel", "post", ANNA.post(inParts + "/cancel", Map.of()));
        check("/{id}/status", "get", ANNA.get(inParts + "/status"));
        check("/{id}/retry-processing", "post", ANNA.post(inParts + "/retry-processing", Map.of()));
        for (String type : List.of("OPEN", "SECRET")) {
            Answer session = ANNA.post("/upload-session", announcement(type, PICTURE.length, false));
            check("/upload-session", "post", session);
            String medium = "/" + session.text("mediaId");
            check("/{id}/complete", "post", ANNA.post(medium + "/complete", Map.of()));
            ApiClient.upload(session.body(), PICTURE);
            check("/{id}/complete", "post", ANNA.post(medium + "/complete", Map.of()));
            check("/{id}", "get", ANNA.get(medium));
            check("/{id}/processing-status", "get", ANNA.get(medium + "/processing-status"));
            check("/{id}/ticket", "post", ANNA.post(medium + "/ticket", Map.of()));
            check("/{id}/file", "get", ANNA.get(medium + "/file"));
            SANDBOX.execute("update mediaferry.media set original_url = 'https://old.example/" + type + "' where id = '"
                    + session.text("mediaId") + "'");
            String old = "/by-url?url=https%3A%2F%2Fold.example%2F" + type;
            check("/by-url", "get", ANNA.get(old));
            check("/by-url", "get", NOBODY.as("bert", Map.of()).get(old));
            Map<String, Object> wish =
                    Map.of("ownerType", "post", "ownerId", "1", "mediaIds", List.of(session.text("mediaId")));
            check("/attach", "post", ANNA.post("/attach", wish));
        }
        Answer token = ANNA.post("/upload-token", Map.of("mediaType", "OPEN"));
        check("/upload-token", "post", token);
        String companion = "/companion/" + token.text("token") + "/s3";
        Answer uppy = NOBODY.post(companion + "/multipart", Map.of("filename", "a.jpg", "type", "image/jpeg"));
        check("/companion/{uploader}/s3/multipart", "post", uppy);
        check(
                "/companion/{uploader}/s3/params",
                "get",
                NOBODY.get(companion + "/params?filename=a.jpg&type=image/jpeg"));
        check("/user/{userId}", "get", ANNA.get("/user/anna"));
        check("/user/{userId}", "get", ANNA.get("/user/bert"));
        String row = "/attachments/{ownerType}/{ownerId}";
        check(row, "put", ANNA.put("/attachments/post/1", Map.of("mediaIds", List.of())));
        check(row, "delete", ANNA.delete("/attachments/post/1"));
        check("/{id}", "delete", ANNA.delete(inParts));
    }

    @Test
    void isShownToEverybodyOnAPageWithoutScripts() throws Exception {
        HttpResponse<String> page = fetch("/api/v1/docs");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .startsWith("default-src 'none'; style-src 'self'");
        assertThat(page.body())
                .contains("/upload-session", "Idempotency-Key", "retry-processing", "<code>mediaId</code>")
                .doesNotContain("<script", "http://", "https://", "style=");
        assertThat(read(fetch("/api/v1/openapi.json").body())).isEqualTo(DOCUMENT);
        assertThat(fetch("/api/v1/docs.css").headers().firstValue("content-type"))
                .hasValue("text/css");
        assertThat(fetch("/api/v1/docs/../media/types").statusCode()).isEqualTo(401);
    }

    private static void check(String path, String method, Answer answer) {
        String what = method + " " + path + " " + answer.status();
        JsonNode responses = DOCUMENT.path("paths").path(path).path(method).path("responses");
        String status = Integer.toString(answer.status());
        assertThat(responses.has(status) || answer.status() >= 400).as(what).isTrue();
        JsonNode response = responses.path(responses.has(status) ? status : "default");
        if (response.has("$ref")) {
            response = DOCUMENT.at(response.path("$ref").asText().substring(1));
        }
        String type = answer.header("content-type").orElse("");
        JsonNode content = response.path("content");
        assertThat(content.isMissingNode() ? "" : type).as(what).isEqualTo(type);
        if (!content.isMissingNode()) {
            assertThat(content.has(type)).as(what + " " + type).isTrue();
            ObjectNode schema = content.path(type).path("schema").deepCopy();
            schema.set("components", DOCUMENT.path("components"));
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(schema)
                            .validate(answer.body()))
                    .as(what + " " + answer.body())
                    .isEmpty();
        }
    }

    private static Map<String, Object> announcement(String type, long size, boolean parts) {
        return Map.of(
                "mediaType", type, "fileName", "a.jpg", "fileType", "image/jpeg", "fileSize", size, "multipart", parts);
    }

    private static HttpResponse<String> fetch(String path) throws Exception {
        // Not upgraded to HTTP/2, which this client of Java 17 loses count in when the answer is long.
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode read(String json) {
        try {
            return JsonMapper.builder().build().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
