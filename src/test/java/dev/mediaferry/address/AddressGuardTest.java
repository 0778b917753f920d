package dev.mediaferry.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {

    private final AddressGuard guard = new AddressGuard(Set.of("127.0.0.1:8080", "localhost:80", "[::1]:443"));

    @ParameterizedTest
    @ValueSource(ints = {80, 443})
    void letsThroughAPublicAddress(int port) throws Exception {
        assertThat(resolve("8.8.8.8", port)).containsExactly("8.8.8.8:" + port);
        assertThat(resolve("[2606:4700::1111]", port)).containsExactly("2606:4700:0:0:0:0:0:1111:" + port);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "169.254.169.254, 169.254.169.254",
        "10.1.2.3, 10.1.2.3",
        "[::1], 0:0:0:0:0:0:0:1",
        "[::ffff:192.168.0.1], 192.168.0.1",
    })
    void refusesAPrivateAddress(String host, String address) {
        assertThatExceptionOfType(AddressRefusedException.class)
                .isThrownBy(() -> guard.resolve(host, 80))
                .withMessage(
                        "%s is at %s, which is not a public address; add %s:80 to mediaferry.fetch.allow-private to allow it",
                        host, address, host);
    }

    @Test
    void refusesANameThatLeadsToAPrivateAddress() {
        assertThatExceptionOfType(AddressRefusedException.class)
                .isThrownBy(() -> guard.resolve("localhost", 443))
                .withMessageStartingWith("localhost is at ");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 22, 79, 81, 442, 444, 5432, 8080, 65535})
    void refusesEveryPortThatServesNoWeb(int port) {
        assertThatExceptionOfType(AddressRefusedException.class)
                .isThrownBy(() -> guard.resolve("8.8.8.8", port))
                .withMessage(
                        "port %d of 8.8.8.8 is not 80 or 443; add 8.8.8.8:%d to mediaferry.fetch.allow-private to allow it",
                        port, port);
    }

    @Test
    void letsThroughWhatIsAllowedByHostAndPort() throws Exception {
        assertThat(resolve("127.0.0.1", 8080)).containsExactly("127.0.0.1:8080");
        assertThat(resolve("[::1]", 443)).containsExactly("0:0:0:0:0:0:0:1:443");
        assertThat(resolve("localhost", 80)).contains("127.0.0.1:80");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 80", "127.0.0.1, 8081", "127.0.0.2, 8080", "localhost, 8080", "[::1], 80"})
    void allowsNothingBesideIt(String host, int port) {
        assertThatExceptionOfType(AddressRefusedException.class).isThrownBy(() -> guard.resolve(host, port));
    }

    @Test
    void tellsAnUnknownNameFromARefusedOne() {
        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> guard.resolve("no-such-host.invalid", 80))
                .isNotInstanceOf(AddressRefusedException.class);
    }

    private List<String> resolve(String host, int port) throws UnknownHostException {
        return guard.resolve(host, port).stream()
                .map(address -> address.getAddress().getHostAddress() + ":" + address.getPort())
                .toList();
    }
}
