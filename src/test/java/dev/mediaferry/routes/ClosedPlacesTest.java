package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The service does not start where everybody can read what is not verified, or private. */
@Tag("slow")
class ClosedPlacesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.acl", "public-read");

    private static final String REGISTRY =
            """
            uploads:
              - { type: OPEN, folder: open, content: [image/jpeg], max-bytes: 20MB }
              - { type: SECRET, folder: secret, content: [image/jpeg], max-bytes: 20MB, access: private }
            """;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer network;
    private volatile String served = "/none";

    @TempDir
    private Path directory;

    /** Something that serves a bucket to the public, or a part of it. */
    @BeforeEach
    void startNetwork() throws Exception {
        network = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        network.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            asked.add(path);
            exchange.sendResponseHeaders(path.startsWith(served) ? 200 : 403, -1);
            exchange.close();
        });
        network.start();
    }

    @AfterEach
    void stopNetwork() {
        network.stop(0);
    }

    private String[] settings() {
        return Stream.concat(
                        Stream.of(Tokens.settings(FreePort.text())),
                        Stream.of(
                                "storage.public-url",
                                "http://127.0.0.1:" + network.getAddress().getPort() + "/cdn"))
                .toArray(String[]::new);
    }

    @Test
    void startsWhereBothAreClosed() {
        SANDBOX.api(REGISTRY, settings());
        assertThat(asked)
                .hasSize(2)
                .anyMatch(path -> path.startsWith("/cdn/incoming/" + SANDBOX.ledgerId() + "/"))
                .anyMatch(path -> path.startsWith("/cdn/secret/"));
        assertThat(SANDBOX.keys()).as("the probes are removed again").isEmpty();
    }

    @Test
    void refusesAPlaceThatServesWhatArrives() {
        served = "/cdn/incoming/";
        assertThatThrownBy(() -> SANDBOX.api(REGISTRY, settings()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("bucket:")
                .hasMessageContaining("what arrives under incoming/");
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void refusesAPlaceThatServesWhatIsPrivate() throws Exception {
        served = "/cdn/secret/";
        List<String> options = SANDBOX.options(
                directory,
                REGISTRY,
                Stream.concat(
                                Stream.of(settings()),
                                Stream.of("home", directory.resolve("home").toString(), "server.port", FreePort.text()))
                        .toArray(String[]::new));
        try (Program program = Program.start(options, "run")) {
            assertThat(program.await()).isEqualTo(2);
            assertThat(program.err()).contains("SECRET", "bucket:", "what is private under secret/");
        }
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void startsWhereThePublicAddressDoesNotAnswer() {
        network.stop(0);
        SANDBOX.api(REGISTRY, settings());
        assertThat(SANDBOX.keys()).isEmpty();
    }
}
