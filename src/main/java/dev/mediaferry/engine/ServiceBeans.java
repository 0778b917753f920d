package dev.mediaferry.engine;

import dev.mediaferry.api.ApiSettings;
import dev.mediaferry.console.Console;
import dev.mediaferry.console.ConsoleSettings;
import dev.mediaferry.observe.ReadOnlyConsoles;
import dev.mediaferry.observe.ServiceHealth;
import dev.mediaferry.run.ScheduleSettings;
import dev.mediaferry.run.StoreCircuits;
import dev.mediaferry.status.Gauges;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.ObjectStore;
import dev.mediaferry.storage.StorageSettings;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.main.Main;
import software.amazon.awssdk.services.s3.S3Client;

/** What only the routes of the service refer to by name: schedule, metrics, health. */
final class ServiceBeans {

    private final Parts parts;
    private final Main main;
    private final ScheduleSettings schedule;

    ServiceBeans(Parts parts) {
        this.parts = parts;
        this.main = parts.main();
        this.schedule = parts.schedule();
    }

    void bind() {
        Services services = parts.services();
        Buckets buckets = parts.buckets();
        CompletableFuture<S3Client> store = parts.store();
        StoreCircuits circuits = parts.circuits();
        main.bind("meterRegistry", parts.meters());
        main.bind("metrics", parts.metrics());
        main.bind("devConsoles", new ReadOnlyConsoles());
        main.bind(
                "gauges",
                new Gauges(services.database(), parts.entries(), parts.cases().statuses(), schedule));
        parts.openConsole(new Console(
                ConsoleSettings.of(parts.settings()),
                ApiSettings.of(parts.settings()),
                parts.server().port()));
        main.bind("databaseHealth", new ServiceHealth("database", () -> {
            services.database().ping();
            return Map.of();
        }));
        main.bind("bucketHealth", new ServiceHealth("bucket", () -> {
            buckets.all().forEach(bucket -> ObjectStore.check(store.join(), bucket));
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
