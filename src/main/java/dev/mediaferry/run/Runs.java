package dev.mediaferry.run;

import dev.mediaferry.entry.ArchiveTable;
import dev.mediaferry.entry.Entries;
import dev.mediaferry.entry.Entry;
import dev.mediaferry.failure.FailureClassifier;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.ledger.TransferState;
import dev.mediaferry.ledger.Worker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runs of this process: opened, told how transfers ended, and closed with a report that the ledger confirms. */
public final class Runs {

    /** While a run lasts its columns are read that often, for rows that were added; more often where the schedule is. */
    public static final Duration READS_AGAIN = Duration.ofHours(1);

    private static final Duration SHORTEST_SCHEDULE = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

    private final Worker worker;
    private final ScheduleSettings schedule;
    private final Predicate<String> suspended;
    private final Observer observer;
    private final Duration readsAgain;
    private final Entries entries;
    private volatile Watcher watcher = Watcher.NOBODY;
    private final Map<Long, Run> current = new ConcurrentHashMap<>();
    private final Set<Long> assisted = ConcurrentHashMap.newKeySet();

    /** Told of every ended transfer and run; for metrics. */
    public interface Observer {

        /** Keeps nothing. */
        Observer NONE = new Observer() {
            @Override
            public void ended(String entry, String outcome, long bytes, Duration time) {}

            @Override
            public void finished(RunReport report) {}
        };

        void ended(String entry, String outcome, long bytes, Duration time);

        void finished(RunReport report);
    }

    /**
     * @param schedule tells when runs start by themselves
     * @param suspended tells of a route whether an operator has suspended it
     * @param readsAgain the longest time between two readings of a column while a run lasts
     */
    public Runs(
            Entries entries,
            Worker worker,
            ScheduleSettings schedule,
            Predicate<String> suspended,
            Observer observer,
            Duration readsAgain) {
        this.readsAgain = readsAgain;
        this.suspended = suspended;
        this.schedule = schedule;
        this.entries = entries;
        this.worker = worker;
        this.observer = observer;
    }

    /** @param other hears of single media from now on */
    public void watch(Watcher other) {
        watcher = other;
    }

    public Watcher watcher() {
        return watcher;
    }

    /** @return how many fields there are */
    public int fields() {
        return entries.columns().size();
    }

    /** @return the entry of a transfer */
    public Entry entry(String name) {
        return entries.of(name);
    }

    /** @return what the ledger remembers of the options; written as JSON there */
    public Map<String, Object> shown(RunOptions options) {
        Map<String, Object> shown = new TreeMap<>();
        shown.put("fields", options.fields());
        shown.put("force", options.force());
        options.limit().ifPresent(limit -> shown.put("limit", limit));
        options.batchSize().ifPresent(size -> shown.put("batchSize", size));
        options.plan().ifPresent(plan -> shown.put("plan", plan.digest()));
        if (!options.rows().isEmpty()) {
            shown.put("rows", options.rows());
        }
        options.scheduled().ifPresent(fire -> shown.put("scheduled", fire.toString()));
        options.folder().ifPresent(folder -> shown.put("folder", folder.path().toString()));
        return shown;
    }

    /** @param shown the options, in JSON */
    public RunOpening opening(RunOptions options, String shown) {
        return new RunOpening(worker.id(), kind(options), shown);
    }

    /** How the ledger calls such a run. */
    private String kind(RunOptions options) {
        boolean archive = !options.fields().isEmpty()
                && entries.chosen(options.fields()).stream().allMatch(ArchiveTable.class::isInstance);
        return archive ? "archive" : options.kind();
    }

    /** @param id as the ledger gave it, or null for a dry run */
    public Run open(RunOptions options, Number id) {
        Drift drift = new Drift();
        List<FieldRun> fields = entries.chosen(options.fields()).stream()
                .map(entry -> new FieldRun(
                        entry, options.plan().map(plan -> new PlanFollower(plan.rows(entry.name()), drift))))
                .toList();
        fields.stream().filter(field -> suspended.test(field.route())).forEach(FieldRun::suspend);
        Instant now = Instant.now();
        Run run = new Run(
                id == null ? 0 : id.longValue(), options, schedule.nextAfter(now), readsAgainAfter(now), fields);
        current.put(run.id(), run);
        if (!options.dryRun()) {
            LOG.info(
                    "run {} ({}) starts: {}",
                    run.id(),
                    kind(options),
                    fields.stream().map(FieldRun::name).collect(Collectors.joining(", ")));
        }
        return run;
    }

    /** The database refuses what one field needs: it ends, the others go on. */
    public void fail(FieldRun field, Throwable cause) {
        String why = "registry line " + field.entry().line() + ": " + field.name()
                + ": the database refuses a statement: " + FailureClassifier.sentence(cause);
        LOG.error("{}", why);
        LOG.debug("where that came from", cause);
        field.fail(why);
    }

    /** Nothing more of a field is taken on, for a reason that has nothing to do with it. */
    void endEarly(FieldRun field, String why) {
        LOG.error("{} ends early: {}", field.name(), why);
        field.fail(why);
    }

    /** As often as the schedule starts runs, which it does not while one lasts. */
    private Duration readsAgainAfter(Instant now) {
        Duration between = schedule.next(now)
                .flatMap(next -> schedule.next(next).map(second -> Duration.between(next, second)))
                .orElse(readsAgain);
        Duration after = between.compareTo(SHORTEST_SCHEDULE) < 0 ? SHORTEST_SCHEDULE : between;
        return after.compareTo(readsAgain) < 0 ? after : readsAgain;
    }

    /** The ledger is out of reach for good: all runs end as they stand, and the next one goes on from there. */
    public void abandon(Throwable cause) {
        current.values().forEach(run -> run.abandon(cause));
        current.clear();
    }

    /** Nothing more of a transfer's run is claimed: the rest is left waiting. */
    void refuse(Transfer transfer, String why) {
        find(transfer).ifPresent(field -> field.run().fields().forEach(one -> one.refuse(why)));
    }

    /** What this run works from is gone: it ends as it stands, others go on. */
    public void giveUp(Run run, String reason) {
        run.abandon(new ServiceUnreachableException(reason, null));
        current.remove(run.id());
    }

    /** @throws ServiceUnreachableException when the run was given up: there is nobody to tell how it ended */
    public void checkNotGivenUp(Run run) {
        run.checkNotAbandoned();
    }

    /** A transfer of another process's run is carried here. That process counts it, and the ledger says whether it still has it. */
    void assist(Transfer transfer) {
        if (!current.containsKey(transfer.run())) {
            assisted.add(transfer.run());
        }
    }

    /** @return true when a transfer's run goes on, and this process still has the id under which it claimed it */
    public boolean isHeld(Transfer transfer) {
        return assisted.contains(transfer.run())
                || (current.containsKey(transfer.run()) && transfer.worker() == worker.id());
    }

    /** Others have taken the transfer over: it counts there. */
    public void lost(Transfer transfer) {
        find(transfer).ifPresent(field -> field.lost(transfer));
    }

    /** @return true when the run that claimed this transfer is to end */
    public boolean stopping(Transfer transfer) {
        return Optional.ofNullable(current.get(transfer.run()))
                .map(Run::stopping)
                .orElse(!assisted.contains(transfer.run()));
    }

    /** @return the folder that a transfer's file lies in */
    public Path folder(Transfer transfer) {
        return Optional.ofNullable(current.get(transfer.run()))
                .flatMap(run -> run.options().folder())
                .map(ScannedFolder::path)
                .orElseThrow(() -> new TransferException(FailureKind.INTERRUPTED, "the run has ended"));
    }

    public Collection<Run> current() {
        return List.copyOf(current.values());
    }

    /** @return how far the runs of this process are that the ledger knows */
    public List<ProgressNote> progress() {
        return current.values().stream()
                .filter(run -> !run.options().dryRun())
                .map(ProgressNote::of)
                .toList();
    }

    /** Everything that is due, as the schedule asks for. */
    public RunOptions scheduled(Date fire) {
        return new RunOptions(
                List.of(),
                false,
                OptionalLong.empty(),
                OptionalInt.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.of(fire.toInstant()),
                Optional.empty());
    }

    /**
     * The pointer was swapped, or the row had changed. In any other state the transfer was carried twice, and the other time ended so:
     * it stays under way until the ledger is asked what of it is left to do.
     */
    public void settled(Transfer transfer, TransferState state, String key, long bytes) {
        boolean ended = state == TransferState.LINKED || state == TransferState.SUPERSEDED;
        if (ended && isKnown(transfer)) {
            observer.ended(transfer.entry(), state.label(), bytes, sinceClaim(transfer));
        }
        find(transfer).ifPresent(field -> {
            if (ended) {
                watcher.ended(transfer, key, state);
                if (field.settled(transfer)) {
                    field.run().count(state);
                }
            }
        });
    }

    /**
     * @param host of the link that is tried next
     * @param due when the run tries it again, or null when it does not
     */
    public void failed(Transfer transfer, String host, FailureKind kind, String message, Instant due) {
        if (isKnown(transfer)) {
            observer.ended(transfer.entry(), kind.label(), 0, sinceClaim(transfer));
        }
        find(transfer).ifPresent(field -> {
            if (due != null) {
                field.retry(transfer, host, due);
            } else {
                watcher.failed(transfer, kind, message);
                if (field.settled(transfer)) {
                    field.run().count(kind);
                }
            }
        });
    }

    /** @param outcomes empty for a dry run */
    public RunReport report(Run run, List<RunOutcome> outcomes) {
        run.checkNotAbandoned();
        List<FieldReport> fields = new ArrayList<>();
        for (FieldRun field : run.fields()) {
            List<RunOutcome> ofField = outcomes.stream()
                    .filter(outcome -> outcome.entry().equals(field.name()))
                    .toList();
            fields.add(run.options().dryRun() ? FieldReport.planned(field) : FieldReport.of(field, ofField));
        }
        Duration time = Duration.between(run.started(), Instant.now());
        return RunReport.of(run, fields, run.drift().orElse(null), time);
    }

    /** @param document the report, in JSON */
    public RunClosing closing(RunReport report, String document) {
        return new RunClosing(report.run(), document, report.interrupted());
    }

    public RunReport close(RunReport report) {
        current.remove(report.run());
        observer.finished(report);
        if (report.refusal() != null) {
            LOG.warn("run {} ends, the rest is left waiting: {}", report.run(), report.refusal());
        }
        if (!report.dryRun()) {
            report.fields().forEach(field -> logEnd(report.run(), field));
            LOG.info(
                    "run {} ends: {} of {} rows moved, {} superseded, {} waiting, dead letters {}, {} s",
                    report.run(),
                    report.migrated(),
                    report.found(),
                    report.superseded(),
                    report.waiting(),
                    report.dead(),
                    report.seconds());
        }
        return report;
    }

    private static void logEnd(long run, FieldReport field) {
        long failed = field.waiting() + field.deadTotal();
        Map<String, Long> why = new TreeMap<>(field.dead());
        if (field.waiting() > 0) {
            why.put("waiting", field.waiting());
        }
        LOG.info(
                "run {}: {}: {} processed, {} succeeded, {} failed{}, {} superseded, {} skipped",
                run,
                field.field(),
                field.found(),
                field.migrated(),
                failed,
                why.isEmpty() ? "" : " " + why,
                field.superseded(),
                field.skipped().values().stream().mapToLong(Long::longValue).sum());
    }

    /** True when the transfer's run goes on here, or in the process that it is carried for. */
    private boolean isKnown(Transfer transfer) {
        return current.containsKey(transfer.run()) || assisted.contains(transfer.run());
    }

    /** @return empty when the run was given up before this transfer ended */
    private Optional<FieldRun> find(Transfer transfer) {
        return Optional.ofNullable(current.get(transfer.run())).flatMap(run -> run.fields().stream()
                .filter(field -> field.name().equals(transfer.entry()))
                .findFirst());
    }

    private static Duration sinceClaim(Transfer transfer) {
        return Duration.between(transfer.claimed(), Instant.now());
    }
}
