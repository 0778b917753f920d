package dev.mediaferry.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.mediaferry.address.AddressRefusedException;
import dev.mediaferry.link.HostPatterns;
import dev.mediaferry.pace.Delays;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.junit.jupiter.api.Test;

class MediaClientTest {

    /** The exception covers plain HTTP only: that the guard refused the other port shows that it was tried. */
    @Test
    void triesTlsWhereThePortOfPlainHttpRefusesConnections() throws Exception {
        assumeThat(refusesConnections(80)).isTrue();
        URI link = URI.create("http://127.0.0.1/a.jpg");
        try (MediaClient client = new MediaClient(new FetchSettings(
                1,
                new Delays(Duration.ZERO, Map.of()),
                Duration.ofSeconds(5),
                1_000_000,
                Set.of("127.0.0.1:80"),
                HostPatterns.NONE,
                HostPatterns.NONE))) {
            assertThatExceptionOfType(ConnectException.class)
                    .isThrownBy(() ->
                            client.executeOpen(HttpHost.create(link), new BasicClassicHttpRequest("GET", link), null))
                    .satisfies(refusal -> assertThat(refusal.getSuppressed())
                            .singleElement()
                            .isInstanceOf(AddressRefusedException.class)
                            .asString()
                            .contains("127.0.0.1:443"));
        }
    }

    private static boolean refusesConnections(int port) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (ConnectException e) {
            return true;
        }
    }
}
