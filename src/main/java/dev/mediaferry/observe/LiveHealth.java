package dev.mediaferry.observe;

import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;

/** What this process needs, asked for just now: the checks of readiness that are Mediaferry's own. */
public final class LiveHealth {

    private final Supplier<CamelContext> context;

    /**
     * Something that is needed.
     *
     * @param message why it is not there; null when it is
     */
    public record Check(String name, boolean up, String message) {}

    /** @param context whose checks are asked */
    public LiveHealth(Supplier<CamelContext> context) {
        this.context = context;
    }

    public List<Check> all() {
        return HealthCheckHelper.invokeReadiness(context.get()).stream()
                .filter(result -> result.getCheck().getGroup().equals(ServiceHealth.GROUP))
                .map(result -> new Check(
                        result.getCheck().getId(),
                        result.getState() == HealthCheck.State.UP,
                        result.getMessage().orElse(null)))
                .sorted(Comparator.comparing(Check::name))
                .toList();
    }
}
