package dev.mediaferry.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What planning has seen of one entry, and how far it is. What is told of a page counts when the page is done, so that one
 * that comes again since the database went away in its middle is neither counted twice nor left out. Its methods may be
 * called from any thread.
 */
final class Census {

    /** How many of the nearest deadlines a dry run names. */
    private static final int NEAREST = 5;

    /** How many files are named whose keys are taken. */
    private static final int MOST_TAKEN = 100;

    /** Why a row was left out. */
    enum Skip {
        EMPTY,
        FOREIGN,
        OURS,
        INVALID;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A row that a dry run would move, with its deadline. */
    record Candidate(String id, String host, Instant deadline) {}

    private final List<Runnable> page = new ArrayList<>();
    private final Map<String, Long> skipped = new TreeMap<>();
    private final Map<String, Long> left = new TreeMap<>();
    private final Map<String, Long> candidatesByHost = new TreeMap<>();
    private final List<Candidate> nearest = new ArrayList<>();
    private final List<String> taken = new ArrayList<>();
    private final Set<String> named = new HashSet<>();
    private Run run;
    private long expired;
    private long atRisk;
    private long candidates;
    private boolean scanned;
    private boolean again;
    private String lastId;

    /** @param ofColumn true to tell of every reason how many rows were left out, also when there are none */
    Census(boolean ofColumn) {
        if (ofColumn) {
            Arrays.stream(Skip.values()).forEach(reason -> skipped.put(reason.label(), 0L));
        }
    }

    /** The next page is the first once more: what was counted stays, and only what is new is added to it. */
    synchronized void readAgain() {
        page.clear();
        again = true;
        scanned = false;
        lastId = null;
    }

    /** @return true when the entry was read to its end before */
    synchronized boolean again() {
        return again;
    }

    void join(Run joined) {
        run = joined;
    }

    /** Forgets what was told of a page that was not done. */
    synchronized void beginPage() {
        page.clear();
    }

    synchronized void pageDone() {
        page.forEach(Runnable::run);
        page.clear();
    }

    /** @return true while something was told of a page that is not done */
    synchronized boolean inPage() {
        return !page.isEmpty();
    }

    // Of the page that is looked at

    /** @param last the id after which the next page starts */
    synchronized void page(String last, boolean more) {
        page.add(() -> {
            lastId = last;
            scanned = !more;
        });
    }

    void skip(Skip reason, long rows) {
        skip(reason.label(), rows);
    }

    /** @param reason for a person */
    synchronized void skip(String reason, long rows) {
        page.add(() -> skipped.merge(reason, rows, Long::sum));
    }

    /** Rows that were not there when the entry was read before. */
    synchronized void joined(long rows) {
        page.add(() -> candidates += rows);
    }

    /**
     * A row whose file cannot be stored.
     *
     * @param reason for a person
     * @param what its file and its key
     */
    synchronized void taken(String reason, String what) {
        skip(reason, 1);
        page.add(() -> {
            if (taken.size() < MOST_TAKEN) {
                taken.add(what);
            }
        });
    }

    /** Rows of which nothing is to be said but where they come from. */
    synchronized void candidates(String host, long rows) {
        page.add(() -> {
            candidates += rows;
            if (rows > 0) {
                candidatesByHost.merge(host, rows, Long::sum);
            }
        });
    }

    /** Rows that the ledger holds back: dead letters, waiting for later, in another process's hands, rolled back, discarded. */
    synchronized void leave(String reason, long rows) {
        page.add(() -> left.merge(reason, rows, Long::sum));
    }

    /** @param endangered how many of the rows count as at risk, which they no longer are */
    synchronized void leaveForGood(String reason, long rows, long endangered) {
        leave(reason, rows);
        page.add(() -> atRisk -= endangered);
    }

    synchronized void candidate(Candidate candidate) {
        page.add(() -> count(candidate));
    }

    private void count(Candidate candidate) {
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

    /** @return those of the rows that no page has had, this one included */
    synchronized List<String> without(List<String> ids, List<String> asked) {
        named.addAll(ids);
        return asked.stream().filter(id -> !named.contains(id)).toList();
    }

    // Of the pages that are done

    synchronized boolean scanned() {
        return scanned;
    }

    /** @return the id after which the next page starts, or null for the first */
    synchronized String lastId() {
        return lastId;
    }

    /** @return rows that this run would move */
    synchronized long wanted() {
        return candidates - left.values().stream().mapToLong(Long::longValue).sum();
    }

    synchronized Map<String, Long> skipped() {
        return new TreeMap<>(skipped);
    }

    synchronized Map<String, Long> left() {
        return new TreeMap<>(left);
    }

    synchronized Map<String, Long> candidatesByHost() {
        return new TreeMap<>(candidatesByHost);
    }

    synchronized List<Candidate> nearest() {
        return List.copyOf(nearest);
    }

    /** @return the first files whose keys are taken in the bucket, with these keys */
    synchronized List<String> taken() {
        return List.copyOf(taken);
    }

    /** @return candidates whose date had passed when the run started */
    synchronized long expired() {
        return expired;
    }

    /** @return candidates that still work, but will not when the next scheduled run starts */
    synchronized long atRisk() {
        return atRisk;
    }

    synchronized long candidates() {
        return candidates;
    }
}
