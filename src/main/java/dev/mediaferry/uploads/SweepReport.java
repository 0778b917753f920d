package dev.mediaferry.uploads;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a sweep has found, and done unless it was a dry run.
 *
 * @param kept objects whose turn had come and that stay: another's, changed, or in use
 * @param failures objects that the store did not remove; the next sweep tries again
 */
public record SweepReport(boolean dryRun, List<SweepFinding> findings, long kept, long failures) {

    /** How many, by action and reason. */
    @JsonProperty("counts")
    public Map<String, Long> counts() {
        return findings.stream()
                .collect(Collectors.groupingBy(
                        finding -> finding.action() + " " + finding.reason(), TreeMap::new, Collectors.counting()));
    }
}
