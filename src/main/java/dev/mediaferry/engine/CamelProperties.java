package dev.mediaferry.engine;

import dev.mediaferry.api.ApiSettings;
import dev.mediaferry.derivatives.DerivativeSettings;
import dev.mediaferry.fetch.FetchSettings;
import dev.mediaferry.imports.ImportSettings;
import dev.mediaferry.ledger.DatabaseSettings;
import dev.mediaferry.observe.ServerSettings;
import dev.mediaferry.run.ScheduleSettings;
import dev.mediaferry.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** What Camel gets: the settings that routes refer to, and what to serve. */
final class CamelProperties {

    /** Longest time between two looks into the import directory. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    /** So often a statement is repeated that the database breaks off after its time. */
    private static final int MOST_TIMEOUTS = 10;

    /** When the media are swept, in Quartz's form. */
    private static final String EVERY_MINUTE = "0+*+*+*+*+?";

    private static final String EVERY_HOUR = "30+23+*+*+*+?";

    private static final List<String> REFERRED = List.of("database.retries", "storage.bucket", "dispatch.endpoint");

    private CamelProperties() {}

    /**
     * @param routeFiles in Camel's form
     * @param uploads true when the registry has any
     * @param service false for commands, which run once and serve nothing
     * @param api empty where it is not served
     */
    static Properties of(
            Settings settings,
            FetchSettings fetch,
            String routeFiles,
            boolean uploads,
            boolean service,
            ScheduleSettings schedule,
            ServerSettings server,
            Optional<ApiSettings> api) {
        DatabaseSettings.checkRetries(settings);
        Properties properties = new Properties();
        // No more than the routes refer to: what Camel knows, its consoles and logs may show.
        for (String name : REFERRED) {
            properties.setProperty("mediaferry." + name, settings.text(name));
        }
        properties.setProperty(
                "mediaferry.database.timeouts",
                Integer.toString(Math.min(MOST_TIMEOUTS, settings.integer("database.retries", 0, Integer.MAX_VALUE))));
        properties.setProperty("mediaferry.transfers", Integer.toString(fetch.transfers()));
        DerivativeSettings derivatives = DerivativeSettings.of(settings);
        properties.setProperty(
                "mediaferry.derivatives.picture-seats", Integer.toString(Math.max(1, derivatives.pictures())));
        properties.setProperty("mediaferry.derivatives.film-seats", Integer.toString(Math.max(1, derivatives.films())));
        settings.all().forEach((key, value) -> {
            if (key.startsWith("camel.")) {
                properties.setProperty(key, value);
            }
        });
        ImportSettings imports = ImportSettings.of(settings);
        imports.directory()
                .ifPresent(directory -> properties.setProperty("mediaferry.import.directory", directory.toString()));
        long stable = imports.stable().toMillis();
        properties.setProperty("mediaferry.import.quiet", Long.toString(stable));
        properties.setProperty("mediaferry.import.look", Long.toString(Math.min(LOOK.toMillis(), stable)));
        properties.setProperty("camel.main.routesIncludePattern", routeFiles);
        properties.setProperty("camel.main.jmxEnabled", Boolean.toString(service));
        // A stop waits that long for each queue; a service that has nothing to do looks that often into all of them.
        properties.setProperty("camel.component.seda.defaultPollTimeout", service ? "50" : "20");
        // camel-quartz reads a plus as a space, which a URI cannot hold.
        schedule.cron().ifPresent(cron -> properties.setProperty("mediaferry.schedule.cron", cron.replace(' ', '+')));
        properties.setProperty("mediaferry.schedule.zone", schedule.zone().getId());
        server.camelProperties(service).forEach(properties::setProperty);
        properties.setProperty("mediaferry.upload.every-minute", EVERY_MINUTE);
        properties.setProperty("mediaferry.upload.every-hour", EVERY_HOUR);
        api.ifPresent(served -> {
            served.camelProperties().forEach(properties::setProperty);
            properties.setProperty("camel.component.platform-http.headerFilterStrategy", "#bean:apiHeaders");
        });
        if (service && (schedule.cron().isPresent() || uploads)) {
            properties.setProperty("camel.component.quartz.propertiesRef", "quartzProperties");
            properties.setProperty("camel.component.quartz.prefixInstanceName", "false");
        }
        return properties;
    }
}
