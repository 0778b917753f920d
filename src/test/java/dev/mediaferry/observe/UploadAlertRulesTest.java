package dev.mediaferry.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UploadedMedia;
import dev.mediaferry.registry.RegistryFile;
import dev.mediaferry.uploads.FailedMedium;
import dev.mediaferry.uploads.UploadGauges;
import dev.mediaferry.webhooks.DeliveryTarget;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus is shown of uploads, and the sample rules over it. */
class UploadAlertRulesTest {

    private static final Path RULES = Path.of("docs/examples/upload-alerts.yaml");
    private static final Path CASES = Path.of("src/test/resources/dev/mediaferry/observe/upload-alerts-test.yaml");
    private static final Pattern METRIC = Pattern.compile("mediaferry_\\w+");

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
        assertThat(METRIC.matcher(Files.readString(RULES)).results().map(found -> found.group()))
                .hasSizeGreaterThan(5)
                .allSatisfy(name -> assertThat(shown).containsPattern("(?m)^" + name + "[{ ]"));
    }

    @Test
    void fireWhenTheyShouldAndOtherwiseNot(@TempDir Path directory) throws Exception {
        Optional<Path> promtool = Stream.of(System.getenv("PATH").split(":"))
                .map(place -> Path.of(place, "promtool"))
                .filter(Files::isExecutable)
                .findFirst();
        Assumptions.assumeTrue(promtool.isPresent(), "promtool is not installed (Debian: apt-get install prometheus)");
        Files.copy(RULES, directory.resolve("upload-alerts.yaml"));
        Files.copy(CASES, directory.resolve("cases.yaml"));

        run(directory, promtool.get().toString(), "check", "rules", "upload-alerts.yaml");
        run(directory, promtool.get().toString(), "test", "rules", "cases.yaml");
    }

    private static void run(Path directory, String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }
}
