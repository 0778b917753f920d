package dev.mediaferry.run;

import dev.mediaferry.entry.Column;
import dev.mediaferry.entry.Entry;
import dev.mediaferry.failure.RetryPolicy;
import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.ledger.TransferState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One field's part of a run while it is under way: what planning saw, which hosts may have rows to claim, and what is in
 * flight. Its methods may be called from any thread.
 */
public final class FieldRun {

    /** What is to be done next. */
    public enum Step {
        PLAN_PAGE,
        OPEN_QUEUE,
        CLAIM_ROWS,
        /** Nothing was heard for a while of what is claimed: the ledger is asked. */
        COUNT_CLAIMED,
        /** A dry run only plans. */
        NOTHING,
        /** The field has nothing more to do, or may not go on. */
        DONE
    }

    private final Optional<PlanFollower> following;
    private final Entry entry;
    private final ScanProgress census;
    private Run run;

    private boolean overlapping;
    private boolean early;
    private boolean silent;
    private boolean over;
    private boolean queueOpen;
    private long readAt = System.nanoTime();
    private final Set<String> joining = new TreeSet<>();
    private final Set<String> openHosts = new TreeSet<>();
    private final Map<Long, Retry> retries = new HashMap<>();
    private final Map<Long, Integer> inFlight = new HashMap<>();
    private long heardAt = System.nanoTime();
    private long found;
    private boolean suspended;
    private String failure;
    private boolean postponed;
    private String refusal;

    private record Retry(String host, Instant due) {}

    public FieldRun(Entry entry) {
        this(entry, Optional.empty());
    }

    public FieldRun(Entry entry, Optional<PlanFollower> following) {
        this.entry = entry;
        this.following = following;
        this.census = new ScanProgress(entry instanceof Column);
    }

    void join(Run joined) {
        this.run = joined;
        census.join(joined);
    }

    public Run run() {
        return run;
    }

    public Entry entry() {
        return entry;
    }

    /** @return the plan that is followed, if one is */
    public Optional<PlanFollower> following() {
        return following;
    }

    /** @return ids of the rows that the run is about; none means all */
    public List<String> chosenRows() {
        return run == null ? List.of() : run.options().rows();
    }

    /** @return the entry of a run that reads columns */
    public Column column() {
        return (Column) entry;
    }

    /** Name of the entry, here and in the ledger. */
    public String name() {
        return entry.name();
    }

    /** Name of its route. */
    public String route() {
        return entry.route();
    }

    /** @return what the statements about an entry take */
    public Map<String, Object> parameters() {
        return Map.of("entry", name());
    }

    /** @return what planning has seen so far */
    public ScanProgress census() {
        return census;
    }

    /** @return true until the first page was looked at for the first time, unless the run is about chosen rows */
    public boolean isAtStart() {
        return census.lastId() == null
                && !census.again()
                && chosenRows().isEmpty()
                && following.map(PlanFollower::isAtStart).orElse(true);
    }

    /** @return true while there are rows of a plan that were not looked at */
    public boolean followsPlan() {
        return following.map(PlanFollower::hasRows).orElse(false);
    }

    synchronized long planned() {
        return Math.max(census.wanted(), found);
    }

    // Claiming

    /** What is planned may be claimed before the rest is: nothing that an earlier run left waits beside it. */
    synchronized void overlap() {
        overlapping = true;
    }

    public synchronized void pageDone() {
        census.pageDone();
        following.ifPresent(PlanFollower::pageDone);
        if (overlapping) {
            openHosts.addAll(
                    census.again() ? joining : census.candidatesByHost().keySet());
        }
        joining.clear();
    }

    /** @param rows of a page that are in the queue now, and were not when the entry was read before */
    public synchronized void joined(long rows, Set<String> hosts) {
        census.joined(rows);
        joining.addAll(hosts);
    }

    /**
     * Has the entry read once more from its beginning, when that was last done as long ago as the run says and rows wait in
     * the queue still. Those that are claimed meanwhile go on, and what is new joins them by its deadline.
     */
    synchronized void readAgainInTime() {
        boolean may = entry instanceof Column && run.options().readsAgain() && queueOpen && census.scanned();
        if (may
                && System.nanoTime() - readAt >= run.readsAgainAfter().toNanos()
                && !openHosts().isEmpty()) {
            readAt = System.nanoTime();
            overlapping = true;
            // Other processes may have planned rows of hosts that are not known here.
            queueOpen = false;
            census.readAgain();
        }
    }

    /** @return true when rows that were planned may be claimed although others were not; none of a page that comes again */
    synchronized boolean overlaps() {
        return overlapping && !census.scanned() && !census.inPage();
    }

    /** @param claim true when rows are to be claimed before the next page is planned */
    synchronized Step next(boolean claim) {
        early = claim;
        silent = false;
        return step();
    }

    /** @return true when something is claimed of which nothing was heard for that long; then it is asked for next */
    synchronized boolean fellSilent(Duration time) {
        silent = !inFlight.isEmpty() && System.nanoTime() - heardAt > time.toNanos();
        if (silent) {
            heardAt = System.nanoTime();
        }
        return silent;
    }

    synchronized void end() {
        over = true;
    }

    public synchronized boolean isOver() {
        return over;
    }

    public synchronized Step step() {
        if (over) {
            return Step.DONE;
        }
        if (silent) {
            return Step.COUNT_CLAIMED;
        }
        if (early) {
            return Step.CLAIM_ROWS;
        }
        if (!census.scanned()) {
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
        return postponed && refusal == null && !run.stopping() && !run.exhausted() ? planned() - found : 0;
    }

    /** @param first true when the run has not had it before */
    synchronized void claimed(Transfer transfer, boolean first) {
        retries.remove(transfer.id());
        if (inFlight.isEmpty()) {
            heardAt = System.nanoTime();
        }
        inFlight.put(transfer.id(), transfer.attempt());
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

    /** @return false when that is known already */
    synchronized boolean settled(Transfer transfer) {
        return settled(transfer.id(), transfer.attempt());
    }

    private boolean settled(long transfer, int attempt) {
        boolean news = inFlight.remove(transfer, attempt);
        heardAt = System.nanoTime();
        notifyAll();
        return news;
    }

    /** Another process has taken the transfer over: it counts there. */
    synchronized void lost(Transfer transfer) {
        if (settled(transfer)) {
            found--;
        }
    }

    /** @param due when the run itself tries this transfer again */
    synchronized void retry(Transfer transfer, String host, Instant due) {
        if (settled(transfer)) {
            retries.put(transfer.id(), new Retry(host, due));
        }
    }

    /** Another process has carried a transfer, and written down how that ended: what the ledger says of it is news, or known. */
    synchronized void learnt(ClaimState state) {
        Integer attempt = inFlight.get(state.id());
        if (attempt == null || !settled(state.id(), attempt)) {
            return;
        }
        if (!Long.valueOf(run.id()).equals(state.run())) {
            found--;
        } else if (state.state() != TransferState.WAITING) {
            run.count(state.outcome());
        } else if (state.waits().compareTo(RetryPolicy.LONGEST_WAIT_IN_RUN) <= 0) {
            retries.put(state.id(), new Retry(state.host(), Instant.now().plus(state.waits())));
        } else {
            run.count(state.outcome());
        }
    }

    /** @return ids of the transfers that are claimed and not settled yet */
    synchronized long[] inFlight() {
        return inFlight.keySet().stream().mapToLong(Long::longValue).toArray();
    }

    synchronized boolean idle() {
        return inFlight.isEmpty();
    }

    /** @return transfers that are claimed and not settled yet */
    synchronized int held() {
        return inFlight.size();
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

    /** Nothing more is planned or claimed of this field; what is in flight is finished. */
    synchronized void fail(String why) {
        failure = why;
        notifyAll();
    }

    /** @return why the field ended before it was done, if it did */
    synchronized Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** @param reason what the store said, which has refused everything for longer than a run sits through */
    synchronized void refuse(String reason) {
        refusal = reason;
    }

    /** @return why the store has ended this field, if it has */
    synchronized Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** @return rows that stay in the queue because the store refuses everything */
    synchronized long untouched() {
        return refusal == null ? 0 : planned() - found;
    }

    /** @return rows that this run has claimed, each counted once */
    public synchronized long found() {
        return found;
    }
}
