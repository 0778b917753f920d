package dev.mediaferry.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobalUnicastTest {

    /** First and last address of each range, and its public neighbours on either side; - where there is none. */
    @ParameterizedTest(name = "{4}")
    @CsvSource({
        "-, 0.0.0.0, 0.255.255.255, 1.0.0.0, this network",
        "9.255.255.255, 10.0.0.0, 10.255.255.255, 11.0.0.0, private",
        "100.63.255.255, 100.64.0.0, 100.127.255.255, 100.128.0.0, carrier-grade NAT",
        "126.255.255.255, 127.0.0.0, 127.255.255.255, 128.0.0.0, loopback",
        "168.63.129.15, 168.63.129.16, 168.63.129.16, 168.63.129.17, a platform's own service",
        "169.253.255.255, 169.254.0.0, 169.254.255.255, 169.255.0.0, link-local",
        "172.15.255.255, 172.16.0.0, 172.31.255.255, 172.32.0.0, private",
        "191.255.255.255, 192.0.0.0, 192.0.0.255, 192.0.1.0, protocol assignments",
        "192.0.1.255, 192.0.2.0, 192.0.2.255, 192.0.3.0, documentation",
        "192.88.98.255, 192.88.99.0, 192.88.99.255, 192.88.100.0, 6to4 relays",
        "192.167.255.255, 192.168.0.0, 192.168.255.255, 192.169.0.0, private",
        "198.17.255.255, 198.18.0.0, 198.19.255.255, 198.20.0.0, benchmarks",
        "198.51.99.255, 198.51.100.0, 198.51.100.255, 198.51.101.0, documentation",
        "203.0.112.255, 203.0.113.0, 203.0.113.255, 203.0.114.0, documentation",
        "223.255.255.255, 224.0.0.0, 239.255.255.255, -, multicast",
        "-, 240.0.0.0, 255.255.255.255, -, reserved and broadcast",
        "-, 2001::, 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff, 2001:200::, protocol assignments",
        "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db9::, documentation",
        "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2002::, 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2003::, 6to4",
        "3ffd:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 3ffe::, 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff, 3fff:1000::, 6bone and documentation",
        "-, ::, 1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2000::, below the global range",
        "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 4000::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, -, above the global range",
    })
    void refusesARangeToItsBorders(String before, String first, String last, String after, String name)
            throws Exception {
        assertThat(isPublic(first)).isFalse();
        assertThat(isPublic(last)).isFalse();
        assertThat(before.equals("-") || isPublic(before)).isTrue();
        assertThat(after.equals("-") || isPublic(after)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.0.0.1",
                "169.254.169.254",
                "100.100.100.200",
                "0.0.0.0",
                "255.255.255.255",
                "::",
                "::1",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "fc00::1",
                "fd00:ec2::254",
                "ff02::1",
                "100::1",
                "5f00::1",
                "2001::1",
                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                "2001:2::1",
                "2001:10::1",
                "2001:20::1",
                "2002:7f00:1::1",
                "2002:808:808::1",
                "2620:4f:8000::1",
            })
    void refusesAnAddressThatIsNotPublic(String address) throws Exception {
        assertThat(isPublic(address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "1.1.1.1",
                "108.174.10.10",
                "2620:109:c00c:104::b93f:9001",
                "2606:4700:4700::1111",
                "2a00:1450:4001:80e::200e",
                "2620:4f:7fff::1",
                "2620:4f:8001::1",
            })
    void letsThroughWhatIsPublic(String address) throws Exception {
        assertThat(isPublic(address)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "::ffff:127.0.0.1, false",
        "::ffff:169.254.169.254, false",
        "::ffff:a00:1, false",
        "::ffff:8.8.8.8, true",
        "::127.0.0.1, false",
        "::8.8.8.8, false",
        "::ffff:0:127.0.0.1, false",
        "::ffff:0:8.8.8.8, false",
    })
    void judgesAMappedAddressByWhatItMaps(String address, boolean open) throws Exception {
        assertThat(isPublic(address)).isEqualTo(open);
    }

    @ParameterizedTest
    @CsvSource({
        "64:ff9b::7f00:1, false",
        "64:ff9b::a9fe:a9fe, false",
        "64:ff9b::c0a8:1, false",
        "64:ff9b::808:808, true",
        "64:ff9b::1:808:808, false",
        "64:ff9b:1::7f00:1, false",
        "64:ff9b:1::808:808, false",
    })
    void judgesATranslatedAddressByItsTarget(String address, boolean open) throws Exception {
        assertThat(isPublic(address)).isEqualTo(open);
    }

    @ParameterizedTest
    @CsvSource({
        "2a00:1450::5efe:7f00:1, false",
        "2a00:1450::200:5efe:a9fe:a9fe, false",
        "2a00:1450::5efe:10.0.0.1, false",
        "2a00:1450::5efe:808:808, true",
        "2a00:1450::200:5efe:808:808, true",
        "2a00:1450::100:5efe:7f00:1, false",
        "2a00:1450::300:5efe:a00:1, false",
        "2a00:1450::300:5efe:808:808, true",
        "2a00:1450::400:5efe:7f00:1, true",
        "2a00:1450::1:5efe:7f00:1, true",
        "fe80::5efe:808:808, false",
    })
    void judgesATunnelledAddressByItsEnd(String address, boolean open) throws Exception {
        assertThat(isPublic(address)).isEqualTo(open);
    }

    @Test
    void judgesAMappedAddressThatStaysAnIpv6Address() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xff;
        mapped[12] = 127;
        mapped[15] = 1;
        assertThat(GlobalUnicast.contains(Inet6Address.getByAddress("a.example", mapped, 0)))
                .isFalse();
    }

    private static boolean isPublic(String address) throws Exception {
        return GlobalUnicast.contains(InetAddress.getByName(address));
    }
}
