package dev.mediaferry.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What became of a run; the JSON document of {@code migrate} and {@code demo}. {@code found} is counted while rows are
 * claimed, all other numbers are read from the ledger when the run ends.
 *
 * @param run its number in the ledger; 0 for a dry run
 * @param adds true when found = migrated + superseded + waiting + dead
 * @param interrupted true when the run was stopped before it was done
 * @param refusal what the store said when it had refused everything for so long that the run ended, or null
 * @param drift from the plan that was followed, or null
 */
@JsonPropertyOrder({
    "run",
    "dryRun",
    "found",
    "migrated",
    "skipped",
    "left",
    "superseded",
    "waiting",
    "dead",
    "bytes",
    "seconds",
    "interrupted",
    "refusal",
    "drift",
    "findings",
    "fields"
})
public record RunReport(
        long run,
        boolean dryRun,
        long found,
        long migrated,
        Map<String, Long> skipped,
        Map<String, Long> left,
        long superseded,
        long waiting,
        Map<String, Long> dead,
        long bytes,
        double seconds,
        boolean interrupted,
        @JsonIgnore boolean adds,
        @JsonInclude(JsonInclude.Include.NON_NULL) String refusal,
        @JsonInclude(JsonInclude.Include.NON_NULL) DriftReport drift,
        List<FieldReport> fields) {

    static RunReport of(Run run, List<FieldReport> fields, DriftReport drift, Duration time) {
        boolean adds = fields.stream()
                .allMatch(field ->
                        field.found() == field.migrated() + field.superseded() + field.waiting() + field.deadTotal());
        return new RunReport(
                run.id(),
                run.options().dryRun(),
                sum(fields, FieldReport::found),
                sum(fields, FieldReport::migrated),
                merge(fields, FieldReport::skipped),
                merge(fields, FieldReport::left),
                sum(fields, FieldReport::superseded),
                sum(fields, FieldReport::waiting),
                merge(fields, FieldReport::dead),
                sum(fields, FieldReport::bytes),
                time.toMillis() / 1000.0,
                run.stopping(),
                adds,
                run.refusal(),
                drift,
                fields);
    }

    /** @return why fields ended before they were done */
    public List<String> failures() {
        return fields.stream()
                .map(FieldReport::failure)
                .filter(Objects::nonNull)
                .toList();
    }

    /** @return true when some media were not moved although the run tried, or its plan named them, or a field holds none */
    public boolean failed() {
        return !failures().isEmpty()
                || (!dryRun
                        && (refusal != null
                                || !dead.isEmpty()
                                || waiting > 0
                                || !adds
                                || (drift != null && drift.leftOut())
                                || fields.stream().anyMatch(FieldReport::allBroken)));
    }

    /** Sentences about fields in which there is nothing to move although they are not empty. */
    @JsonProperty
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public List<String> findings() {
        return fields.stream().flatMap(field -> field.finding().stream()).toList();
    }

    private static long sum(List<FieldReport> fields, ToLongFunction<FieldReport> part) {
        return fields.stream().mapToLong(part).sum();
    }

    private static Map<String, Long> merge(List<FieldReport> fields, Function<FieldReport, Map<String, Long>> part) {
        Map<String, Long> merged = new TreeMap<>();
        fields.forEach(field -> part.apply(field).forEach((key, count) -> merged.merge(key, count, Long::sum)));
        return merged;
    }
}
