package dev.mediaferry.pace;

import dev.mediaferry.pace.HostLimits.Learnt;
import dev.mediaferry.pace.HostLimits.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What was learnt of the hosts, on its way to the ledger and back. */
public final class HostLimitStore {

    private final HostLimits pace;

    /**
     * What the ledger knows of a host: a row of {@code recall-hosts.sql}. See {@link Learnt}.
     *
     * @param closedSeconds for which nobody is to ask it
     */
    public record KnownHost(
            String host,
            double rateLimit,
            double width,
            double clean,
            double hold,
            int strikes,
            double closedSeconds) {}

    /** How long nobody is to ask a host: a row of {@code remember-hosts.sql}. */
    public record ClosedHost(String host, double closedSeconds) {}

    public HostLimitStore(HostLimits pace) {
        this.pace = pace;
    }

    public void recall(List<KnownHost> hosts) {
        hosts.forEach(known -> pace.recall(new Learnt(
                known.host(),
                State.SLOWED,
                0,
                0,
                known.rateLimit(),
                known.width(),
                known.clean(),
                known.hold(),
                known.strikes(),
                duration(known.closedSeconds()))));
    }

    /** @return null when nothing was learnt */
    public List<Learnt> changes() {
        List<Learnt> changes = pace.changes();
        return changes.isEmpty() ? null : changes;
    }

    /** @return parameters of {@code remember-hosts.sql} */
    public static Map<String, Object> parameters(List<Learnt> changes) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("hosts", changes.stream().map(Learnt::host).toArray(String[]::new));
        parameters.put("rates", doubles(changes, Learnt::rate));
        parameters.put(
                "concurrencies", changes.stream().mapToInt(Learnt::concurrency).toArray());
        parameters.put("limits", doubles(changes, Learnt::limit));
        parameters.put("widths", doubles(changes, Learnt::width));
        parameters.put("cleans", doubles(changes, Learnt::clean));
        parameters.put("holds", doubles(changes, Learnt::hold));
        parameters.put("strikes", changes.stream().mapToInt(Learnt::strikes).toArray());
        parameters.put("closed", doubles(changes, learnt -> learnt.closedFor().toMillis() / 1000.0));
        boolean[] free = new boolean[changes.size()];
        for (int i = 0; i < free.length; i++) {
            free[i] = changes.get(i).state() == State.FREE;
        }
        parameters.put("free", free);
        return parameters;
    }

    public void closed(List<ClosedHost> hosts) {
        hosts.forEach(closed -> pace.close(closed.host(), duration(closed.closedSeconds())));
    }

    /** @return the hosts that this process has slowed down or shut out */
    public List<Learnt> held() {
        return pace.held();
    }

    private static Duration duration(double seconds) {
        return Duration.ofMillis((long) (seconds * 1000));
    }

    private static Double[] doubles(List<Learnt> changes, Function<Learnt, Double> value) {
        return changes.stream().map(value).toArray(Double[]::new);
    }
}
