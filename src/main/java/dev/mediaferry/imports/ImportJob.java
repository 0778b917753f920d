package dev.mediaferry.imports;

import dev.mediaferry.entry.Category;
import dev.mediaferry.registry.Import;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.ScannedFolder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** One folder on its way through an import. */
public final class ImportJob {

    private final Import plan;
    private final ImportOptions options;
    private final List<Category> chosen;
    private List<Inventory.Sum> sums = List.of();
    private final Sightings sightings = new Sightings();

    /** @param chosen categories that are imported */
    ImportJob(Import plan, ImportOptions options, List<Category> chosen) {
        this.plan = plan;
        this.options = options;
        this.chosen = List.copyOf(chosen);
    }

    Import plan() {
        return plan;
    }

    ImportOptions options() {
        return options;
    }

    List<Category> chosen() {
        return chosen;
    }

    /** @return true when files of no category, and of those that are skipped as a whole, are looked at as well */
    boolean isWhole() {
        return options.category().isEmpty();
    }

    /** @return true when a report about this folder tells of the files of a category, null for those of none */
    boolean covers(String entry) {
        return isWhole()
                || options.category()
                        .map(name -> plan.name() + "/" + name)
                        .filter(name -> name.equals(entry))
                        .isPresent();
    }

    /** Remembers what the folder has in it, where no crash of the database reaches. */
    void listed(List<Inventory.Sum> all) {
        this.sums = all.stream().filter(sum -> covers(sum.entry())).toList();
    }

    Sightings sightings() {
        return sightings;
    }

    List<Inventory.Sum> sums() {
        return sums;
    }

    List<String> unmatched() {
        return isWhole() ? sightings.unmatched() : List.of();
    }

    /** Names of the entries that are imported. */
    public List<String> names() {
        return chosen.stream().map(Category::name).toList();
    }

    /** True when there is something to run; a run of no entries would be one of all columns. */
    public boolean isRun() {
        return !chosen.isEmpty();
    }

    public RunOptions runOptions() {
        return new RunOptions(
                names(),
                options.dryRun(),
                options.limit(),
                OptionalInt.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(scanned()));
    }

    private ScannedFolder scanned() {
        Map<String, Long> planned = new HashMap<>();
        Map<String, Long> skipped = new HashMap<>();
        sums.stream().filter(sum -> sum.entry() != null).forEach(sum -> (sum.reason() == null ? planned : skipped)
                .merge(sum.entry(), sum.files(), Long::sum));
        return new ScannedFolder(options.folder(), planned, skipped);
    }

    /** Statements that set right which records are the first. */
    public List<FirstRecordFix> markings() {
        return options.dryRun()
                ? List.of()
                : chosen.stream()
                        .flatMap(category -> category.queries().firstsSql().stream()
                                .flatMap(sql -> List.of(false, true).stream()
                                        .map(first -> new FirstRecordFix(sql, category.name(), first))))
                        .toList();
    }
}
