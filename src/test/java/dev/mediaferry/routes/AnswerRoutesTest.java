package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.RawServer;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What servers answer that a strict reader would refuse, and a browser shows. */
@Tag("slow")
class AnswerRoutesTest {

    private static final RawServer SERVER = new RawServer();

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();
    private static final byte[] PICTURE = Pictures.jpeg(77);
    private static Engine engine;

    @BeforeAll
    static void start() {
        engine = SANDBOX.engine(
                Sandbox.REGISTRY.replace(
                        "hosts: [", "deadlines: [{ hosts: [localhost], parameter: until }]\nhosts: [localhost, "),
                "fetch.allow-private",
                SERVER.authority() + "," + CDN.authority() + ","
                        + CDN.authority().replace("127.0.0.1", "localhost"),
                "fetch.user-agent",
                "Mediaferry/{version} (media@example.com)",
                "fetch.headers",
                "127.0.0.1 Referer: https://app.example.com/\n*.1,other.example x-key: k-1");
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void takesEveryAnswerThatIsTheWholePicture() {
        int length = PICTURE.length;
        SANDBOX.photo(
                "206",
                SERVER.answering(
                        "/206",
                        "206 Partial Content\nContent-Range: bytes 0-" + (length - 1) + "/" + length
                                + "\nContent-Length: " + length,
                        PICTURE));
        SANDBOX.photo("203", SERVER.answering("/203", "203 Other\nContent-Length: " + length, PICTURE));
        SANDBOX.photo(
                "twice",
                SERVER.answering(
                        "/twice", "200 OK\nContent-Length: " + length + "\nContent-Length: " + length, PICTURE));
        SANDBOX.photo("list", SERVER.answering("/list", "200 OK\nContent-Length: " + length + ", " + length, PICTURE));
        SANDBOX.photo(
                "gzip",
                SERVER.answering("/gzip", "200 OK\nContent-Encoding: gzip\nContent-Length: " + length, PICTURE));
        SANDBOX.photo(
                "part",
                SERVER.answering(
                        "/part",
                        "206 Partial Content\nContent-Range: bytes 0-9/" + length,
                        Arrays.copyOf(PICTURE, 10)));
        SANDBOX.photo(
                "differ",
                SERVER.answering("/differ", "200 OK\nContent-Length: " + length + "\nContent-Length: 7", PICTURE));

        migrate();

        for (String id : new String[] {"206", "203", "twice", "list", "gzip"}) {
            assertThat(SANDBOX.outcome(id)).as(id).isEqualTo("linked");
            assertThat(SANDBOX.object(SANDBOX.key(SANDBOX.url(id)))).isEqualTo(PICTURE);
        }
        assertThat(SANDBOX.outcome("part")).isEqualTo("dead refused");
        assertThat(SANDBOX.outcome("differ")).startsWith("waiting ");
    }

    @Test
    void followsARedirectToTheBytesThatAreMeant() {
        SERVER.answering("/bild-%C3%A4.png", "200 OK", PICTURE);
        SERVER.answering("/d/q?v=2", "200 OK", PICTURE);
        SERVER.answering("/a%7Cb%5B1%5D%7B2%7D%5E%22", "200 OK", PICTURE);
        SANDBOX.photo("raw", SERVER.answering("/raw", "302 Found\nLocation: /bild-ä.png", new byte[0]));
        SANDBOX.photo("query", SERVER.answering("/d/q", "302 Found\nLocation: ?v=2", new byte[0]));
        SANDBOX.photo("odd", SERVER.answering("/odd", "302 Found\nLocation: /a|b[1]{2}^\"", new byte[0]));
        assertThat(migrate().migrated()).isEqualTo(3);
    }

    @Test
    void saysWhoAnsweredAndHow() {
        String gone = SERVER.answering("/old?sig=s3cret", "302 Found\nLocation: /new?sig=s3cret", new byte[0]);
        SANDBOX.photo("gone", gone);
        SANDBOX.photo(
                "page",
                SERVER.answering(
                        "/page",
                        "200 OK\nContent-Type: image/png\nContent-Encoding: br",
                        "<html>Sign in".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        migrate();
        assertThat(SANDBOX.outcome("gone")).isEqualTo("dead gone");
        assertThat(SANDBOX.transfer("gone").get("message").toString())
                .isEqualTo(
                        "the server answered HTTP 404 at http://" + SERVER.authority() + "/new, where the link leads");
        assertThat(SANDBOX.transfer("page").get("message").toString())
                .contains("begins with \"<html>Sign in\"", "Content-Type image/png", "Content-Encoding br");
    }

    @Test
    void sendsEachHostWhatItWantsToHearAndNoOtherHost() {
        String[] heard = new String[2];
        CDN.otherwise((exchange, request) -> {
            boolean local = exchange.getRequestHeaders().getFirst("Host").startsWith("localhost");
            heard[local ? 1 : 0] = exchange.getRequestHeaders().getFirst("Referer") + " "
                    + exchange.getRequestHeaders().getFirst("X-Key") + " "
                    + exchange.getRequestHeaders().getFirst("User-Agent").replaceFirst("/\\S+", "/1");
            if (local) {
                UnrulyCdn.send(exchange, 200, PICTURE);
            } else {
                exchange.getResponseHeaders()
                        .set("Location", "http://" + CDN.authority().replace("127.0.0.1", "localhost") + "/b");
                UnrulyCdn.send(exchange, 302, new byte[0]);
            }
        });
        SANDBOX.photo("1", "http://" + CDN.authority() + "/a");
        assertThat(migrate().migrated()).isEqualTo(1);
        assertThat(heard)
                .containsExactly(
                        "https://app.example.com/ k-1 Mediaferry/1 (media@example.com)",
                        "null null Mediaferry/1 (media@example.com)");
    }

    @Test
    void storesAPictureThatLacksOnlyItsEndMarkerWhenItComesTwice() {
        byte[] endless = Arrays.copyOf(PICTURE, PICTURE.length - 2);
        byte[] cut = Arrays.copyOf(PICTURE, PICTURE.length - 40);
        String same = CDN.serving(endless);
        String other = CDN.link((exchange, request) -> UnrulyCdn.send(
                exchange, 200, Arrays.copyOf(Pictures.jpeg(request), Pictures.jpeg(request).length - 2)));
        SANDBOX.photo("same", same);
        SANDBOX.photo("other", other);
        SANDBOX.photo("cut", CDN.serving(cut));
        SANDBOX.photo("unannounced", CDN.link((exchange, request) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(endless);
        }));

        migrate();

        assertThat(SANDBOX.outcome("same")).isEqualTo("linked");
        assertThat(SANDBOX.object(SANDBOX.key(SANDBOX.url("same")))).isEqualTo(endless);
        assertThat(SANDBOX.transfer("same")).containsEntry("repairs", "end-marker");
        assertThat(CDN.requests(same)).isEqualTo(2);
        assertThat(SANDBOX.outcome("other")).isEqualTo("waiting truncated");
        assertThat(SANDBOX.outcome("cut")).isEqualTo("waiting truncated");
        assertThat(SANDBOX.outcome("unannounced")).isEqualTo("waiting truncated");
    }

    @Test
    void obeysTheRuleOfAHost() {
        SANDBOX.photo("1", "http://" + CDN.authority().replace("127.0.0.1", "localhost") + "/x?until=1000000000");
        migrate();
        assertThat(SANDBOX.outcome("1")).isEqualTo("dead expired");
    }

    private static RunReport migrate() {
        return engine.migrate(RunOptions.ALL);
    }
}
