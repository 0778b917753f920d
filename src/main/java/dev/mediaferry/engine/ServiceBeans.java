package dev.mediaferry.engine;

import dev.mediaferry.entry.Entries;
import dev.mediaferry.observe.GuardedServers;
import dev.mediaferry.observe.ReadOnlyConsoles;
import dev.mediaferry.observe.ServerSettings;
import dev.mediaferry.observe.ServiceHealth;
import dev.mediaferry.observe.TransferMetrics;
import dev.mediaferry.run.Runs;
import dev.mediaferry.run.ScheduleSettings;
import dev.mediaferry.run.StoreCircuits;
import dev.mediaferry.status.Gauges;
import dev.mediaferry.status.Statuses;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.ObjectStore;
import dev.mediaferry.storage.StorageSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.main.Main;
import software.amazon.awssdk.services.s3.S3Client;

/** What only the routes of the service refer to by name: schedule, metrics, health. */
final class ServiceBeans {

    private final Main main;
    private final Services services;
    private final ScheduleSettings schedule;

    ServiceBeans(Main main, Services services, ScheduleSettings schedule) {
        this.main = main;
        this.services = services;
        this.schedule = schedule;
    }

    /** @return the observer of what becomes of the transfers */
    Runs.Observer bind(Entries entries, Buckets buckets, Supplier<S3Client> store, StoreCircuits circuits) {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        TransferMetrics metrics = new TransferMetrics(meters);
        main.bind("meterRegistry", meters);
        main.bind("metrics", metrics);
        main.bind("devConsoles", new ReadOnlyConsoles());
        main.bind("httpServers", new GuardedServers(ServerSettings.of(services.settings())));
        Statuses statuses = new Statuses(services.database(), entries, buckets, schedule);
        main.bind("gauges", new Gauges(services.database(), entries, statuses, schedule));
        main.bind("quartzProperties", Schedule.properties(services.database().pool()));
        main.bind("databaseHealth", new ServiceHealth("database", () -> {
            services.database().ping();
            return Map.of();
        }));
        main.bind("bucketHealth", new ServiceHealth("bucket", () -> {
            buckets.all().forEach(bucket -> ObjectStore.check(store.get(), bucket));
            circuits.pauses().forEach((bucket, pause) -> {
                throw new IllegalStateException("bucket " + bucket + " takes nothing since " + pause.since()
                        + ", downloads for it are paused: " + pause.reason());
            });
            return Map.of(
                    "bucket",
                    String.join(
                            ", ",
                            buckets.all().stream().map(StorageSettings::bucket).toList()));
        }));
        main.bind("scheduleHealth", new ServiceHealth("schedule", () -> nextRun()));
        return metrics;
    }

    private Map<String, Object> nextRun() throws Exception {
        if (schedule.cron().isEmpty()) {
            return Map.of("schedule", "off");
        }
        QuartzComponent quartz = main.getCamelContext().getComponent("quartz", QuartzComponent.class);
        if (!quartz.getScheduler().isStarted()) {
            throw new IllegalStateException("the scheduler does not run");
        }
        return Map.of("next", schedule.nextAfter(Instant.now()).toString());
    }
}
