package dev.mediaferry.imports;

import dev.mediaferry.content.BodyReader;
import dev.mediaferry.entry.Category;
import dev.mediaferry.entry.Entries;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.imports.Disks.Look;
import dev.mediaferry.imports.FileClassifier.Sorted;
import dev.mediaferry.imports.Inventory.Planned;
import dev.mediaferry.imports.Inventory.Sum;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.Worker;
import dev.mediaferry.registry.Import;
import dev.mediaferry.registry.ImportCategory;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.run.RunReport;
import dev.mediaferry.run.StorageBudget;
import dev.mediaferry.settings.Names;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.KeyCheck;
import dev.mediaferry.storage.KeyCheck.Wish;
import dev.mediaferry.storage.ObjectStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what lies in a folder and what of it is to be imported, and tells what became of it. */
public final class Imports {

    private static final Logger LOG = LoggerFactory.getLogger(Imports.class);

    /** Failed files that a report names; the dead letters are all there. */
    private static final int MOST_FAILURES = 20;

    /** Files that a report names whose keys others have. */
    private static final int MOST_TAKEN = 100;

    private final List<Import> imports;
    private final Entries entries;
    private final Buckets buckets;
    private final Database database;
    private final Inventory inventory;
    private final Disks disks;
    private final StorageBudget budget;

    public Imports(
            Registry registry,
            Entries entries,
            Buckets buckets,
            Database database,
            Worker worker,
            Disks disks,
            StorageBudget budget) {
        this.imports = registry.imports();
        this.entries = entries;
        this.disks = disks;
        this.budget = budget;
        this.buckets = buckets;
        this.database = database;
        Map<String, String> named = new HashMap<>();
        entries.all().forEach(entry -> named.put(entry.name(), buckets.inLedger(buckets.of(entry.bucket()))));
        this.inventory = new Inventory(database, worker, named);
    }

    /** @throws ConfigurationException when the folder, the import or its category is not there */
    public ImportJob begin(ImportOptions asked) {
        List<Import> named = imports.stream()
                .filter(one -> asked.name().map(one.name()::equals).orElse(true))
                .toList();
        Path root = Wrapping.root(asked.folder(), named);
        Import plan = plan(asked, root);
        ImportOptions options = asked.in(root);
        List<String> names =
                plan.categories().stream().map(ImportCategory::name).toList();
        Optional<String> category = options.category().map(name -> plan.name() + "/" + name);
        if (category.filter(name -> !names.contains(name)).isPresent()) {
            List<String> known = plan.categories().stream()
                    .map(one -> one.name().substring(plan.name().length() + 1))
                    .toList();
            throw unknown("category", options.category().orElseThrow(), known, "the import has ");
        }
        List<Category> chosen = entries.all().stream()
                .filter(entry -> entry instanceof Category && names.contains(entry.name()))
                .map(Category.class::cast)
                .filter(entry -> category.map(entry.name()::equals).orElse(true))
                .toList();
        return new ImportJob(plan, options, chosen);
    }

    /** Looks at every file of the folder, which a run then takes from the list. */
    public ImportJob list(ImportJob importing) {
        scan(importing);
        return importing;
    }

    /**
     * Looks at every file of the folder.
     *
     * @return what a run would do
     */
    public ImportReport scan(ImportJob importing) {
        Instant started = Instant.now();
        FileClassifier sorting = new FileClassifier(importing.plan());
        inventory.clear();
        try (FolderScan files = new FolderScan(importing.options().folder())) {
            List<FoundFile> page = new ArrayList<>();
            while (files.hasNext()) {
                page.add(files.next());
                if (page.size() == Inventory.PAGE || !files.hasNext()) {
                    List<Sorted> sorted =
                            page.parallelStream().map(sorting::sort).toList();
                    importing.sightings().add(sorted);
                    inventory.add(sorted);
                    page.clear();
                }
            }
        }
        List<Sum> sums = inventory.complete(importing.chosen());
        List<String> taken = importing.options().dryRun() ? leaveOutTaken(importing) : List.of();
        importing.listed(taken.isEmpty() ? sums : inventory.sums());
        budget.recount();
        ImportReport planned = report(importing, Optional.empty(), started)
                .finding(taken, importing.options().dryRun() ? held(importing) : List.of());
        if (!importing.options().dryRun()) {
            planned.blockers().forEach(LOG::warn);
        }
        importing.options().inventory().ifPresent(file -> {
            Map<String, Object> head = new LinkedHashMap<>();
            head.put("scannedAt", started.toString());
            head.put("import", planned.name());
            head.put("folder", planned.folder());
            head.put("totalFiles", planned.processed());
            head.put("totalBytes", planned.bytes());
            head.put("migratableFiles", planned.migratable());
            head.put("migratableBytes", planned.migratableBytes());
            head.put("room", planned.room());
            head.put("blockers", planned.blockers());
            head.put("categories", planned.categories());
            inventory.write(
                    file, head, importing.isWhole() ? null : importing.names().get(0), planned.processed());
        });
        importing
                .options()
                .backup()
                .filter(file -> importing.isRun() && !importing.options().dryRun())
                .ifPresent(file -> new RecordDump(database).write(file, importing.chosen()));
        return planned;
    }

    /** @return the first files whose keys are taken in the bucket */
    private List<String> leaveOutTaken(ImportJob importing) {
        List<String> first = new ArrayList<>();
        Set<String> compressed = importing.chosen().stream()
                .filter(category -> category.media().compression().isPresent())
                .map(Category::name)
                .collect(Collectors.toSet());
        Path folder = importing.options().folder();
        try (KeyCheck keys = new KeyCheck(buckets, database.ledgerId())) {
            inventory.eachPlanned(page -> {
                List<Wish> wishes = page.stream()
                        .map(file -> new Wish(file.key(), folder, file.path(), compressed.contains(file.entry())))
                        .toList();
                Map<String, String> taken = keys.taken(page.get(0).bucket(), wishes);
                Map<Long, String> reasons = new LinkedHashMap<>();
                for (Planned file : page) {
                    if (taken.containsKey(file.key())) {
                        reasons.put(file.id(), taken.get(file.key()));
                        if (first.size() < MOST_TAKEN) {
                            first.add(file.path() + " -> " + file.key());
                        }
                    }
                }
                inventory.leaveOut(reasons);
            });
        }
        return first;
    }

    private List<String> held(ImportJob importing) {
        return importing.chosen().stream()
                .flatMap(category ->
                        inventory.held(category, buckets.of(category.bucket()).target(""), MOST_TAKEN).stream())
                .limit(MOST_TAKEN)
                .toList();
    }

    /** @param outcome of the run; null when there was nothing to run */
    public ImportReport report(ImportJob importing, RunReport outcome) {
        return report(importing, Optional.ofNullable(outcome), Instant.now());
    }

    private ImportReport report(ImportJob importing, Optional<RunReport> run, Instant started) {
        Map<String, CategoryCounts> sheets = new LinkedHashMap<>();
        importing.plan().categories().stream()
                .map(ImportCategory::name)
                .filter(importing::covers)
                .forEach(name -> sheets.put(name, new CategoryCounts()));
        CategoryCounts unmatched = new CategoryCounts();
        for (Sum sum : importing.sums()) {
            (sum.entry() == null ? unmatched : sheets.get(sum.entry())).add(sum);
        }
        long number = run.map(RunReport::run).orElse(0L);
        boolean ran = number > 0;
        if (ran) {
            inventory.outcomes(importing.names(), number).forEach(outcome -> sheets.get(outcome.entry())
                    .add(outcome));
            inventory.left(importing.names(), number).forEach((name, files) -> sheets.get(name).left += files);
            run.orElseThrow().fields().forEach(field -> sheets.get(field.field()).left += field.unplanned());
        }
        if (!ran) {
            inventory.kept().forEach((name, kept) -> Optional.ofNullable(sheets.get(name))
                    .ifPresent(sheet -> sheet.keep(kept)));
        }
        List<String> problems = new ArrayList<>(ran ? inventory.problems(importing.chosen(), number) : List.of());
        run.filter(report -> !report.adds())
                .ifPresent(report -> problems.add("the ledger's outcomes do not add up to the files found"));
        run.ifPresent(report -> problems.addAll(report.failures()));
        Optional<String> refusal = run.map(RunReport::refusal);
        refusal.filter(reason -> !StorageBudget.isReason(reason))
                .ifPresent(reason -> problems.add("the store refused everything until the run gave up: " + reason));
        List<CategoryCounts> all = new ArrayList<>(sheets.values());
        all.add(unmatched);
        CategoryCounts total = new CategoryCounts();
        all.forEach(total::add);
        long bytes = importing.names().stream()
                .mapToLong(name -> sheets.get(name).migratableBytes)
                .sum();
        Look look = ran
                ? new Look(
                        List.of(),
                        refusal.filter(StorageBudget::isReason).stream().toList())
                : room(importing.chosen(), bytes);
        List<ImportReport.OfCategory> categories = new ArrayList<>();
        sheets.forEach((name, sheet) -> {
            categories.add(sheet.report(name));
            sheet.problem(ran).ifPresent(problem -> problems.add(name + ": " + problem));
        });
        Sightings sightings = importing.sightings();
        boolean seen = sightings.unseenFiles() == 0 && !sightings.nothingFits();
        String validation =
                !ran && problems.isEmpty() ? ImportReport.NOT_RUN : total.validation(problems.isEmpty(), seen);
        return new ImportReport(
                importing.plan().name(),
                importing.options().folder().toString(),
                number,
                importing.options().dryRun(),
                total.files,
                total.bytes,
                total.migratable,
                total.migratableBytes,
                look.rooms(),
                look.blockers(),
                total.migrated,
                total.failed,
                total.waiting,
                total.left,
                total.skipped(),
                total.deadBefore,
                total.compressed,
                total.originalBytes,
                total.storedBytes,
                ImportReport.savings(total.originalBytes, total.storedBytes),
                run.map(RunReport::seconds)
                        .orElseGet(() -> java.time.Duration.between(started, Instant.now())
                                        .toMillis()
                                / 1000.0),
                run.map(RunReport::interrupted).orElse(false),
                validation,
                problems,
                categories,
                ran ? inventory.failures(importing.names(), number, MOST_FAILURES) : List.of(),
                sightings.unseenFiles(),
                sightings.unseen(),
                sightings.ignoredFiles(),
                sightings.ignored(),
                sightings.nothingFits(),
                importing.unmatched(),
                List.of(),
                List.of());
    }

    /** Files of parts, and compressed pictures, take more room for a while: as many of them as are on their way at once. */
    private Look room(List<Category> chosen, long bytes) {
        List<Category> compressed = chosen.stream()
                .filter(category -> category.media().compression().isPresent())
                .toList();
        Look look = disks.look(
                bytes,
                inventory.largest(chosen, "%", ObjectStore.LARGEST_PUT, disks.atOnce()),
                inventory.largest(compressed, "image/%", BodyReader.IN_MEMORY, disks.atOnce()));
        List<String> blockers = new ArrayList<>(look.blockers());
        budget.shortage(bytes).ifPresent(blockers::add);
        return new Look(look.rooms(), blockers);
    }

    /** @return what all runs have imported, from whatever folder */
    public List<ImportReport.Imported> imported(ImportJob importing) {
        Map<String, CategoryCounts> sheets = new LinkedHashMap<>();
        importing.names().forEach(name -> sheets.put(name, new CategoryCounts()));
        inventory.outcomes(importing.names(), 0).forEach(outcome -> sheets.get(outcome.entry())
                .add(outcome));
        List<ImportReport.Imported> imported = new ArrayList<>();
        sheets.forEach((name, sheet) -> imported.add(sheet.imported(name)));
        return imported;
    }

    private Import plan(ImportOptions options, Path root) {
        if (imports.isEmpty()) {
            throw new ConfigurationException("the registry has no imports: docs/import.md tells how one looks");
        }
        List<String> names = imports.stream().map(Import::name).toList();
        if (options.name().isPresent()) {
            return find(options.name().get())
                    .orElseThrow(() -> unknown("import", options.name().get(), names, "the registry has "));
        }
        if (imports.size() == 1) {
            return imports.get(0);
        }
        return find(String.valueOf(options.folder().getFileName()))
                .or(() -> Wrapping.fitting(root, imports))
                .orElseThrow(() -> new ConfigurationException("no import fits the files of " + options.folder()
                        + "; name one with --import: " + String.join(", ", names)));
    }

    private Optional<Import> find(String name) {
        return imports.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    private static ConfigurationException unknown(String what, String name, List<String> known, String all) {
        return new ConfigurationException("no " + what + " " + name
                + Names.nearest(name, known)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("; " + all + String.join(", ", known)));
    }
}
