package dev.mediaferry.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Map;

/**
 * How far a run is, as its process writes it down.
 *
 * @param planned rows to move that are known of so far
 * @param planning true while more may be found
 * @param inFlight rows that are claimed and have not ended
 * @param settled how many rows have ended, by outcome: linked, superseded, or a failure's label
 */
public record RunProgress(long planned, boolean planning, long inFlight, Map<String, Long> settled) {

    static RunProgress of(Run run) {
        Map<String, Long> settled = run.settled();
        long inFlight = run.fields().stream().mapToLong(FieldRun::held).sum();
        return new RunProgress(run.planned(), run.planning(), inFlight, settled);
    }

    @JsonIgnore
    public long ended() {
        return settled.values().stream().mapToLong(Long::longValue).sum();
    }

    @JsonIgnore
    public long moved() {
        return settled.getOrDefault("linked", 0L);
    }
}
