package dev.mediaferry.api;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Proxies in front of the API. Anybody can write X-Forwarded-For (or Forwarded, RFC 7239), so only what these have added to it is
 * believed: the last address that is none of theirs is the client's.
 */
public final class TrustedProxies {

    private static final Pattern V4 = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3}){3})(?::\\d{1,5})?");
    private static final Pattern V6 = Pattern.compile("([0-9a-fA-F:.]*:[0-9a-fA-F:.]*)");
    private static final Pattern V6_IN_BRACKETS = Pattern.compile("\\[([0-9a-fA-F:.]*:[0-9a-fA-F:.]*)](?::\\d{1,5})?");
    private static final Pattern FOR =
            Pattern.compile("(?:^|;)\\s*for\\s*=\\s*(?:\"([^\"]*)\"|([^;\\s]*))", Pattern.CASE_INSENSITIVE);

    private final List<Network> networks;

    private TrustedProxies(List<Network> networks) {
        this.networks = List.copyOf(networks);
    }

    private record Network(InetAddress address, int bits) {

        boolean has(InetAddress other) {
            byte[] mine = address.getAddress();
            byte[] theirs = other.getAddress();
            if (mine.length != theirs.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % Byte.SIZE;
                if (((mine[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /** @return null when a text is neither an address nor a network */
    static TrustedProxies parse(String text) {
        List<Network> networks = new ArrayList<>();
        for (String part : text.split(",")) {
            if (!part.isBlank()) {
                Network network = network(part.strip());
                if (network == null) {
                    return null;
                }
                networks.add(network);
            }
        }
        return new TrustedProxies(networks);
    }

    private static Network network(String text) {
        String[] parts = text.split("/", -1);
        InetAddress address = address(parts[0]).orElse(null);
        if (address == null || parts.length > 2) {
            return null;
        }
        int most = address.getAddress().length * Byte.SIZE;
        if (parts.length == 1) {
            return new Network(address, most);
        }
        boolean fits = parts[1].matches("\\d{1,3}") && Integer.parseInt(parts[1]) <= most;
        return fits ? new Network(address, Integer.parseInt(parts[1])) : null;
    }

    /**
     * @param peer who is connected
     * @param forwardedFor values of X-Forwarded-For, in their order
     * @param forwarded values of Forwarded, in their order
     * @return the address of who asks; of the proxy where it says none, or the two headers say different ones
     */
    public String client(String peer, List<String> forwardedFor, List<String> forwarded) {
        InetAddress connected = address(peer).orElse(null);
        if (connected == null || !trusts(connected)) {
            return peer;
        }
        Optional<InetAddress> one = forwardedFor.isEmpty() ? Optional.empty() : last(connected, entries(forwardedFor));
        Optional<InetAddress> other =
                forwarded.isEmpty() ? Optional.empty() : last(connected, named(entries(forwarded)));
        if (one.isPresent() && other.isPresent() && !one.equals(other)) {
            return connected.getHostAddress();
        }
        return one.or(() -> other).orElse(connected).getHostAddress();
    }

    private static List<String> entries(List<String> values) {
        return values.stream().flatMap(value -> Arrays.stream(value.split(","))).toList();
    }

    private static List<String> named(List<String> elements) {
        return elements.stream()
                .map(FOR::matcher)
                .map(found -> found.find() ? Optional.ofNullable(found.group(1)).orElse(found.group(2)) : "")
                .toList();
    }

    private Optional<InetAddress> last(InetAddress connected, List<String> hops) {
        InetAddress believed = connected;
        for (int i = hops.size() - 1; i >= 0 && trusts(believed); i--) {
            Optional<InetAddress> before = address(hops.get(i).strip());
            if (before.isEmpty()) {
                break;
            }
            believed = before.get();
        }
        return Optional.of(believed);
    }

    private boolean trusts(InetAddress address) {
        return networks.stream().anyMatch(network -> network.has(address));
    }

    /** A literal address only, so that no name is ever looked up. */
    private static Optional<InetAddress> address(String text) {
        for (Pattern form : List.of(V4, V6, V6_IN_BRACKETS)) {
            Matcher matcher = form.matcher(text);
            if (matcher.matches()) {
                try {
                    return Optional.of(InetAddress.getByName(matcher.group(1)));
                } catch (UnknownHostException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }
}
