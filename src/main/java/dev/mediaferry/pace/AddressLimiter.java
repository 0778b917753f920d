package dev.mediaferry.pace;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The requests to one address, over all hosts behind it: a bounded number at the same time once there are several. The last place is
 * for a host that has no request under way, so that a busy one does not keep it out. A single host has its own
 * {@link HostLimiter}, which learns what it bears. Times are nanoseconds of one clock.
 */
final class AddressLimiter {

    /** Nobody is behind it. */
    static final AddressLimiter NOBODY = new AddressLimiter(0);

    private static final long LOOK_AGAIN = Duration.ofMillis(50).toNanos();

    /** Those that wait come back one by one, so that their number costs nothing. */
    private static final long APART = Duration.ofMillis(5).toNanos();

    /** Rows of such hosts are not claimed while that many wait already. */
    private static final long FULL = Duration.ofMillis(500).toNanos();

    private final int most;
    private final Set<String> hosts = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> inFlightOf = new HashMap<>();
    private int inFlight;
    private boolean waited;
    private long nextReturn;

    /** @param most requests at the same time; 0 for any number */
    AddressLimiter(int most) {
        this.most = most;
    }

    /** @return 0 when a request to this host may go, which has to {@link #leave} then; else nanoseconds after which to come back */
    synchronized long enter(String host, long now) {
        if (most == 0) {
            return 0;
        }
        hosts.add(host);
        if (hosts.size() > 1 && inFlight >= (inFlightOf.containsKey(host) ? most - 1 : most)) {
            // Times of the clock may be negative.
            boolean queue = waited && nextReturn + APART - (now + LOOK_AGAIN) > 0;
            nextReturn = queue ? nextReturn + APART : now + LOOK_AGAIN;
            waited = true;
            return nextReturn - now;
        }
        inFlight++;
        inFlightOf.merge(host, 1, Integer::sum);
        return 0;
    }

    synchronized void leave(String host) {
        if (most > 0) {
            inFlight--;
            inFlightOf.computeIfPresent(host, (name, requests) -> requests == 1 ? null : requests - 1);
        }
    }

    /** @return false while more rows than get in soon wait already, unless this host has none under way */
    synchronized boolean hasRoom(String host, long now) {
        return !waited || nextReturn - now <= FULL || !inFlightOf.containsKey(host);
    }
}
