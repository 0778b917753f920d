package dev.mediaferry.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.mediaferry.plan.Outline;
import java.util.List;

/**
 * What a run would do; the JSON document of {@code plan}, and the summary in its file.
 *
 * @param file where the plan was written, or null
 * @param digest of the file, or null
 * @param rows in the plan
 * @param blockers what keeps some of them from being moved
 * @param sizes as the hosts say, or null when they were not asked
 * @param indexes that large columns have for the search, or would need
 * @param run a dry run's report
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"file", "digest", "rows", "blockers", "sizes", "indexes", "run"})
public record PlanReport(
        String file,
        String digest,
        long rows,
        List<Outline.Blocker> blockers,
        Outline.Sizes sizes,
        List<ScanIndex> indexes,
        RunReport run) {

    public static PlanReport of(Outline outline, List<ScanIndex> indexes, RunReport run) {
        return new PlanReport(
                null, null, outline.rows(), outline.blockers(), outline.sizes().orElse(null), indexes, run);
    }

    public PlanReport written(String path, String itsDigest) {
        return new PlanReport(path, itsDigest, rows, blockers, sizes, indexes, run);
    }
}
