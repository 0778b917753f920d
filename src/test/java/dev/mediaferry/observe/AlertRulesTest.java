package dev.mediaferry.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Services;
import dev.mediaferry.entry.Entries;
import dev.mediaferry.fixture.Dashboards;
import dev.mediaferry.fixture.Promtool;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.pace.HostLimits;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.registry.RegistryFile;
import dev.mediaferry.run.RunReport;
import dev.mediaferry.run.ScheduleSettings;
import dev.mediaferry.status.Gauges;
import dev.mediaferry.status.Statuses;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The rules for Prometheus and the dashboard ask for nothing that the service does not show. */
@Tag("slow")
class AlertRulesTest {

    private static final Pattern UPLOADS = Pattern.compile("^mediaferry_(media|webhook)_");

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("schedule", "0 0 3 1 1 ? 2099");

    @Test
    void nameMetricsThatAreShown() throws IOException {
        SANDBOX.photo("1", SANDBOX.cdn().picture());
        SANDBOX.photo("2", SANDBOX.cdn().answering(404));
        RunReport report = SANDBOX.migrate();
        SANDBOX.execute(
                "update mediaferry.transfer set created = now() - interval '3 days'",
                "update mediaferry.transfer set updated = created where state = 'linked'");
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        TransferMetrics metrics = new TransferMetrics(meters);
        metrics.ended("Photo.url", "linked", 1000, Duration.ofMillis(80));
        metrics.finished(report);
        metrics.observed(gauges().all());
        metrics.held(List.of(new HostLimits.Learnt(
                "cdn.example.com", HostLimits.State.SLOWED, 0.5, 1, 0.6, 1, 0, 0, 1, Duration.ZERO)));
        String shown = meters.scrape();

        assertThat(shown)
                .contains("mediaferry_moved_within_day_ratio{field=\"Photo.url\"} 0.5")
                .contains("mediaferry_overdue{field=\"Photo.url\"} 0");
        Dashboards.areShown(shown, name -> !UPLOADS.matcher(name).find());
    }

    @Test
    void fireWhenTheyShouldAndOtherwiseNot(@TempDir Path directory) throws Exception {
        Promtool.check(
                Path.of("deploy/prometheus/alerts.yaml"),
                Path.of("src/test/resources/dev/mediaferry/observe/alerts-test.yaml"),
                directory);
    }

    private static Gauges gauges() {
        Services services = SANDBOX.engine().services();
        Registry registry = RegistryFile.parse("registry.yaml", Sandbox.REGISTRY);
        Entries entries = services.entries(registry);
        ScheduleSettings schedule = ScheduleSettings.of(services.settings());
        Statuses statuses = new Statuses(
                services.database(), entries, services.buckets(registry), schedule, Optional.empty(), Optional.empty());
        return new Gauges(services.database(), entries, statuses, schedule);
    }
}
