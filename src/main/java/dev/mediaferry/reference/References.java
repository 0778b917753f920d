package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.entry.ReferenceTable.Side;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.registry.Reference.Kind;
import dev.mediaferry.registry.Registry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What can be said of references without changing anything, and the flags that a backfill reads before every page. */
public final class References {

    private static final int SHOWN_STEPS = 20;

    /** What a page fills in a second of work, measured with ids of 25 characters. */
    private static final double ROWS_PER_SECOND = 8_000;

    /** What a row costs in the log besides its own bytes: the entry of an index and heads. */
    private static final int LOG_OVERHEAD = 150;

    private final Database database;
    private final Registry registry;
    private final Supplier<List<ReferenceTable>> tables;
    private final ReferenceLedger ledger;

    private record Size(long rows, long bytes) {}

    /** @param tables all of the registry, as the database has them now */
    public References(Database database, Registry registry, Supplier<List<ReferenceTable>> tables) {
        this.database = database;
        this.registry = registry;
        this.tables = tables;
        this.ledger = new ReferenceLedger(database);
    }

    Registry registry() {
        return registry;
    }

    /** @return all of the registry, as the database has them now */
    public List<ReferenceTable> tables() {
        return tables.get();
    }

    /** @throws ConfigurationException naming what is not there */
    ReferenceTable table(String name) {
        registry.references(List.of(name));
        return tables.get().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<ReferenceTable> chosen(List<String> names) {
        registry.references(names);
        return tables.get().stream()
                .filter(one -> names.isEmpty() || names.contains(one.name()))
                .toList();
    }

    /** @param names of references; none for all */
    public List<ReferencePlan> plan(List<String> names) {
        List<ReferencePlan> plans = new ArrayList<>();
        for (ReferenceTable table : chosen(names)) {
            plans.add(plan(table));
        }
        return plans;
    }

    private ReferencePlan plan(ReferenceTable table) {
        ReferenceFacts facts = new ReferenceFacts(database, table);
        boolean counted = table.side() == Side.NAMED && table.reference().kind() != Kind.VIEW;
        List<ValueClass> classes = counted ? new Classes(database, table).count() : List.of();
        long rows = classes.stream().mapToLong(ValueClass::rows).sum();
        long moved = classes.stream()
                .filter(ValueClass::isMoved)
                .mapToLong(ValueClass::rows)
                .sum();
        ReferenceRow row = ledger.row(table.name()).orElse(null);
        Size size = size(table);
        // A table that was never analyzed has no estimate of its rows.
        long known = Math.max(size.rows(), rows);
        long width = known > 0 ? size.bytes() / known : 0;
        int share = row == null ? 50 : row.share();
        return new ReferencePlan(
                table.name(),
                table.reference().kind().name().toLowerCase(Locale.ROOT),
                table.relation(),
                (row == null ? ReferenceState.PLANNED : row.state()).label(),
                rows,
                moved,
                (long) Math.ceil(moved / ROWS_PER_SECOND / share * 100 / 60),
                moved * (width + LOG_OVERHEAD),
                moved * width,
                classes,
                steps(table, facts),
                Stream.concat(
                                facts.dependents().stream(),
                                facts.functions().stream().map(name -> "function " + name))
                        .toList(),
                facts.publications(),
                facts.missingRights(),
                facts.transactions(1),
                new Readers(database, table).stars(),
                table.reference().kind() == Kind.VIEW && table.side() == Side.NAMED
                        ? new ViewFacts(database, table).reasons(registry)
                        : List.of());
    }

    private List<ReferencePlan.PlannedStep> steps(ReferenceTable table, ReferenceFacts facts) {
        Steps steps = new Steps(table, database.schema().name());
        List<Step> all = new ArrayList<>(steps.expand(facts.grants(), facts.receivesReplication()));
        all.addAll(steps.validate());
        all.addAll(steps.contract(facts.receivesReplication()));
        return all.stream()
                .filter(step -> !step.name().endsWith("-leftover") || !isDone(step))
                .map(step -> new ReferencePlan.PlannedStep(
                        step.name(), step.lock().sql(), step.lock().stops(), isDone(step)))
                .toList();
    }

    private boolean isDone(Step step) {
        return database.client().sql(step.probe()).query(Boolean.class).single();
    }

    private Size size(ReferenceTable table) {
        return database.client()
                .sql(
                        "select greatest(reltuples, 0)::bigint as rows, pg_relation_size(oid) as bytes from pg_class where oid = :table")
                .param("table", table.oid())
                .query(new RecordMapper<>(Size.class))
                .single();
    }

    /** @param names of references; none for all */
    public List<ReferenceStatus> status(List<String> names) {
        Map<String, ReferenceRow> rows = ledger.rows();
        return chosen(names).stream()
                .map(table -> status(table, Optional.ofNullable(rows.get(table.name()))))
                .toList();
    }

    private ReferenceStatus status(ReferenceTable table, Optional<ReferenceRow> row) {
        Counters counters = new Counters(database, table);
        ReferenceFacts facts = new ReferenceFacts(database, table);
        return new ReferenceStatus(
                table.name(),
                table.relation(),
                row.map(ReferenceRow::state).orElse(ReferenceState.PLANNED).label(),
                row.map(one -> text(one.since())).orElse(null),
                row.map(ReferenceRow::paused).orElse(false),
                row.map(ReferenceRow::share).orElse(50),
                row.map(ReferenceRow::pages).orElse(0L),
                row.map(ReferenceRow::filled).orElse(0L),
                row.map(ReferenceRow::cursor).orElse(null),
                counters.oldWrites(),
                counters.conflicts(),
                row.map(one -> text(one.proved())).orElse(null),
                row.map(ReferenceRow::soakFrom)
                        .map(from -> text(from.plus(table.reference().soak())))
                        .orElse(null),
                row.map(one -> text(one.until())).orElse(null),
                facts.lag(),
                facts.building(),
                new DumpLedger(database).of(table.name()).orElse(null),
                ReferenceObserver.uses(database, table.name()),
                ledger.steps(table.name(), SHOWN_STEPS));
    }

    private static String text(Instant time) {
        return time == null ? null : time.toString();
    }

    /**
     * Says what share of the time a backfill may be at work; one under way follows it from its next page on.
     *
     * @param percent from 1 to 100
     * @throws ConfigurationException when it is another
     */
    public void share(String name, int percent) {
        if (percent < 1 || percent > 100) {
            throw new ConfigurationException("a backfill is at work from 1 to 100 percent of the time");
        }
        ledger.share(table(name).name(), percent);
    }

    /**
     * Has the backfill of a reference stop before its next page, in whatever process it runs, or go on.
     *
     * @throws ConfigurationException when nothing of it was begun
     */
    public void pause(String name, boolean paused) {
        ReferenceTable table = table(name);
        if (!ledger.pause(table.name(), paused)) {
            throw new ConfigurationException("nothing of " + name + " was begun, so there is nothing to pause");
        }
    }
}
