package dev.mediaferry.run;

import dev.mediaferry.plan.Outline;
import dev.mediaferry.plan.PlanFile;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a run is asked to do.
 *
 * @param fields names of entries; none means all columns
 * @param dryRun true to plan only: neither bucket, rows nor ledger change
 * @param limit the most rows in all
 * @param batchSize rows claimed at once, instead of each field's own
 * @param force true to move rows again that are ours already, from the links the ledger remembers
 * @param plan whose rows are moved, and no others
 * @param outline where a dry run writes down which rows it would move
 * @param scheduled the fire of the schedule that asks for it; empty for a run by hand
 * @param folder that the files of an import lie in; empty for a run over columns
 * @param rows ids of the rows that are forced; none means all
 */
public record RunOptions(
        List<String> fields,
        boolean dryRun,
        OptionalLong limit,
        OptionalInt batchSize,
        boolean force,
        Optional<PlanFile> plan,
        Optional<Outline> outline,
        Optional<Instant> scheduled,
        Optional<ScannedFolder> folder,
        List<String> rows) {

    /** Everything that is due. */
    public static final RunOptions ALL =
            new RunOptions(List.of(), false, OptionalLong.empty(), OptionalInt.empty(), false);

    public RunOptions {
        fields = List.copyOf(fields);
        rows = rows.stream().distinct().toList();
    }

    public RunOptions(
            List<String> fields,
            boolean dryRun,
            OptionalLong limit,
            OptionalInt batchSize,
            boolean force,
            Optional<PlanFile> plan,
            Optional<Outline> outline,
            Optional<Instant> scheduled,
            Optional<ScannedFolder> folder) {
        this(fields, dryRun, limit, batchSize, force, plan, outline, scheduled, folder, List.of());
    }

    /** How the ledger calls such a run. */
    public String kind() {
        return folder.isPresent() ? "import" : "migrate";
    }

    /** @param rows of one field that are moved again, and no others; what they led to is removed afterwards */
    public static RunOptions forcing(String field, List<String> rows, boolean dryRun, OptionalInt batchSize) {
        return new RunOptions(
                List.of(field),
                dryRun,
                OptionalLong.empty(),
                batchSize,
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                rows);
    }

    /** True when a run takes no rows of the queue but those that it has marked there. */
    public boolean chooses() {
        return plan.isPresent() || !rows.isEmpty();
    }

    /** True when it means all that is to be moved, also what is added while it lasts. */
    boolean readsAgain() {
        return !dryRun && !force && limit.isEmpty() && plan.isEmpty();
    }

    public RunOptions(List<String> fields, boolean dryRun, OptionalLong limit, OptionalInt batchSize, boolean force) {
        this(
                fields,
                dryRun,
                limit,
                batchSize,
                force,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** What {@code plan} asks for. */
    public static RunOptions outlining(List<String> fields, Outline outline) {
        return new RunOptions(
                fields,
                true,
                OptionalLong.empty(),
                OptionalInt.empty(),
                false,
                Optional.empty(),
                Optional.of(outline),
                Optional.empty(),
                Optional.empty());
    }

    /** Exactly what a plan says. */
    public static RunOptions following(PlanFile plan, boolean dryRun, OptionalInt batchSize) {
        return new RunOptions(
                plan.fields(),
                dryRun,
                OptionalLong.empty(),
                batchSize,
                false,
                Optional.of(plan),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
