package dev.mediaferry.address;

import dev.mediaferry.link.HostPatterns;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Resolves names for downloads and lets through only what is public and not ruled out. The HTTP client asks it whenever it opens a
 * connection, for every attempt and every hop of a redirect, and connects to nothing else than what it answered: a name
 * that resolves differently a moment later changes nothing.
 */
public final class AddressGuard {

    private static final Set<Integer> PUBLIC_PORTS = Set.of(80, 443);

    private final Set<String> exceptions;
    private final HostPatterns allowed;
    private final HostPatterns denied;

    /**
     * @param exceptions {@code host:port} each, in lower case, that may be reached although they are not public
     * @param allowed hosts that nothing else may be reached beside; none for any
     * @param denied hosts that may not be reached, whatever else allows it; also compared with the addresses of a name
     */
    public AddressGuard(Set<String> exceptions, HostPatterns allowed, HostPatterns denied) {
        this.exceptions = Set.copyOf(exceptions);
        this.allowed = allowed;
        this.denied = denied;
    }

    /**
     * @return the addresses that may be connected to; where only some of a name's addresses may, those
     * @throws AddressRefusedException when none may; when the host's name is enough to know, it is not looked up
     */
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        Optional<String> refusal = refusal(host, port);
        if (refusal.isPresent()) {
            throw new AddressRefusedException(refusal.get());
        }
        if (exceptions.contains(host + ":" + port)) {
            return addresses(host, port);
        }
        List<InetSocketAddress> all = addresses(host, port);
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

    /**
     * @return the address that downloads from a host begin with; empty when there is none, or none is known. What the host's name
     *     alone forbids is not looked up
     */
    public Optional<InetAddress> address(String host) {
        if (denied.matches(host) || (!allowed.isEmpty() && !allowed.matches(host))) {
            return Optional.empty();
        }
        try {
            return Stream.of(InetAddress.getAllByName(host))
                    .filter(address -> !denied.matches(literal(address)))
                    .findFirst();
        } catch (UnknownHostException e) {
            // The request will say so.
            return Optional.empty();
        }
    }

    /** @return why nothing is sent there, as far as that is clear without looking the name up */
    public Optional<String> refusal(String host, int port) {
        if (denied.matches(host)) {
            return Optional.of(host + " is named in mediaferry.fetch.deny-hosts");
        }
        if (!allowed.isEmpty() && !allowed.matches(host)) {
            return Optional.of(host + " is not named in mediaferry.fetch.allow-hosts");
        }
        if (!PUBLIC_PORTS.contains(port) && !exceptions.contains(host + ":" + port)) {
            return Optional.of("port " + port + " of " + host + " is not 80 or 443; add " + host + ":" + port
                    + " to mediaferry.fetch.allow-private to allow it");
        }
        return Optional.empty();
    }

    private List<InetSocketAddress> addresses(String host, int port) throws UnknownHostException {
        InetAddress[] all = InetAddress.getAllByName(host);
        List<InetSocketAddress> open = Stream.of(all)
                .filter(address -> !denied.matches(literal(address)))
                .map(address -> new InetSocketAddress(address, port))
                .toList();
        if (open.isEmpty()) {
            throw new AddressRefusedException(
                    host + " is at " + literal(all[0]) + ", which is named in mediaferry.fetch.deny-hosts");
        }
        return open;
    }

    /** As it would stand in a link. */
    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        return address instanceof Inet4Address ? text : "[" + text + "]";
    }
}
