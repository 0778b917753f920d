package dev.mediaferry.observe;

import dev.mediaferry.settings.Settings;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the service answers.
 *
 * @param hosts further names that it is asked by, in lower case
 * @param jolokia true to offer JMX over HTTP, within what jolokia-access.xml allows
 * @param camelCli true to answer the Camel CLI, which costs most of a core
 */
public record ServerSettings(String host, int port, Set<String> hosts, boolean jolokia, boolean camelCli) {

    public static ServerSettings of(Settings settings) {
        return new ServerSettings(
                settings.text("server.host"),
                settings.integer("server.port", 1, 65535),
                settings.parse(
                        "server.hosts",
                        settings.text("server.hosts"),
                        "names or addresses without scheme and port, comma-separated",
                        ServerSettings::names),
                settings.flag("server.jolokia"),
                settings.flag("server.camel-cli"));
    }

    private static Set<String> names(String value) {
        Set<String> names = new TreeSet<>();
        for (String entry : value.toLowerCase(Locale.ROOT).split(",")) {
            String name = entry.strip();
            if (!name.isEmpty()) {
                if (!name.matches("[a-z0-9._-]+|\\[[0-9a-f:.]+]")) {
                    throw new IllegalArgumentException(name);
                }
                names.add(name);
            }
        }
        return names;
    }

    /** @param service false for commands, which serve nothing */
    public Map<String, String> camelProperties(boolean service) {
        Map<String, String> properties = new HashMap<>();
        properties.put("camel.management.enabled", Boolean.toString(service));
        properties.put("camel.metrics.enabled", Boolean.toString(service));
        properties.put("camel.health.enabled", Boolean.toString(service));
        properties.put("camel.health.exposureLevel", "full");
        // A route that somebody has suspended is not unhealthy.
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
