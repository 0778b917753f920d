package dev.mediaferry.address;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Resolves names for downloads and lets through only what is public. The HTTP client asks it whenever it opens a
 * connection, for every attempt and every hop of a redirect, and connects to nothing else than what it answered: a name
 * that resolves differently a moment later changes nothing.
 */
public final class AddressGuard {

    private static final Set<Integer> PUBLIC_PORTS = Set.of(80, 443);

    private final Set<String> exceptions;

    /** @param exceptions {@code host:port} each, in lower case, that may be reached whatever their address */
    public AddressGuard(Set<String> exceptions) {
        this.exceptions = Set.copyOf(exceptions);
    }

    /**
     * @return the addresses that may be connected to; where only some of a name's addresses are public, those
     * @throws AddressRefusedException when none may
     */
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        if (exceptions.contains(host + ":" + port)) {
            return addresses(host, port).toList();
        }
        if (!PUBLIC_PORTS.contains(port)) {
            throw new AddressRefusedException("port " + port + " of " + host + " is not 80 or 443; add " + host + ":"
                    + port + " to mediaferry.fetch.allow-private to allow it");
        }
        List<InetSocketAddress> all = addresses(host, port).toList();
        List<InetSocketAddress> open = all.stream()
                .filter(address -> GlobalUnicast.contains(address.getAddress()))
                .toList();
        if (open.isEmpty()) {
            throw new AddressRefusedException(
                    host + " is at " + all.get(0).getAddress().getHostAddress()
                            + ", which is not a public address; add " + host + ":" + port
                            + " to mediaferry.fetch.allow-private to allow it");
        }
        return open;
    }

    private static Stream<InetSocketAddress> addresses(String host, int port) throws UnknownHostException {
        return Stream.of(InetAddress.getAllByName(host)).map(address -> new InetSocketAddress(address, port));
    }
}
