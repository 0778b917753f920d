package dev.mediaferry.planning;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.mediaferry.plan.Outline;
import dev.mediaferry.run.RunReport;
import dev.mediaferry.run.ScanIndex;
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
 * @param leftOut some of the rows that are left alone since they are invalid or foreign
 * @param run a dry run's report
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"file", "digest", "rows", "blockers", "sizes", "indexes", "leftOut", "run"})
public record PlanReport(
        String file,
        String digest,
        long rows,
        List<Outline.Blocker> blockers,
        Outline.Sizes sizes,
        List<ScanIndex> indexes,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<LeftOutRow> leftOut,
        RunReport run) {

    /** Rows of a field that are named of those that are left alone. */
    public static final int MOST_LEFT_OUT = 5;

    public static PlanReport of(Outline outline, List<ScanIndex> indexes, RunReport run) {
        return new PlanReport(
                null, null, outline.rows(), outline.blockers(), outline.sizes().orElse(null), indexes, List.of(), run);
    }

    public PlanReport leavingOut(List<LeftOutRow> some) {
        return new PlanReport(file, digest, rows, blockers, sizes, indexes, List.copyOf(some), run);
    }

    public PlanReport written(String path, String itsDigest) {
        return new PlanReport(path, itsDigest, rows, blockers, sizes, indexes, leftOut, run);
    }
}
