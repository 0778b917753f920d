package dev.mediaferry.run;

import dev.mediaferry.registry.Column;
import dev.mediaferry.registry.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One field's part of a run while it is under way: what planning saw, which hosts may have rows to claim, and what is in
 * flight. Its methods may be called from any thread.
 */
public final class FieldRun {

    /** How many of the nearest deadlines a dry run names. */
    private static final int NEAREST = 5;

    /** Why a row was left out. */
    public enum Skip {
        EMPTY,
        FOREIGN,
        OURS,
        INVALID
    }

    /** What is to be done next. */
    public enum Step {
        PLAN_PAGE,
        OPEN_QUEUE,
        CLAIM_ROWS,
        /** A dry run only plans. */
        NOTHING
    }

    /** A row that a dry run would move, with its deadline. */
    public record Candidate(String id, String host, Instant deadline) {}

    private final Entry entry;
    private Run run;

    private final Map<Skip, Long> skipped = new EnumMap<>(Skip.class);
    private final Map<String, Long> left = new TreeMap<>();
    private final Map<String, Long> candidatesByHost = new TreeMap<>();
    private final List<Candidate> nearest = new ArrayList<>();
    private long expired;
    private long atRisk;
    private long candidates;
    private boolean scanned;
    private String lastId;

    private boolean queueOpen;
    private final Set<String> openHosts = new TreeSet<>();
    private final Map<Long, Retry> retries = new HashMap<>();
    private int held;
    private long found;
    private boolean suspended;
    private boolean postponed;

    private record Retry(String host, Instant due) {}

    FieldRun(Entry entry) {
        this.entry = entry;
    }

    void join(Run joined) {
        this.run = joined;
    }

    public Run run() {
        return run;
    }

    public Entry entry() {
        return entry;
    }

    /** @return the entry of a run that reads columns */
    Column column() {
        return (Column) entry;
    }

    /** Name of the entry, of its route, and of its entry in the ledger. */
    public String name() {
        return entry.name();
    }

    /** @return what the statements about an entry take */
    public Map<String, Object> parameters() {
        return Map.of("entry", name());
    }

    // Planning

    synchronized boolean scanned() {
        return scanned;
    }

    /** @return the id after which the next page starts, or null for the first */
    synchronized String lastId() {
        return lastId;
    }

    synchronized void page(String last, boolean more) {
        lastId = last;
        scanned = !more;
    }

    synchronized void skip(Skip reason, long rows) {
        skipped.merge(reason, rows, Long::sum);
    }

    /** Rows that the ledger holds back: dead letters, waiting for later, in another process's hands, rolled back, discarded. */
    synchronized void leave(String reason, long rows) {
        left.merge(reason, rows, Long::sum);
    }

    /** @param endangered how many of the rows count as at risk, which they no longer are */
    synchronized void leaveForGood(String state, long rows, long endangered) {
        leave(state.equals("rolled_back") ? "rolledBack" : state, rows);
        atRisk -= endangered;
    }

    synchronized void candidate(Candidate candidate) {
        candidates++;
        candidatesByHost.merge(candidate.host(), 1L, Long::sum);
        if (candidate.deadline() == null) {
            return;
        }
        if (candidate.deadline().isBefore(run.started())) {
            expired++;
            return;
        }
        if (candidate.deadline().isBefore(run.horizon())) {
            atRisk++;
        }
        if (nearest.size() == NEAREST
                && !candidate.deadline().isBefore(nearest.get(NEAREST - 1).deadline())) {
            return;
        }
        nearest.add(candidate);
        nearest.sort(Comparator.comparing(Candidate::deadline));
        if (nearest.size() > NEAREST) {
            nearest.remove(NEAREST);
        }
    }

    synchronized long planned() {
        long leftAlone = left.values().stream().mapToLong(Long::longValue).sum();
        return Math.max(candidates - leftAlone, found);
    }

    public synchronized Map<Skip, Long> skipped() {
        return new EnumMap<>(skipped.isEmpty() ? new EnumMap<>(Skip.class) : skipped);
    }

    public synchronized Map<String, Long> left() {
        return new TreeMap<>(left);
    }

    public synchronized Map<String, Long> candidatesByHost() {
        return new TreeMap<>(candidatesByHost);
    }

    public synchronized List<Candidate> nearest() {
        return List.copyOf(nearest);
    }

    /** @return candidates whose date had passed when the run started */
    public synchronized long expired() {
        return expired;
    }

    /** @return candidates that still work, but will not when the next scheduled run starts */
    public synchronized long atRisk() {
        return atRisk;
    }

    public synchronized long candidates() {
        return candidates;
    }

    // Claiming

    public synchronized Step step() {
        if (!scanned) {
            return Step.PLAN_PAGE;
        }
        if (run.options().dryRun()) {
            return Step.NOTHING;
        }
        return queueOpen ? Step.CLAIM_ROWS : Step.OPEN_QUEUE;
    }

    synchronized void open(Set<String> hosts) {
        queueOpen = true;
        openHosts.addAll(hosts);
    }

    synchronized Set<String> openHosts() {
        Instant now = Instant.now();
        retries.values().stream()
                .filter(retry -> !retry.due().isAfter(now))
                .forEach(retry -> openHosts.add(retry.host()));
        return new TreeSet<>(openHosts);
    }

    /** Nothing of this host is due any more, until a retry is. */
    synchronized void exhausted(String host) {
        openHosts.remove(host);
        // A retry that was due and did not come was taken by another process.
        Instant now = Instant.now();
        retries.values()
                .removeIf(retry -> retry.host().equals(host) && retry.due().isBefore(now.minusSeconds(1)));
    }

    /** The host keeps us away for longer than a run sits through: its rows are left to a later one. */
    synchronized void postpone(String host) {
        openHosts.remove(host);
        retries.values().removeIf(retry -> retry.host().equals(host));
        postponed = true;
    }

    /** @return rows that stay in the queue because their hosts keep us away */
    synchronized long postponed() {
        return postponed && !run.stopping() && !run.exhausted() ? planned() - found : 0;
    }

    synchronized void claimed(long transfer, boolean first) {
        retries.remove(transfer);
        held++;
        if (first) {
            found++;
        }
    }

    /** A row that ended while it was claimed: its pointer had changed since it was found. */
    synchronized void foundSuperseded(long transfer, boolean first) {
        retries.remove(transfer);
        if (first) {
            found++;
        }
    }

    synchronized void settled() {
        held--;
        notifyAll();
    }

    /** Another process has taken the transfer over: it counts there. */
    synchronized void lost() {
        found--;
        settled();
    }

    /** @param due when the run itself tries this transfer again */
    synchronized void retry(long transfer, String host, Instant due) {
        retries.put(transfer, new Retry(host, due));
        settled();
    }

    synchronized boolean idle() {
        return held == 0;
    }

    /** @return transfers that are claimed and not settled yet */
    synchronized int held() {
        return held;
    }

    /** @return transfers that the run tries again, due or not yet */
    synchronized int pendingRetries() {
        return retries.size();
    }

    /** Sits until something is settled or woken, or the time is over. The caller looks again whether it may go on. */
    @SuppressWarnings("WaitNotInLoop")
    synchronized void await(long millis) throws InterruptedException {
        wait(millis);
    }

    synchronized void wake() {
        notifyAll();
    }

    synchronized void suspend() {
        suspended = true;
    }

    public synchronized boolean suspended() {
        return suspended;
    }

    /** @return rows that this run has claimed, each counted once */
    public synchronized long found() {
        return found;
    }
}
