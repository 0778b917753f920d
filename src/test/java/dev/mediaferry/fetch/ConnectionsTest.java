package dev.mediaferry.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.link.HostPatterns;
import dev.mediaferry.pace.Delays;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.hc.core5.http.HttpHost;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionsTest {

    private final RequestDeadlines deadlines = new RequestDeadlines(Duration.ofSeconds(30), () -> {});
    private ServerSocket server;
    private HttpHost host;
    private Connections connections;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        host = new HttpHost("http", "127.0.0.1", server.getLocalPort());
        connections = new Connections(new FetchSettings(
                1,
                new Delays(Duration.ZERO, Map.of()),
                Duration.ofSeconds(5),
                1_000_000,
                Set.of("127.0.0.1:" + server.getLocalPort()),
                HostPatterns.NONE,
                HostPatterns.NONE));
    }

    @AfterEach
    void close() throws IOException {
        connections.close();
        deadlines.close();
        server.close();
    }

    /** A look takes a millisecond, more than a picture from a near host. */
    @Test
    void takesAConnectionUnseenThatWasUsedAMomentAgoHoweverOldItIs() throws Exception {
        lease().end(true);
        try (Socket accepted = server.accept()) {
            wait(Duration.ofMillis(1200));
            Connections.Lease seen = lease();
            assertThat(seen.reused()).isTrue();
            seen.end(true);
            accepted.close();
            assertThat(lease().reused()).isTrue();
        }
    }

    @Test
    void looksAtAConnectionThatWaitedForLong() throws Exception {
        lease().end(true);
        server.accept().close();
        wait(Duration.ofMillis(1200));
        assertThat(lease().reused()).isFalse();
    }

    private Connections.Lease lease() throws IOException {
        return connections.lease(host, deadlines.start());
    }

    private static void wait(Duration time) {
        Awaitility.await().pollDelay(time).until(() -> true);
    }
}
