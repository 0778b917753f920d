package dev.mediaferry.backup;

import dev.mediaferry.registry.Category;
import dev.mediaferry.registry.Import;
import dev.mediaferry.run.RunOptions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** One folder on its way through an import. */
public final class Importing {

    private final Import plan;
    private final ImportOptions options;
    private final List<Category> chosen;

    /** @param chosen categories that are imported */
    Importing(Import plan, ImportOptions options, List<Category> chosen) {
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
                Optional.of(options.folder()));
    }

    /** Statements that set right which records are the first. */
    public List<Marking> markings() {
        return options.dryRun()
                ? List.of()
                : chosen.stream()
                        .flatMap(category -> category.firstsSql().stream().flatMap(sql -> List.of(false, true).stream()
                                .map(first -> new Marking(sql, category.name(), first))))
                        .toList();
    }
}
