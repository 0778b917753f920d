package dev.mediaferry.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.link.HostPatterns;
import dev.mediaferry.link.InvalidLinkException;
import dev.mediaferry.link.Link;
import java.net.InetAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Facts that public suites agree on, compared with what this program does: which addresses stripe/smokescreen
 * (pkg/smokescreen/smokescreen_test.go) and arkadiyt/ssrf_filter (lib/ssrf_filter/ssrf_filter.rb) refuse, and what browsers
 * read from odd hosts by the WHATWG's URL standard and test data (web-platform-tests, url/resources/urltestdata.json).
 */
class PublicSuitesTest {

    private final AddressGuard guard = new AddressGuard(Set.of(), HostPatterns.NONE, HostPatterns.NONE);

    /** Smokescreen's table without what its test configures; public addresses in NAT64 are refused there, and not here. */
    @ParameterizedTest
    @CsvSource({
        "8.8.8.8, true",
        "10.0.0.1, false",
        "172.16.0.1, false",
        "192.168.0.1, false",
        "100.64.0.1, false",
        "100.64.0.100, false",
        "100.127.255.254, false",
        "100.63.255.254, true",
        "100.128.0.1, true",
        "127.0.0.1, false",
        "127.255.255.255, false",
        "::1, false",
        "169.254.169.254, false",
        "255.255.255.255, false",
        "ff02:0:0:0:0:0:0:2, false",
        "64:ff9b::ac1c:5, false",
        "64:ff9b::c000:201, false",
        "64:ff9b::a00:1, false",
        "64:ff9b::ffff:ffff, false",
        "2002:c000:201::1, false",
        "2002:a00:1::1, false",
        "2002:808:808::1, false",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2, false",
        "2001:0:1234:5678:9abc:def0:1234:5678, false",
        "2001:4860:4860::8888, true",
        "2606:4700:4700::1111, true",
        "64:ff9c::1, false",
    })
    void agreesWithSmokescreenAboutAnAddress(String address, boolean open) throws Exception {
        assertThat(GlobalUnicast.contains(InetAddress.getByName(address))).isEqualTo(open);
    }

    /** The IPv4 ranges of ssrf_filter, each also mapped and compatible as it is there, and in the tunnels of RFC 5214 and 6052. */
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.255.255.255",
        "10.0.0.0, 10.255.255.255",
        "100.64.0.0, 100.127.255.255",
        "127.0.0.0, 127.255.255.255",
        "169.254.0.0, 169.254.255.255",
        "172.16.0.0, 172.31.255.255",
        "192.0.0.0, 192.0.0.255",
        "192.0.2.0, 192.0.2.255",
        "192.88.99.0, 192.88.99.255",
        "192.168.0.0, 192.168.255.255",
        "198.18.0.0, 198.19.255.255",
        "198.51.100.0, 198.51.100.255",
        "203.0.113.0, 203.0.113.255",
        "224.0.0.0, 239.255.255.255",
        "240.0.0.0, 255.255.255.255",
    })
    void refusesARangeOfSsrfFilterInEveryDress(String first, String last) throws Exception {
        for (String address : new String[] {first, last}) {
            for (String dress : new String[] {"%s", "::ffff:%s", "::%s", "64:ff9b::%s", "2a00:1450::5efe:%s"}) {
                String dressed = dress.formatted(address);
                assertThat(GlobalUnicast.contains(InetAddress.getByName(dressed)))
                        .as(dressed)
                        .isFalse();
            }
        }
    }

    /** The IPv6 ranges of ssrf_filter, first and last address of each; 64:ff9b::/96 is judged by what it carries. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "::1",
                "100::",
                "100::ffff:ffff:ffff:ffff",
                "2001::",
                "2001:0:ffff:ffff:ffff:ffff:ffff:ffff",
                "2001:10::",
                "2001:1f:ffff:ffff:ffff:ffff:ffff:ffff",
                "2001:20::",
                "2001:2f:ffff:ffff:ffff:ffff:ffff:ffff",
                "2001:db8::",
                "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
                "2002::",
                "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "fc00::",
                "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "fe80::",
                "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "fec0::",
                "ff00::",
                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "64:ff9b:1::",
                "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
            })
    void refusesTheIpv6RangesOfSsrfFilter(String address) throws Exception {
        assertThat(GlobalUnicast.contains(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"172.217.6.78", "2606:2800:220:1:248:1893:25c8:1946"})
    void letsThroughWhatSsrfFilterDoes(String address) throws Exception {
        assertThat(GlobalUnicast.contains(InetAddress.getByName(address))).isTrue();
    }

    /**
     * Hosts that the WHATWG's test data reads as an address, which is given; they are refused rather than read, since not
     * every resolver reads them so.
     */
    @ParameterizedTest
    @CsvSource({
        "0Xc0.0250.01, 192.168.0.1",
        "%30%78%63%30%2e%30%32%35%30.01, 192.168.0.1",
        "%30%78%63%30%2e%30%32%35%30.01%2e, 192.168.0.1",
        "０Ｘｃ０．０２５０．０１, 192.168.0.1",
        "１９２．１６８．０．１, 192.168.0.1",
        "192.168.257, 192.168.1.1",
        "192.168.257., 192.168.1.1",
        "192.0x00A80001, 192.168.0.1",
        "0300.168.0.0xF0, 192.168.0.240",
        "0x7f.1, 127.0.0.1",
        "0x7F000001, 127.0.0.1",
        "2130706433, 127.0.0.1",
        "017700000001, 127.0.0.1",
        "127.1, 127.0.0.1",
        "127.0.0.1., 127.0.0.1",
        "127.0.0.0x1, 127.0.0.1",
        "0x, 0.0.0.0",
        "0, 0.0.0.0",
        "0xffffffff, 255.255.255.255",
        "4294967295, 255.255.255.255",
        "256, 0.0.1.0",
        "0..0x300, -",
    })
    void refusesAnAddressInAnOddSpelling(String host, String read) {
        assertThatExceptionOfType(InvalidLinkException.class)
                .as("a browser reads " + read)
                .isThrownBy(() -> Link.parse("http://" + host + "/"));
    }

    /** Hosts that the WHATWG's test data takes for a failure. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.168.0.257",
                "192.168.0.1 hello",
                "256.256.256.256",
                "4294967296",
                "0x100000000",
                "1.2.3.4.5.6",
                "1.2.3.08",
                "1.2.3.09",
                "foo.0x4",
                "foo.09",
                "foo.2.3",
                "09.2.3.4",
                "%zz%66%a.com",
                "%25",
                "hello%00",
                "％００.com",
                "％４１.com",
                "a b",
                "a<b",
                "a>b",
                "a^b",
                "a|b",
                "ab\u00adc%",
                "\ufdd0zyx.com",
                "[www.google.com]",
                "[::1.2.3.4x]",
                "[::1.2.3.]",
                "[::127.0.0.1.]",
                "[::1%eth0]",
                "[0:1:2:3:4:5:6:7:8]",
                "[1::2::3]",
            })
    void refusesWhatBrowsersRefuse(String host) {
        assertThatExceptionOfType(InvalidLinkException.class).isThrownBy(() -> Link.parse("http://" + host + "/"));
    }

    @ParameterizedTest
    @CsvSource({
        "Example.COM, example.com",
        "Ｇｏ.com, go.com",
        "www.foo。bar.com, www.foo.bar.com",
        "faß.ExAmPlE, xn--fa-hia.example",
        "你好你好, xn--6qqa088eba",
        "192.168.0.1, 192.168.0.1",
        "xn--fa-hia.example, xn--fa-hia.example",
    })
    void readsAHostAsBrowsersDo(String host, String read) throws Exception {
        assertThat(Link.parse("http://" + host + "/").host()).isEqualTo(read);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[::1]",
                "[0:0:0:0:0:0:0:1]",
                "[::]",
                "[::127.0.0.1]",
                "[::ffff:127.0.0.1]",
                "[::FFFF:7F00:1]",
                "[0:0:0:0:0:ffff:7f00:1]",
                "[::ffff:169.254.169.254]",
                "[64:ff9b::7f00:1]",
                "[2002:7f00:1::]",
                "[fe80::5efe:7f00:1]",
            })
    void refusesAnAddressInAnySpellingOfIpv6(String host) throws Exception {
        String spelled = Link.parse("http://" + host + "/").host();
        assertThatExceptionOfType(AddressRefusedException.class).isThrownBy(() -> guard.resolve(spelled, 80));
    }

    @Test
    void knowsTheServicesThatCloudsKeepForTheirMachines() {
        for (String host : new String[] {
            "169.254.169.254",
            "169.254.170.2",
            "100.100.100.200",
            "192.0.0.192",
            "168.63.129.16",
            "[fd00:ec2::254]",
            "[fd20:ce::254]"
        }) {
            assertThatExceptionOfType(AddressRefusedException.class).as(host).isThrownBy(() -> guard.resolve(host, 80));
        }
    }
}
