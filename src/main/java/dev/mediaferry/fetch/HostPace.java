package dev.mediaferry.fetch;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * When the next request to a host may go. A request reserves its time and waits for it; so requests to a slow host wait
 * without holding up those to another.
 */
public final class HostPace {

    /** Stands where others have a host: files of this machine, that nobody needs to be polite to. No host has such a name. */
    public static final String LOCAL = "(file)";

    /** How far ahead times are reserved: rows that would have to wait longer are not claimed yet. */
    private static final Duration HORIZON = Duration.ofSeconds(5);

    private final Delays delays;
    private final LongSupplier nanoTime;
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();

    /** Times in nanoseconds of the supplier's clock. */
    private static final class Lane {
        private final long interval;
        private long next;
        private long paused;

        Lane(long interval, long now) {
            this.interval = interval;
            this.next = now;
            this.paused = now;
        }

        synchronized long reserve(long now) {
            long mine = Math.max(now, next);
            next = mine + interval;
            return mine - now;
        }

        synchronized boolean isPaced(long now) {
            return interval > 0 || next > now;
        }

        synchronized void pause(long until) {
            next = Math.max(next, until);
            paused = Math.max(paused, until);
        }

        synchronized long pausedFor(long now) {
            return Math.max(0, paused - now);
        }

        synchronized int room(long now, int most) {
            long backlog = next - now;
            if (backlog > HORIZON.toNanos()) {
                return 0;
            }
            return interval == 0
                    ? most
                    : (int) Math.min(most, 1 + (HORIZON.toNanos() - Math.max(0, backlog)) / interval);
        }
    }

    public HostPace(Delays delays) {
        this(delays, System::nanoTime);
    }

    HostPace(Delays delays, LongSupplier nanoTime) {
        this.delays = delays;
        this.nanoTime = nanoTime;
    }

    /** @return true when requests to this host have to reserve their time */
    public boolean isPaced(String host) {
        return lane(host).isPaced(nanoTime.getAsLong());
    }

    /** @return milliseconds to wait until the request may go; 0 for now */
    public long reserve(String host) {
        long nanos = lane(host).reserve(nanoTime.getAsLong());
        return nanos <= 0 ? 0 : Duration.ofNanos(nanos).plusNanos(999_999).toMillis();
    }

    /** Keeps everybody away from a host that asked for it. */
    public void pause(String host, Duration time) {
        lane(host).pause(nanoTime.getAsLong() + time.toNanos());
    }

    /** @return how long everybody still keeps away from a host that asked for it; zero for not at all */
    public Duration pausedFor(String host) {
        return Duration.ofNanos(lane(host).pausedFor(nanoTime.getAsLong()));
    }

    /** @return how many rows of this host may be claimed now, at most {@code most} */
    public int room(String host, int most) {
        return lane(host).room(nanoTime.getAsLong(), most);
    }

    private long interval(String host) {
        return host.equals(LOCAL) ? 0 : delays.of(host).toNanos();
    }

    private Lane lane(String host) {
        return lanes.computeIfAbsent(host, name -> new Lane(interval(name), nanoTime.getAsLong()));
    }
}
