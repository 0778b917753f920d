package dev.mediaferry.console;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** How often passwords are tried, by address and by name: after some that are wrong, each next one has to wait twice as long. */
final class LoginThrottle {

    /** An address that is wrong that often without a wait. */
    private static final int FREE_OF_ADDRESS = 5;

    /** From any address. More, so that a stranger cannot keep somebody out with a few requests. */
    private static final int FREE_OF_NAME = 20;

    private static final long FIRST_WAIT = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_WAIT = Duration.ofMinutes(5).toNanos();
    private static final long FORGOTTEN = Duration.ofMinutes(30).toNanos();
    private static final int MOST = 10_000;

    private final LongSupplier nanoTime;
    private final Map<String, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > MOST;
        }
    };

    private record Failures(int count, long last) {}

    LoginThrottle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** @return how long to wait until a password may be tried; zero for not at all */
    synchronized Duration wait(String address, String name) {
        long nanos = Math.max(left("from " + address, FREE_OF_ADDRESS), left("name " + name, FREE_OF_NAME));
        return Duration.ofNanos(Math.max(0, nanos));
    }

    synchronized void failed(String address, String name) {
        count("from " + address);
        count("name " + name);
    }

    synchronized void succeeded(String address, String name) {
        failures.remove("from " + address);
        failures.remove("name " + name);
    }

    private void count(String key) {
        Failures known = known(key);
        failures.put(key, new Failures(known == null ? 1 : known.count() + 1, nanoTime.getAsLong()));
    }

    private Failures known(String key) {
        Failures known = failures.get(key);
        return known == null || nanoTime.getAsLong() - known.last() > FORGOTTEN ? null : known;
    }

    private long left(String key, int free) {
        Failures known = known(key);
        if (known == null || known.count() < free) {
            return 0;
        }
        int doublings = Math.min(known.count() - free, 20);
        return known.last() + Math.min(LONGEST_WAIT, FIRST_WAIT << doublings) - nanoTime.getAsLong();
    }
}
