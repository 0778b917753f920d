package dev.mediaferry.observe;

import dev.mediaferry.uploads.FailedMedium;
import dev.mediaferry.uploads.UploadGauges;
import dev.mediaferry.uploads.UploadObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * What Prometheus reads of uploads. Of this process: {@code mediaferry_media_sessions_total{type}},
 * {@code mediaferry_media_completions_total{type}}, {@code mediaferry_media_failures_total{type,step,reason}}, and the histograms
 * {@code mediaferry_media_upload_seconds{type}} and {@code mediaferry_media_processing_seconds{type}}. Of the ledger, so the same in
 * every process: {@code mediaferry_media_sessions_open{type}}, {@code mediaferry_media_stored_bytes{type}},
 * {@code mediaferry_webhook_deliveries{target,state}} and {@code mediaferry_webhook_oldest_seconds{target,state}}.
 */
public final class UploadMetrics implements UploadObserver {

    private static final Duration[] UPLOADS = seconds(1, 2, 5, 10, 30, 60, 300, 900, 3600, 14_400, 86_400);

    private static final Duration[] PROCESSINGS = Stream.concat(
                    Stream.of(
                            Duration.ofMillis(50),
                            Duration.ofMillis(100),
                            Duration.ofMillis(250),
                            Duration.ofMillis(500)),
                    Stream.of(seconds(1, 2, 5, 10, 30, 60, 300, 900, 3600)))
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final MultiGauge open;
    private final MultiGauge stored;
    private final MultiGauge deliveries;
    private final MultiGauge oldest;

    public UploadMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.open = gauge("mediaferry.media.sessions.open", "Uploads that are not complete");
        this.stored = gauge("mediaferry.media.stored.bytes", "Bytes of media in the bucket");
        this.deliveries = gauge("mediaferry.webhook.deliveries", "Events that a target has not heard of");
        this.oldest = gauge("mediaferry.webhook.oldest.seconds", "Time since the oldest of them came");
    }

    private static Duration[] seconds(long... seconds) {
        return Arrays.stream(seconds).mapToObj(Duration::ofSeconds).toArray(Duration[]::new);
    }

    @Override
    public void opened(String type) {
        registry.counter("mediaferry.media.sessions", "type", type).increment();
    }

    @Override
    public void completed(String type, Duration upload, Duration processing) {
        registry.counter("mediaferry.media.completions", "type", type).increment();
        record("mediaferry.media.upload", "From a session's beginning until it is completed", type, upload, UPLOADS);
        record("mediaferry.media.processing", "From there until the medium is ready", type, processing, PROCESSINGS);
    }

    private void record(String name, String description, String type, Duration time, Duration... buckets) {
        Timer.builder(name)
                .description(description)
                .tag("type", type)
                .serviceLevelObjectives(buckets)
                .register(registry)
                .record(time.isNegative() ? Duration.ZERO : time);
    }

    @Override
    public void failed(FailedMedium medium) {
        registry.counter(
                        "mediaferry.media.failures",
                        "type",
                        medium.mediaType(),
                        "step",
                        medium.step(),
                        "reason",
                        medium.failure())
                .increment();
    }

    /** @param reading as the ledger stands now */
    public void observed(UploadGauges.Reading reading) {
        open.register(
                reading.types().stream()
                        .map(type -> Row.of(Tags.of("type", type.mediaType()), type.open()))
                        .toList(),
                true);
        stored.register(
                reading.types().stream()
                        .map(type -> Row.of(Tags.of("type", type.mediaType()), type.bytes()))
                        .toList(),
                true);
        deliveries.register(
                reading.deliveries().stream()
                        .map(gauge ->
                                Row.of(Tags.of("target", gauge.target(), "state", gauge.state()), gauge.deliveries()))
                        .toList(),
                true);
        oldest.register(
                reading.deliveries().stream()
                        .map(gauge -> Row.of(
                                Tags.of("target", gauge.target(), "state", gauge.state()), gauge.oldestSeconds()))
                        .toList(),
                true);
    }

    private MultiGauge gauge(String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }
}
