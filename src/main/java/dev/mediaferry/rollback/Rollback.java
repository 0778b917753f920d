package dev.mediaferry.rollback;

import dev.mediaferry.entry.Entry;
import dev.mediaferry.ledger.Worker;
import dev.mediaferry.object.ObjectName;
import dev.mediaferry.removal.RemovalPage;
import dev.mediaferry.rollback.RestoredRow.Outcome;
import dev.mediaferry.rollback.RollbackReport.Kept;
import dev.mediaferry.rollback.RollbackReport.Left;
import dev.mediaferry.storage.Removal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A rollback while it is under way: field by field, a page at a time, the newest transfers first. */
public final class Rollback {

    /** Rows that a report names; the others are only counted. */
    static final int MOST_LISTED = 1000;

    /** Rows that are restored by one statement. */
    private static final int PAGE = 1000;

    /** Rows that need an object are looked for in every column at once, so that a page costs one look at each. */
    private static final int OBJECT_PAGE = 5000;

    /** How often a row that somebody else has locked is tried: for some five seconds. */
    private static final int ATTEMPTS = 20;

    private static final long PAUSE_MILLIS = 250;

    private final RollbackOptions options;
    private final Worker worker;
    private final Deque<Entry> toRestore;
    private final Deque<Entry> toClean;
    private final Deque<Batch> again = new ArrayDeque<>();
    private final List<Row> locked = new ArrayList<>();
    private final List<Left> left = new ArrayList<>();
    private final List<Left> keptMedia = new ArrayList<>();
    private final List<Kept> kept = new ArrayList<>();
    private long before = Long.MAX_VALUE;
    private int attempt = 1;
    private long found;
    private long restored;
    private long conflicts;
    private long stillLocked;
    private long refused;
    private long mediaKept;
    private long objectsRemoved;
    private long objectsGone;
    private long objectsKept;
    private long objectsNotOurs;
    private long objectsFailed;

    /** A transfer that is to be undone: a row of {@code rollback-page.sql}. */
    public record Row(long id, String rowKey) {}

    /** Rows of one column that are restored together, none of them twice. */
    public record Batch(Entry entry, List<Row> rows, boolean dryRun) {

        public boolean isEmpty() {
            return rows.isEmpty();
        }

        public String sql() {
            return dryRun ? entry.restore().preview() : entry.restore().sql();
        }

        public Map<String, Object> parameters() {
            return Map.of(
                    "entry",
                    entry.name(),
                    "ids",
                    rows.stream().mapToLong(Row::id).toArray());
        }
    }

    Rollback(RollbackOptions options, Worker worker, List<Entry> chosen) {
        this.options = options;
        this.worker = worker;
        this.toRestore = new ArrayDeque<>(chosen);
        this.toClean = new ArrayDeque<>(options.deleteObjects() && !options.dryRun() ? chosen : List.of());
    }

    public RollbackOptions options() {
        return options;
    }

    // Pointers

    public boolean hasRows() {
        return !toRestore.isEmpty();
    }

    public boolean needsPage() {
        return again.isEmpty() && before > 0;
    }

    /** @return parameters of {@code rollback-page.sql} */
    public Map<String, Object> pageParameters() {
        return selection(toRestore.element(), PAGE);
    }

    /** @param rows empty at the end of a column */
    public void page(List<Row> rows) {
        Set<String> seen = new HashSet<>();
        List<Row> page = new ArrayList<>();
        for (Row next : rows) {
            // A row that was moved twice goes back step by step: the earlier step comes with the next page.
            if (!seen.add(next.rowKey())) {
                break;
            }
            page.add(next);
        }
        if (page.isEmpty()) {
            before = 0;
            return;
        }
        before = page.get(page.size() - 1).id();
        found += page.size();
        again.add(batch(toRestore.element(), page));
    }

    /** @return how long to wait before {@link #takeBatch}, in milliseconds: rows that are locked are given time */
    public long pause() {
        return again.isEmpty() && before == 0 && !locked.isEmpty() ? PAUSE_MILLIS : 0;
    }

    /** @return what is to be restored next; empty when the column is done */
    public Batch takeBatch() {
        Entry entry = toRestore.element();
        if (!again.isEmpty()) {
            return again.remove();
        }
        if (!locked.isEmpty() && attempt < ATTEMPTS) {
            attempt++;
            Batch batch = batch(entry, List.copyOf(locked));
            locked.clear();
            return batch;
        }
        locked.forEach(row -> leave(entry, row, "another transaction kept the row locked"));
        stillLocked += locked.size();
        locked.clear();
        attempt = 1;
        before = Long.MAX_VALUE;
        toRestore.remove();
        return batch(entry, List.of());
    }

    /** @param answered the outcome of every row that nobody has locked */
    public void restored(Batch batch, List<RestoredRow> answered) {
        Map<Long, Outcome> outcomes = new HashMap<>();
        Map<Long, String> media = new HashMap<>();
        answered.forEach(row -> outcomes.put(row.id(), row.outcome()));
        answered.forEach(row -> media.put(row.id(), row.kept()));
        for (Row row : batch.rows()) {
            switch (outcomes.getOrDefault(row.id(), Outcome.LOCKED)) {
                case RESTORED -> {
                    restored++;
                    keep(batch.entry(), row, media.get(row.id()));
                }
                case CHANGED -> {
                    conflicts++;
                    leave(batch.entry(), row, "the row was changed or deleted since it was moved");
                }
                case OPEN -> {
                    conflicts++;
                    leave(batch.entry(), row, "the old link is in the ledger once more, not done yet");
                }
                case UNTOUCHED -> {
                    refused++;
                    leave(batch.entry(), row, "its update changes nothing, since a trigger returns null");
                }
                // Another rollback was quicker.
                case OVER -> found--;
                case LOCKED -> locked.add(row);
            }
        }
    }

    /** The database refused a batch because of one of its rows: they are tried one by one, and a single one is left. */
    public void isolate(Batch batch, Throwable cause) {
        if (batch.rows().size() > 1) {
            batch.rows().forEach(row -> again.add(batch(batch.entry(), List.of(row))));
            return;
        }
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        refused++;
        leave(batch.entry(), batch.rows().get(0), "the database refused the old value: " + root.getMessage());
    }

    // Objects

    public boolean hasObjects() {
        return !toClean.isEmpty();
    }

    /** @return parameters of {@code rollback-objects.sql} */
    public Map<String, Object> objectParameters() {
        return selection(toClean.element(), OBJECT_PAGE);
    }

    /**
     * @param marked empty at the end of a column
     * @return objects whose pointers are back
     */
    List<Removal> objects(List<MarkedObject> marked) {
        List<Removal> page = marked.stream().map(MarkedObject::removal).toList();
        before = page.stream().mapToLong(Removal::id).min().orElse(Long.MAX_VALUE);
        if (page.isEmpty()) {
            toClean.remove();
        }
        return page;
    }

    /** Counts a page whose outcome the ledger knows now. A store that refuses one object is not asked for more. */
    public void cleaned(RemovalPage page) {
        page.outcomes().forEach(this::count);
        objectsFailed += page.failures();
        if (page.failures() > 0) {
            toClean.clear();
        }
    }

    private void count(ObjectName object, Removal.Outcome outcome) {
        switch (outcome) {
            case REMOVED -> objectsRemoved++;
            case GONE -> objectsGone++;
            case IN_USE -> objectsKept++;
            default -> objectsNotOurs++;
        }
        if (outcome.kept() && kept.size() < MOST_LISTED) {
            kept.add(new Kept(object.key(), outcome.reason()));
        }
    }

    public RollbackReport report() {
        return new RollbackReport(
                options.dryRun(),
                found,
                restored,
                conflicts,
                stillLocked,
                refused,
                mediaKept,
                objectsRemoved,
                objectsGone,
                objectsKept,
                objectsNotOurs,
                objectsFailed,
                List.copyOf(left),
                List.copyOf(keptMedia),
                List.copyOf(kept));
    }

    Batch batch(Entry entry, List<Row> rows) {
        return new Batch(entry, rows, options.dryRun());
    }

    /** @param why null where no medium is kept */
    private void keep(Entry entry, Row row, String why) {
        if (why == null) {
            return;
        }
        mediaKept++;
        if (keptMedia.size() < MOST_LISTED) {
            keptMedia.add(new Left(entry.name(), row.rowKey(), why));
        }
    }

    private void leave(Entry entry, Row row, String reason) {
        if (left.size() < MOST_LISTED) {
            left.add(new Left(entry.name(), row.rowKey(), reason));
        }
    }

    private Map<String, Object> selection(Entry entry, int most) {
        Map<String, Object> parameters = Rollbacks.selection(options);
        parameters.put("entry", entry.name());
        parameters.put("before", before);
        parameters.put("worker", worker.id());
        parameters.put("most", most);
        return parameters;
    }
}
