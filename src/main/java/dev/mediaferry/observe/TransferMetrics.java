package dev.mediaferry.observe;

import dev.mediaferry.pace.HostLimits;
import dev.mediaferry.run.RunReport;
import dev.mediaferry.run.Runs;
import dev.mediaferry.status.FieldGauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What Prometheus reads: {@code mediaferry_transfers_total{field,outcome}}, {@code mediaferry_bytes_total{field}},
 * {@code mediaferry_transfer_seconds{field}} (a histogram, from claim to end), {@code mediaferry_runs_total{outcome}}, and
 * per field the gauges {@code mediaferry_pending}, {@code mediaferry_waiting}, {@code mediaferry_dead},
 * {@code mediaferry_at_risk}, {@code mediaferry_moved_within_day_ratio} and {@code mediaferry_overdue}; per host that is slowed down or shut out {@code mediaferry_host_rate} and
 * {@code mediaferry_host_shut_out}.
 */
public final class TransferMetrics implements Runs.Observer {

    private final MeterRegistry registry;
    private final MultiGauge pending;
    private final MultiGauge waiting;
    private final MultiGauge dead;
    private final MultiGauge atRisk;
    private final MultiGauge withinDay;
    private final MultiGauge overdue;
    private final MultiGauge hostRate;
    private final MultiGauge hostShutOut;

    public TransferMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.pending = gauge("mediaferry.pending", "Rows to be moved that no run has tried yet");
        this.waiting = gauge("mediaferry.waiting", "Rows that were tried and will be tried again");
        this.dead = gauge("mediaferry.dead", "Dead letters");
        this.atRisk = gauge("mediaferry.at.risk", "Rows whose link ends before the next scheduled run");
        this.withinDay = gauge(
                "mediaferry.moved.within.day.ratio",
                "Part of the links of the last 30 days that were moved within a day after their record was made");
        this.overdue = gauge("mediaferry.overdue", "Links that are not moved although their records are 60 days old");
        this.hostRate = gauge("mediaferry.host.rate", "Requests per second to a host that is slowed down");
        this.hostShutOut = gauge("mediaferry.host.shut.out", "1 for a host that nobody asks for the moment");
    }

    @Override
    public void ended(String entry, String outcome, long bytes, Duration time) {
        registry.counter("mediaferry.transfers", "field", entry, "outcome", outcome)
                .increment();
        if (bytes > 0) {
            registry.counter("mediaferry.bytes", "field", entry).increment((double) bytes);
        }
        Timer.builder("mediaferry.transfer")
                .description("From claim to end")
                .tag("field", entry)
                .serviceLevelObjectives(
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(250),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(2500),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30))
                .register(registry)
                .record(time);
    }

    @Override
    public void finished(RunReport report) {
        String outcome = report.interrupted() ? "interrupted" : report.failed() ? "some-failed" : "done";
        registry.counter("mediaferry.runs", "outcome", outcome).increment();
    }

    /** @param fields as they stand now */
    public void observed(List<FieldGauge> fields) {
        show(pending, fields, FieldGauge::pending);
        show(waiting, fields, FieldGauge::waiting);
        show(dead, fields, FieldGauge::dead);
        show(atRisk, fields, FieldGauge::atRisk);
        show(overdue, fields, field -> field.promise().overdue());
        show(
                withinDay,
                fields.stream().filter(field -> field.promise().due() > 0).toList(),
                field -> (double) field.promise().inTime() / field.promise().due());
    }

    /** @param held the hosts that are slowed down or shut out now */
    public void held(List<HostLimits.Learnt> held) {
        hostRate.register(
                held.stream()
                        .filter(host -> host.rate() > 0)
                        .map(host -> MultiGauge.Row.of(Tags.of("host", host.host()), host.rate()))
                        .toList(),
                true);
        hostShutOut.register(
                held.stream()
                        .map(host -> MultiGauge.Row.of(
                                Tags.of("host", host.host()), host.state() == HostLimits.State.SHUT_OUT ? 1 : 0))
                        .toList(),
                true);
    }

    private MultiGauge gauge(String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    private static void show(MultiGauge gauge, List<FieldGauge> fields, ToDoubleFunction<FieldGauge> value) {
        gauge.register(
                fields.stream()
                        .map(field -> MultiGauge.Row.of(Tags.of("field", field.field()), value.applyAsDouble(field)))
                        .toList(),
                true);
    }
}
