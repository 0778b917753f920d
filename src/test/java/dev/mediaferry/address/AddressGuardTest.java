package dev.mediaferry.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.link.HostPatterns;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {

    private final AddressGuard guard = guard(HostPatterns.NONE, HostPatterns.NONE);

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

    @Test
    void reachesNothingBesideTheHostsThatAreAllowed() throws Exception {
        AddressGuard narrow = guard(hosts("8.8.*", "localhost"), HostPatterns.NONE);
        assertThat(narrow.resolve("8.8.8.8", 443)).hasSize(1);
        assertThat(narrow.resolve("localhost", 80)).isNotEmpty();
        assertRefused(narrow, "1.1.1.1", 443, "1.1.1.1 is not named in mediaferry.fetch.allow-hosts");
        assertRefused(narrow, "127.0.0.1", 8080, "127.0.0.1 is not named in mediaferry.fetch.allow-hosts");
    }

    @Test
    void stillRefusesWhatIsNotPublicAmongTheHostsThatAreAllowed() {
        assertThatExceptionOfType(AddressRefusedException.class)
                .isThrownBy(() -> guard(hosts("*"), HostPatterns.NONE).resolve("10.0.0.1", 80))
                .withMessageContaining("not a public address");
    }

    @Test
    void reachesNoHostThatIsDeniedWhateverAllowsIt() {
        AddressGuard narrow = guard(hosts("*"), hosts("local*", "8.8.8.8", "[::1]", "[2606:4700::1111]"));
        assertRefused(narrow, "localhost", 80, "localhost is named in mediaferry.fetch.deny-hosts");
        assertRefused(narrow, "8.8.8.8", 80, "8.8.8.8 is named in mediaferry.fetch.deny-hosts");
        assertRefused(narrow, "[::1]", 443, "[::1] is named in mediaferry.fetch.deny-hosts");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[2606:4700:0::0:1111]", "[2606:4700:0:0:0:0:0:1111]", "[::ffff:8.8.8.8]", "[::ffff:808:808]"})
    void seesADeniedAddressInEverySpelling(String host) {
        assertThatExceptionOfType(AddressRefusedException.class)
                .isThrownBy(() -> guard(HostPatterns.NONE, hosts("8.8.8.8", "[2606:4700::1111]"))
                        .resolve(host, 80))
                .withMessageContaining("named in mediaferry.fetch.deny-hosts");
    }

    @Test
    void seesADeniedAddressBehindAName() throws Exception {
        assertRefused(
                guard(HostPatterns.NONE, hosts("127.*", "[::1]")),
                "localhost",
                80,
                "localhost is at " + literalOfLocalhost() + ", which is named in mediaferry.fetch.deny-hosts");
    }

    /** The name exists nowhere: to look it up would end as an unknown host. */
    @Test
    void doesNotLookUpANameThatIsRefusedByItself() {
        assertRefused(
                guard(HostPatterns.NONE, hosts("*.invalid")),
                "no-such-host.invalid",
                80,
                "no-such-host.invalid is named in mediaferry.fetch.deny-hosts");
        assertRefused(
                guard(hosts("a.example"), HostPatterns.NONE),
                "no-such-host.invalid",
                80,
                "no-such-host.invalid is not named in mediaferry.fetch.allow-hosts");
    }

    private static String literalOfLocalhost() throws UnknownHostException {
        InetAddress first = InetAddress.getAllByName("localhost")[0];
        return first instanceof Inet4Address ? first.getHostAddress() : "[" + first.getHostAddress() + "]";
    }

    private static AddressGuard guard(HostPatterns allowed, HostPatterns denied) {
        return new AddressGuard(Set.of("127.0.0.1:8080", "localhost:80", "[::1]:443"), allowed, denied);
    }

    private static HostPatterns hosts(String... patterns) {
        return new HostPatterns(List.of(patterns));
    }

    private static void assertRefused(AddressGuard guard, String host, int port, String message) {
        assertThatExceptionOfType(AddressRefusedException.class)
                .isThrownBy(() -> guard.resolve(host, port))
                .withMessage(message);
    }

    private List<String> resolve(String host, int port) throws UnknownHostException {
        return guard.resolve(host, port).stream()
                .map(address -> address.getAddress().getHostAddress() + ":" + address.getPort())
                .toList();
    }
}
