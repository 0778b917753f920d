package dev.mediaferry.run;

import dev.mediaferry.failure.FailureClassifier;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.failure.StatementRefusedException;
import dev.mediaferry.ledger.TransferState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** A run while it is under way. */
public final class Run {

    private final long id;
    private final RunOptions options;
    private final Instant started = Instant.now();
    private final Instant horizon;
    private final Duration readsAgainAfter;
    private final List<FieldRun> fields;
    private final AtomicLong permits;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicReference<Throwable> abandoned = new AtomicReference<>();
    private final ConcurrentMap<String, AtomicLong> settled = new ConcurrentHashMap<>();

    /**
     * @param id in the ledger; 0 for a dry run, which leaves no trace there
     * @param horizon when the next scheduled run starts: links that end before it are at risk
     * @param readsAgainAfter how long after a column was read it is read again
     */
    public Run(long id, RunOptions options, Instant horizon, Duration readsAgainAfter, List<FieldRun> fields) {
        this.id = id;
        this.options = options;
        this.horizon = horizon;
        this.readsAgainAfter = readsAgainAfter;
        this.fields = List.copyOf(fields);
        this.permits = new AtomicLong(options.limit().orElse(Long.MAX_VALUE));
        fields.forEach(field -> field.join(this));
    }

    public long id() {
        return id;
    }

    public RunOptions options() {
        return options;
    }

    public Instant started() {
        return started;
    }

    public Instant horizon() {
        return horizon;
    }

    Duration readsAgainAfter() {
        return readsAgainAfter;
    }

    public List<FieldRun> fields() {
        return fields;
    }

    /** @return empty when it follows no plan */
    Optional<DriftReport> drift() {
        List<PlanFollower> followed =
                fields.stream().flatMap(field -> field.following().stream()).toList();
        long unplanned = followed.stream().mapToLong(PlanFollower::unplanned).sum();
        return options.plan().map(plan -> followed.stream()
                .findFirst()
                .map(PlanFollower::drift)
                .orElseGet(Drift::new)
                .report(plan.rows(), unplanned));
    }

    /** @return what the store said when it ended fields of the run, or null */
    String refusal() {
        return fields.stream()
                .flatMap(field -> field.refusal().stream())
                .findFirst()
                .orElse(null);
    }

    /** @return what the statements about a run take */
    public Map<String, Object> parameters() {
        return Map.of("run", id);
    }

    /** No new claims; what is in flight is finished. */
    public void stop() {
        stopping.set(true);
        fields.forEach(FieldRun::wake);
    }

    public boolean stopping() {
        return stopping.get();
    }

    /** Nothing can be written down any more: what is in flight will not be settled. */
    void abandon(Throwable cause) {
        abandoned.compareAndSet(null, cause);
        stop();
    }

    boolean abandoned() {
        return abandoned.get() != null;
    }

    /** @throws ServiceUnreachableException when the run was given up */
    void checkNotAbandoned() {
        Throwable cause = abandoned.get();
        if (cause != null) {
            // Not as the cause: the policies would take it for an outage that may pass, and wait once more.
            throw FailureClassifier.isRefusal(cause)
                    ? new StatementRefusedException(
                            "the run was given up, the database refuses a statement: "
                                    + FailureClassifier.sentence(cause),
                            null)
                    : new ServiceUnreachableException(
                            "the run was given up, the next one goes on from here: " + describe(cause), null);
        }
    }

    /** What was thrown says which statement it was, the deepest message why. */
    private static String describe(Throwable cause) {
        Optional<String> cancelled = FailureClassifier.cancelled(cause);
        if (cancelled.isPresent()) {
            return cancelled.get();
        }
        String outer = String.valueOf(cause.getMessage());
        String inner = outer;
        for (Throwable part = cause.getCause(); part != null; part = part.getCause()) {
            inner = part.getMessage() == null ? inner : part.getMessage();
        }
        return outer.contains(inner) ? outer : outer + ": " + inner;
    }

    /** @return rows to move that are known of so far */
    public long planned() {
        return fields.stream().mapToLong(FieldRun::planned).sum();
    }

    /** @return true while more rows may be found */
    public boolean planning() {
        return fields.stream().anyMatch(field -> !field.census().scanned());
    }

    /** @return how many rows have ended, by outcome: linked, superseded, or a failure's label */
    public Map<String, Long> settled() {
        Map<String, Long> counts = new TreeMap<>();
        settled.forEach((outcome, count) -> counts.put(outcome, count.get()));
        return counts;
    }

    void count(TransferState outcome) {
        count(outcome.label());
    }

    /** @param outcome a state, or a kind of failure */
    void count(String outcome) {
        settled.computeIfAbsent(outcome, key -> new AtomicLong()).incrementAndGet();
    }

    void count(FailureKind kind) {
        count(kind.label());
    }

    /** @return how many of these rows the run's limit allows still; those not used are given back */
    public int takePermits(int wanted) {
        long before = permits.getAndUpdate(left -> left - Math.min(left, wanted));
        return (int) Math.min(before, wanted);
    }

    public void returnPermits(int unused) {
        permits.addAndGet(unused);
    }

    boolean exhausted() {
        return permits.get() <= 0;
    }
}
