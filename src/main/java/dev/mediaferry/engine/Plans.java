package dev.mediaferry.engine;

import dev.mediaferry.entry.Column;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.plan.Outline;
import dev.mediaferry.plan.PlanFile;
import dev.mediaferry.plan.PlanScope;
import dev.mediaferry.planning.LeftOutRow;
import dev.mediaferry.planning.LeftOutRows;
import dev.mediaferry.planning.PlanReport;
import dev.mediaferry.registry.Field;
import dev.mediaferry.run.FieldReport;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import dev.mediaferry.run.ScanIndex;
import dev.mediaferry.run.ScanIndexes;
import dev.mediaferry.status.Statuses;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** What a run would do: looked at, written down, and followed. */
public final class Plans {

    private final Services services;
    private final UseCases cases;
    private final Function<RunOptions, RunReport> migrate;

    /** @param migrate runs once */
    Plans(Services services, UseCases cases, Function<RunOptions, RunReport> migrate) {
        this.services = services;
        this.cases = cases;
        this.migrate = migrate;
    }

    /**
     * Searches the columns as a run does, and changes nothing.
     *
     * @param fields that the outline was made for
     * @param outline gathers what a run would move
     * @param file where the outline writes it; empty for nowhere
     * @return without a digest when no plan was written: none was asked for, it was stopped, or a column could not be searched
     */
    public PlanReport plan(List<String> fields, Outline outline, Optional<Path> file) {
        RunReport run = migrate.apply(RunOptions.outlining(fields, outline));
        PlanReport report = PlanReport.of(outline, scanIndexes(run), run).leavingOut(leftOut(run));
        if (run.interrupted() || !run.failures().isEmpty()) {
            return report;
        }
        return outline.finish(scope(fields), report)
                .map(digest -> report.written(file.map(Path::toString).orElse(null), digest))
                .orElse(report);
    }

    /**
     * Moves exactly what a plan says.
     *
     * @throws ConfigurationException when it was made for something else than what is here now
     */
    public RunReport follow(PlanFile plan, boolean dryRun, OptionalInt batchSize) {
        // Those that the registry no longer has are reported with all other differences.
        plan.check(scope(cases.registry().fields().stream()
                .map(Field::name)
                .filter(plan.fields()::contains)
                .toList()));
        return migrate.apply(RunOptions.following(plan, dryRun, batchSize));
    }

    /** @return what a plan for these fields is made for, and has to be made for to be followed here */
    public PlanScope scope(List<String> fields) {
        return PlanScope.of(
                services.database(),
                services.storage(),
                fields.stream().map(this::column).toList());
    }

    /** @return how the large columns of a dry run are searched, and how they could be */
    public List<ScanIndex> scanIndexes(RunReport report) {
        return new ScanIndexes(services.database()).of(report, this::column);
    }

    /** @return some rows of each field that a run leaves alone since they are invalid or foreign */
    public List<LeftOutRow> leftOut(RunReport report) {
        LeftOutRows rows = cases.leftOutRows();
        return report.fields().stream()
                .flatMap(field -> rows
                        .of(
                                column(field.field()),
                                Math.min(
                                        PlanReport.MOST_LEFT_OUT,
                                        field.skipped().getOrDefault("invalid", 0L)
                                                + field.skipped().getOrDefault("foreign", 0L)))
                        .stream())
                .toList();
    }

    /** @return of the fields of a run those in which links are left that are to be moved, and by what they are kept */
    public Map<String, Map<String, Long>> unmoved(RunReport report) {
        Statuses statuses = cases.statuses();
        Map<String, Map<String, Long>> unmoved = new LinkedHashMap<>();
        for (FieldReport field : report.fields()) {
            Map<String, Long> left = statuses.unmoved(column(field.field()));
            if (!left.isEmpty()) {
                unmoved.put(field.field(), left);
            }
        }
        return unmoved;
    }

    private Column column(String field) {
        return (Column) cases.entries().of(field);
    }
}
