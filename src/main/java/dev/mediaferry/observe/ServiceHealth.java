package dev.mediaferry.observe;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** A readiness check of something that Mediaferry needs: up as long as asking for it does not fail. */
public final class ServiceHealth extends AbstractHealthCheck {

    static final String GROUP = "mediaferry";

    private final Probe probe;

    /** Asks; answers with what is worth showing, or throws. */
    public interface Probe {
        Map<String, Object> ask() throws Exception;
    }

    public ServiceHealth(String name, Probe probe) {
        super(GROUP, name);
        this.probe = probe;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        try {
            probe.ask().forEach(builder::detail);
            builder.up();
        } catch (Exception e) {
            builder.message(e.getMessage()).down();
        }
    }
}
