package dev.mediaferry.address;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells public addresses from all others, after IANA's special-purpose registries
 * (https://www.iana.org/assignments/iana-ipv4-special-registry, …/iana-ipv6-special-registry).
 */
final class GlobalUnicast {

    private record Block(byte[] prefix, int bits) {

        static Block of(String cidr) {
            int slash = cidr.indexOf('/');
            try {
                byte[] prefix = InetAddress.getByName(cidr.substring(0, slash)).getAddress();
                return new Block(prefix, Integer.parseInt(cidr.substring(slash + 1)));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(cidr, e);
            }
        }

        boolean contains(byte[] address) {
            int whole = bits / 8;
            for (int i = 0; i < whole; i++) {
                if (prefix[i] != address[i]) {
                    return false;
                }
            }
            int rest = bits % 8;
            return rest == 0 || ((prefix[whole] ^ address[whole]) & 0xff) >> (8 - rest) == 0;
        }
    }

    private static final List<Block> SPECIAL_V4 = blocks(
            "0.0.0.0/8", // this network
            "10.0.0.0/8", // private
            "100.64.0.0/10", // carrier-grade NAT
            "127.0.0.0/8", // loopback
            "168.63.129.16/32", // public by its number, but each Azure machine's own platform service
            "169.254.0.0/16", // link-local, cloud metadata
            "172.16.0.0/12", // private
            "192.0.0.0/24", // protocol assignments
            "192.0.2.0/24", // documentation
            "192.31.196.0/24", // AS112
            "192.52.193.0/24", // multicast tunnels
            "192.88.99.0/24", // 6to4 relays
            "192.168.0.0/16", // private
            "192.175.48.0/24", // AS112
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4"); // reserved, broadcast

    /** All of IPv6 that is public lies in here. */
    private static final Block GLOBAL_V6 = Block.of("2000::/3");

    private static final List<Block> SPECIAL_V6 = blocks(
            "2001::/23", // protocol assignments: Teredo, benchmarks, ORCHID
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4, given up by RFC 7526
            "2620:4f:8000::/48", // AS112
            "3ffe::/16", // the 6bone, given back; early Teredo
            "3fff::/20"); // documentation

    /** Carries an IPv4 address in its last four bytes, for networks without IPv4 of their own. */
    private static final Block NAT64 = Block.of("64:ff9b::/96");

    private GlobalUnicast() {}

    static boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return isPublicV4(bytes);
        }
        if (NAT64.contains(bytes)) {
            return isPublicV4(lastFour(bytes));
        }
        boolean special = SPECIAL_V6.stream().anyMatch(block -> block.contains(bytes));
        return GLOBAL_V6.contains(bytes) && !special && (!isIsatap(bytes) || isPublicV4(lastFour(bytes)));
    }

    private static boolean isPublicV4(byte[] bytes) {
        return SPECIAL_V4.stream().noneMatch(block -> block.contains(bytes));
    }

    /** RFC 5214: the interface identifier is 0000:5efe, with the bits for scope and group set or not, and an IPv4 address. */
    private static boolean isIsatap(byte[] bytes) {
        return (bytes[8] & 0xfc) == 0 && bytes[9] == 0 && (bytes[10] & 0xff) == 0x5e && (bytes[11] & 0xff) == 0xfe;
    }

    private static byte[] lastFour(byte[] bytes) {
        return new byte[] {bytes[12], bytes[13], bytes[14], bytes[15]};
    }

    private static List<Block> blocks(String... cidrs) {
        return Stream.of(cidrs).map(Block::of).toList();
    }
}
