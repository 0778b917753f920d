package dev.mediaferry.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose request it is, behind proxies. */
class TrustedProxiesTest {

    private static final TrustedProxies PROXIES = TrustedProxies.parse("127.0.0.1, 10.0.0.0/8,2001:db8::/32");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "192.0.2.1 | 198.51.100.7                    | 192.0.2.1", // no proxy of ours
                "127.0.0.1 | 198.51.100.7                    | 198.51.100.7",
                "10.9.8.7  | 1.1.1.1, 198.51.100.7, 10.1.1.1 | 198.51.100.7", // the first one is what the client has
                // written
                "127.0.0.1 | 198.51.100.7:4711               | 198.51.100.7",
                "127.0.0.1 | [2001:db9::1]:4711              | 2001:db9:0:0:0:0:0:1",
                "2001:db8::7 | 198.51.100.7                  | 198.51.100.7",
                "127.0.0.1 | unknown                         | 127.0.0.1",
                "127.0.0.1 | 198.51.100.7, evil.example      | 127.0.0.1", // no name is looked up
                "127.0.0.1 | 999.1.1.1                       | 127.0.0.1",
                "127.0.0.1 | 10.0.0.1, 10.0.0.2              | 10.0.0.1",
                "127.0.0.1 | ,,,                             | 127.0.0.1"
            })
    void believesOnlyWhatItsProxiesHaveAdded(String peer, String forwardedFor, String client) {
        assertThat(PROXIES.client(peer, List.of(forwardedFor), List.of())).isEqualTo(client);
    }

    @Test
    void readsForwardedToo() {
        List<String> forwarded = List.of("for=1.1.1.1", "proto=https;For=\"[2001:db9::1]:1\";by=_x, for=10.0.0.3");
        assertThat(PROXIES.client("127.0.0.1", List.of(), forwarded)).isEqualTo("2001:db9:0:0:0:0:0:1");
    }

    @Test
    void believesNeitherOfTwoHeadersThatDiffer() {
        assertThat(PROXIES.client("127.0.0.1", List.of("198.51.100.7"), List.of("for=198.51.100.8")))
                .isEqualTo("127.0.0.1");
        assertThat(PROXIES.client("127.0.0.1", List.of("198.51.100.7"), List.of("for=198.51.100.7")))
                .isEqualTo("198.51.100.7");
    }

    @Test
    void trustsNobodyUnlessToldSo() {
        assertThat(TrustedProxies.parse("").client("127.0.0.1", List.of("198.51.100.7"), List.of()))
                .isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.example", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "::1/129", "10.0.0"})
    void refusesWhatIsNoNetwork(String text) {
        assertThat(TrustedProxies.parse(text)).isNull();
    }
}
