package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SecureHost;
import dev.mediaferry.fixture.UnrulyCdn;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A header for one host reaches that host alone, and nobody on the way, whatever redirects say. */
@Tag("slow")
class HeadersTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    /** What was heard, by scheme, host and path. */
    private final Map<String, String> heard = new ConcurrentHashMap<>();

    @TempDir
    private Path directory;

    @Test
    void neitherFollowARedirectToAnotherHostNorLeaveTls() throws Exception {
        int plain = URI.create(CDN.picture()).getPort();
        Map<String, String> redirects = new ConcurrentHashMap<>();
        CDN.otherwise((exchange, request) -> answer("http", exchange, redirects));
        try (SecureHost secure =
                new SecureHost(directory, "cdn.test", exchange -> answer("https", exchange, redirects))) {
            String overTls = "https://cdn.test:" + secure.port();
            redirects.put("/down", "http://cdn.test:" + plain + "/down-plain");
            redirects.put("/down-up", "http://cdn.test:" + plain + "/up");
            redirects.put("/up", overTls + "/up-again");
            redirects.put("/away", "http://other.test:" + plain + "/away-other");
            redirects.put("/from-plain", overTls + "/at-tls");
            for (String path : new String[] {"/stays", "/down", "/down-up", "/away"}) {
                SANDBOX.photo(path, overTls + path);
            }
            SANDBOX.photo("from-plain", "http://cdn.test:" + plain + "/from-plain");

            run(secure, plain);

            assertThat(heard)
                    .containsOnly(
                            Map.entry("https cdn.test /stays", "k-1"),
                            Map.entry("https cdn.test /down", "k-1"),
                            Map.entry("http cdn.test /down-plain", "none"),
                            Map.entry("https cdn.test /down-up", "k-1"),
                            Map.entry("http cdn.test /up", "none"),
                            Map.entry("https cdn.test /up-again", "none"),
                            Map.entry("https cdn.test /away", "k-1"),
                            Map.entry("http other.test /away-other", "none"),
                            // The link itself is plain, and the operator has named its host.
                            Map.entry("http cdn.test /from-plain", "k-1"),
                            Map.entry("https cdn.test /at-tls", "k-1"));
        }
    }

    private void answer(String scheme, HttpExchange exchange, Map<String, String> redirects) {
        String path = exchange.getRequestURI().getPath();
        String host = exchange.getRequestHeaders().getFirst("Host").replaceFirst(":.*", "");
        String key = exchange.getRequestHeaders().getFirst("X-Key");
        heard.put(scheme + " " + host + " " + path, key == null ? "none" : key);
        try {
            if (redirects.containsKey(path)) {
                exchange.getResponseHeaders().set("Location", redirects.get(path));
                UnrulyCdn.send(exchange, 302, new byte[0]);
            } else {
                UnrulyCdn.send(exchange, 200, Pictures.jpeg(path.hashCode()));
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void run(SecureHost secure, int plain) throws Exception {
        Path headers = Files.writeString(
                directory.resolve("headers"), "# for the CDN\ncdn.test X-Key: k-1\nelse.test X-Key: k-2\n");
        var options = SANDBOX.options(
                directory.resolve("app"),
                Sandbox.REGISTRY.replace("hosts: [", "hosts: [\"*.test\", "),
                "fetch.headers-file",
                headers.toString(),
                "fetch.allow-private",
                "cdn.test:%1$d,other.test:%1$d,cdn.test:%2$d".formatted(plain, secure.port()));
        try (Program program = Program.start(options, secure.java("cdn.test", "other.test"), "migrate")) {
            assertThat(program.await(180)).as(program.err()).isZero();
        }
    }
}
