package dev.mediaferry.observe;

import dev.mediaferry.reference.ReferenceObserver.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * What Prometheus reads of references that are under way, the same in every process: {@code mediaferry_reference_rows{reference}},
 * {@code mediaferry_reference_filled{reference}}, {@code mediaferry_reference_lag{reference}} in seconds, and
 * {@code mediaferry_reference_old_writes{reference}}.
 */
public final class ReferenceMetrics {

    private final MultiGauge rows;
    private final MultiGauge filled;
    private final MultiGauge lag;
    private final MultiGauge oldWrites;
    private volatile List<Gauge> latest = List.of();

    public ReferenceMetrics(MeterRegistry registry) {
        this.rows = gauge(registry, "rows", "Rows of the table, as the server estimates them");
        this.filled = gauge(registry, "filled", "Rows that the backfill has written");
        this.lag = gauge(registry, "lag", "Seconds that the slowest replica is behind");
        this.oldWrites = gauge(registry, "old.writes", "Writes of the old column since both are kept alike");
    }

    private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
        return MultiGauge.builder("mediaferry.reference." + name)
                .description(description)
                .register(registry);
    }

    /** @param gauges of all references that are under way */
    public void observed(List<Gauge> gauges) {
        latest = List.copyOf(gauges);
        show(rows, Gauge::rows);
        show(filled, Gauge::filled);
        show(lag, Gauge::lag);
        show(oldWrites, Gauge::oldWrites);
    }

    private void show(MultiGauge gauge, ToDoubleFunction<Gauge> value) {
        gauge.register(
                latest.stream()
                        .map(one -> Row.of(Tags.of("reference", one.reference()), value.applyAsDouble(one)))
                        .toList(),
                true);
    }

    /** @return states by reference; @throws IllegalStateException when a contract has not ended that ought to have */
    public Map<String, Object> states() {
        Map<String, Object> states = new TreeMap<>();
        for (Gauge one : latest) {
            if (one.overdue()) {
                throw new IllegalStateException("the contract of " + one.reference()
                        + " ought to have ended: mediaferry references revert " + one.reference());
            }
            states.put(one.reference(), one.state());
        }
        return states;
    }
}
