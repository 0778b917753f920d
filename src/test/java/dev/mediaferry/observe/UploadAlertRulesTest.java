package dev.mediaferry.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Dashboards;
import dev.mediaferry.fixture.Promtool;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UploadedMedia;
import dev.mediaferry.registry.RegistryFile;
import dev.mediaferry.uploads.FailedMedium;
import dev.mediaferry.uploads.UploadGauges;
import dev.mediaferry.webhooks.DeliveryTarget;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus is shown of uploads, and the sample rules over it. */
class UploadAlertRulesTest {

    private static final Pattern UPLOAD = Pattern.compile("^mediaferry_(media|webhook)_");

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UploadedMedia UPLOADS = new UploadedMedia(SANDBOX);

    @Test
    void nameMetricsThatAreShown() throws IOException {
        UPLOADS.engine().cases().deliveries().setTargets(EnumSet.of(DeliveryTarget.WEBHOOK));
        UUID ready = UPLOADS.ready("POST_IMAGE", false);
        UPLOADS.pending("POST_IMAGE");
        SANDBOX.execute("update mediaferry.media_delivery set state = 'dead' where id ="
                + " (select min(id) from mediaferry.media_delivery)");
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        UploadMetrics metrics = new UploadMetrics(meters);
        metrics.opened("POST_IMAGE");
        metrics.completed("POST_IMAGE", Duration.ofSeconds(3), Duration.ofMillis(80));
        metrics.failed(new FailedMedium("POST_IMAGE", "other-type", "upload"));
        metrics.observed(new UploadGauges(
                        UPLOADS.engine().services().database(),
                        RegistryFile.parse("registry.yaml", UploadedMedia.REGISTRY)
                                .uploads())
                .read());
        String shown = meters.scrape();

        assertThat(UPLOADS.media().find(ready)).isPresent();
        assertThat(shown)
                .contains("mediaferry_media_sessions_total{type=\"POST_IMAGE\"} 1.0")
                .contains("mediaferry_media_completions_total{type=\"POST_IMAGE\"} 1.0")
                .contains(
                        "mediaferry_media_failures_total{reason=\"other-type\",step=\"upload\",type=\"POST_IMAGE\"} 1.0")
                .contains("mediaferry_media_upload_seconds_bucket{type=\"POST_IMAGE\",le=\"5.0\"} 1")
                .contains("mediaferry_media_upload_seconds_bucket{type=\"POST_IMAGE\",le=\"2.0\"} 0")
                .contains("mediaferry_media_processing_seconds_bucket{type=\"POST_IMAGE\",le=\"0.1\"} 1")
                .contains("mediaferry_media_sessions_open{type=\"POST_IMAGE\"} 1.0")
                .contains("mediaferry_media_sessions_open{type=\"FILE_IMAGE\"} 0.0")
                .contains("mediaferry_media_stored_bytes{type=\"POST_IMAGE\"} " + (double) UploadedMedia.BYTES.length)
                .contains("mediaferry_webhook_deliveries{state=\"open\",target=\"webhook\"} 1.0")
                .contains("mediaferry_webhook_deliveries{state=\"dead\",target=\"webhook\"} 1.0");
        Dashboards.areShown(shown, name -> UPLOAD.matcher(name).find());
    }

    @Test
    void fireWhenTheyShouldAndOtherwiseNot(@TempDir Path directory) throws Exception {
        Promtool.check(
                Path.of("deploy/prometheus/upload-alerts.yaml"),
                Path.of("src/test/resources/dev/mediaferry/observe/upload-alerts-test.yaml"),
                directory);
    }
}
