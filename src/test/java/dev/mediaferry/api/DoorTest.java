package dev.mediaferry.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.settings.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The time between the port and the routes, in which a whole engine cannot be caught for certain. */
class DoorTest {

    private final Vertx vertx = Vertx.vertx();
    private Router router;
    private Door door;
    private StatusStreams streams;
    private HttpServer server;

    @BeforeEach
    void listen() throws Exception {
        Settings settings = Settings.load(
                null,
                Map.of(),
                Map.of(
                        "mediaferry.auth.issuer",
                        "https://id.example.com/",
                        "mediaferry.auth.audience",
                        "media",
                        "mediaferry.auth.secret",
                        "0123456789abcdef0123456789abcdef"));
        streams =
                new StatusStreams((caller, id) -> Optional.empty(), ids -> List.of(), (id, ticket) -> Optional.empty());
        door = new Door(
                ApiSettings.of(settings), new Tokens(AuthSettings.of(settings)), token -> Optional.empty(), streams);
        router = Router.router(vertx);
        router.route().handler(door.entrance(vertx));
        server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() {
        streams.close();
        vertx.close();
    }

    @Test
    void asksClientsToComeBackUntilTheRoutesAreThere() throws Exception {
        for (String path : List.of("/api/v1/media/types", "/api/v1/docs", "/elsewhere")) {
            HttpResponse<String> early = get(path);
            assertThat(early.statusCode()).as(path).isEqualTo(503);
            assertThat(early.headers().firstValue("retry-after")).hasValue("1");
            assertThat(early.headers().firstValue("content-type")).hasValue(Problem.CONTENT_TYPE);
            assertThat(early.body()).contains("the service is starting");
        }

        door.open(router);

        assertThat(get("/api/v1/media/types").statusCode()).isEqualTo(401);
        assertThat(get("/api/v1/docs").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
