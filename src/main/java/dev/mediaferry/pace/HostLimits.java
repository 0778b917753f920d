package dev.mediaferry.pace;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * When the next request to a host may go, as configured and as its answers have taught. A request reserves its time, waits
 * for it, and enters; so requests to a slow host wait without holding up those to another.
 */
public final class HostLimits {

    /** Nobody waits longer in memory: such rows go back into the queue. A second more than what is claimed ahead. */
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(6);

    /** A name may lead elsewhere later, so it is looked up again after that long. */
    private static final long ADDRESS_KEPT = Duration.ofSeconds(10).toNanos();

    /** Stands where others have a host: files of this machine, that nobody needs to be polite to. No host has such a name. */
    public static final String LOCAL = "(file)";

    private final Delays delays;
    private final int concurrency;
    private final int perAddress;
    private final Function<String, Optional<InetAddress>> addresses;
    private final LongSupplier nanoTime;
    private final Map<InetAddress, AddressLimiter> crowds = new ConcurrentHashMap<>();
    private final Map<String, Crowd> crowdOf = new ConcurrentHashMap<>();
    private final Map<String, HostLimiter> lanes = new ConcurrentHashMap<>();
    private Set<String> obeyed = Set.of();

    /** How a host is treated. */
    public enum State {
        /** Nothing is known against it. */
        FREE,
        /** It has complained before: below the rate that it complained at, or trying what it bears. */
        SLOWED,
        /** A single request finds out whether it is well again. */
        PROBED,
        /** Nobody asks it. */
        SHUT_OUT
    }

    /**
     * Those that share an address with a host.
     *
     * @param since when the host was looked up
     */
    private record Crowd(AddressLimiter limiter, long since) {}

    /**
     * What was learnt of a host.
     *
     * @param rate requests per second, 0 for any number
     * @param concurrency requests at the same time
     * @param limit requests per second at which it complained, 0 for never
     * @param width requests at the same time when it complained
     * @param clean seconds of good answers since
     * @param hold seconds of them before more is tried
     * @param strikes complaints or failures without a good answer in between
     * @param closedFor how long nobody is to ask it
     */
    public record Learnt(
            String host,
            State state,
            double rate,
            int concurrency,
            double limit,
            double width,
            double clean,
            double hold,
            int strikes,
            Duration closedFor) {}

    /**
     * What an operator wants of a host.
     *
     * @param interval between two requests at the least; zero for what is configured and learnt
     * @param paused nobody is to ask it
     */
    public record Wish(Duration interval, boolean paused) {}

    /**
     * @param concurrency requests at the same time, over all hosts
     * @param perAddress requests at the same time to one address that several hosts are behind; 0 for any number
     * @param addresses tells where a host is; empty when nobody knows
     */
    public HostLimits(
            Delays delays, int concurrency, int perAddress, Function<String, Optional<InetAddress>> addresses) {
        this(delays, concurrency, perAddress, addresses, System::nanoTime);
    }

    HostLimits(Delays delays, int concurrency, LongSupplier nanoTime) {
        this(delays, concurrency, 0, host -> Optional.empty(), nanoTime);
    }

    HostLimits(
            Delays delays,
            int concurrency,
            int perAddress,
            Function<String, Optional<InetAddress>> addresses,
            LongSupplier nanoTime) {
        this.perAddress = perAddress;
        this.addresses = addresses;
        this.delays = delays;
        this.concurrency = concurrency;
        this.nanoTime = nanoTime;
    }

    /** @return true when requests to this host have to reserve their time */
    public boolean isPaced(String host) {
        return !host.equals(LOCAL) && lane(host).isPaced(nanoTime.getAsLong());
    }

    /** @return how long to wait until the request may come; more than {@link #LONGEST_WAIT} is not reserved */
    public Duration reserve(String host) {
        return host.equals(LOCAL)
                ? Duration.ZERO
                : Duration.ofNanos(lane(host).reserve(nanoTime.getAsLong(), LONGEST_WAIT.toNanos()));
    }

    /** @return a visit that has begun, and has to be ended; or one that has to come back */
    public Permit enter(String host) {
        HostLimiter lane = lane(host);
        long now = nanoTime.getAsLong();
        AddressLimiter crowd = crowd(host, now);
        long crowded = crowd.enter(host, now);
        if (crowded > 0) {
            return new Permit(lane, crowd, host, now, crowded, true, nanoTime);
        }
        long wait = lane.enter(now);
        if (wait > 0) {
            crowd.leave(host);
        }
        return new Permit(lane, crowd, host, now, wait, false, nanoTime);
    }

    private AddressLimiter crowd(String host, long now) {
        if (perAddress == 0) {
            return AddressLimiter.NOBODY;
        }
        Crowd known = crowdOf.get(host);
        if (known == null || now - known.since() > ADDRESS_KEPT) {
            AddressLimiter limiter = addresses
                    .apply(host)
                    .map(address -> crowds.computeIfAbsent(address, at -> new AddressLimiter(perAddress)))
                    .orElse(AddressLimiter.NOBODY);
            known = new Crowd(limiter, now);
            crowdOf.put(host, known);
        }
        return known.limiter();
    }

    /** @return how long everybody still keeps away from a host; zero for not at all */
    public Duration closedFor(String host) {
        return Duration.ofNanos(lane(host).closedFor(nanoTime.getAsLong()));
    }

    /** @return true when the host is shut out since it failed or complained again and again */
    public boolean isOpen(String host) {
        return lane(host).isOpen();
    }

    /** @return how many rows of this host may be claimed now, at most {@code most} */
    public int room(String host, int most) {
        if (host.equals(LOCAL)) {
            return most;
        }
        long now = nanoTime.getAsLong();
        Crowd known = crowdOf.get(host);
        return known == null || known.limiter().hasRoom(host, now) ? lane(host).room(now, most) : 0;
    }

    /** @return the hosts of which something was learnt since the last call, also that it is forgotten */
    public List<Learnt> changes() {
        long now = nanoTime.getAsLong();
        return lanes.entrySet().stream()
                .filter(entry -> entry.getValue().takeChanged())
                .map(entry -> entry.getValue().learnt(entry.getKey(), now))
                .toList();
    }

    /** @return the hosts that are slowed down or shut out now */
    public List<Learnt> held() {
        long now = nanoTime.getAsLong();
        return lanes.entrySet().stream()
                .map(entry -> entry.getValue().learnt(entry.getKey(), now))
                .filter(learnt -> learnt.state() != State.FREE)
                .toList();
    }

    /** Goes on from what was known before. */
    public void recall(Learnt known) {
        lane(known.host()).recall(known, nanoTime.getAsLong());
    }

    /** Keeps away from a host that has asked another process to. */
    public void close(String host, Duration time) {
        lane(host).close(nanoTime.getAsLong() + time.toNanos());
    }

    /**
     * Does what an operator wants of hosts, and no longer what was wanted of others before.
     *
     * @param wishes by host
     */
    public synchronized void obey(Map<String, Wish> wishes) {
        obeyed.stream().filter(host -> !wishes.containsKey(host)).forEach(host -> lane(host)
                .order(0, false));
        wishes.forEach((host, wish) -> lane(host).order(wish.interval().toNanos(), wish.paused()));
        obeyed = Set.copyOf(wishes.keySet());
    }

    private HostLimiter lane(String host) {
        return lanes.computeIfAbsent(
                host, name -> new HostLimiter(delays.of(name).toNanos(), concurrency, nanoTime.getAsLong()));
    }
}
