package dev.mediaferry.console;

import dev.mediaferry.settings.Settings;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the service answers.
 *
 * @param jolokia true to offer JMX over HTTP, within what jolokia-access.xml allows
 */
public record ServerSettings(String host, int port, boolean jolokia) {

    public static ServerSettings of(Settings settings) {
        return new ServerSettings(
                settings.text("server.host"),
                settings.integer("server.port", 1, 65535),
                settings.flag("server.jolokia"));
    }

    /** @param service false for commands, which serve nothing */
    public Map<String, String> camelProperties(boolean service) {
        Map<String, String> properties = new HashMap<>();
        properties.put("camel.management.enabled", Boolean.toString(service));
        properties.put("camel.metrics.enabled", Boolean.toString(service));
        properties.put("camel.health.enabled", Boolean.toString(service));
        properties.put("camel.health.exposureLevel", "full");
        // A route that somebody has suspended is no illness.
        properties.put("camel.health.routesEnabled", "false");
        properties.put("camel.health.consumersEnabled", "false");
        properties.put("camel.main.devConsoleEnabled", Boolean.toString(service));
        if (service) {
            properties.put("camel.management.host", host);
            properties.put("camel.management.port", Integer.toString(port));
            properties.put("camel.management.healthCheckEnabled", "true");
            properties.put("camel.management.metricsEnabled", "true");
            properties.put("camel.management.devConsoleEnabled", "true");
            properties.put("camel.management.infoEnabled", "true");
            properties.put("camel.management.jolokiaEnabled", Boolean.toString(jolokia));
        }
        return properties;
    }
}
