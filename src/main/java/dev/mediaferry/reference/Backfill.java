package dev.mediaferry.reference;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A backfill on its way: page after page, pass after pass, until one fills nothing. */
public final class Backfill {

    private static final int FIRST_SIZE = 500;
    private static final int LEAST_SIZE = 100;
    private static final int MOST_SIZE = 10_000;
    private static final long SLOW_MILLIS = 250;
    private static final long QUICK_MILLIS = 100;

    /** Before it looks again whether it may go on. */
    private static final long LOOK_MILLIS = 500;

    private final ReferenceChange change;
    private final String first;
    private final String next;
    private final OptionalLong limit;
    private String after;
    private int size = FIRST_SIZE;
    private int share;
    private int passes;
    private long filled;
    private long seen;
    private long passFilled;
    private long begun;
    private long pause;
    private boolean asked;
    private boolean ready;
    private boolean over;
    private String reason = "";

    /** What one page has done. */
    public record Page(String last, long seen, long filled, long noted) {}

    /**
     * @param cursor where an earlier one stopped; null for the beginning
     * @param limit how many rows to fill at most
     */
    Backfill(ReferenceChange change, String cursor, int share, OptionalLong limit) {
        PageSql sql = new PageSql(change.table());
        this.change = change;
        this.first = sql.first();
        this.next = sql.next();
        this.limit = limit;
        this.after = cursor;
        this.share = share;
        // What an earlier process has filled in this pass is not known here.
        this.passFilled = cursor == null ? 0 : 1;
    }

    ReferenceChange change() {
        return change;
    }

    /** True until all is filled that can be, or as much as was asked for. */
    public boolean isOpen() {
        return !over;
    }

    /** True when nobody wants it to wait. */
    public boolean isReady() {
        return ready;
    }

    /** Milliseconds before it looks whether it may go on. */
    public long getPause() {
        return pause;
    }

    /** The steps after the last page; none when there are rows left. */
    public List<StepRun> getSteps() {
        return isComplete() ? change.getSteps() : List.of();
    }

    boolean isComplete() {
        return over && after == null;
    }

    public String sql() {
        return after == null ? first : next;
    }

    public Map<String, Object> parameters() {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("name", change.table().name());
        parameters.put("size", limit.isEmpty() ? size : (int) Math.min(size, limit.getAsLong() - filled));
        parameters.put("after", after);
        return parameters;
    }

    /** @param why the next page has to wait; empty when it does not */
    void hold(String why) {
        ready = why.isEmpty();
        reason = why;
        pause = LOOK_MILLIS;
        if (ready) {
            // A page that was asked for and did not come: its route is suspended.
            pause = asked ? LOOK_MILLIS : 0;
            asked = true;
            begun = System.nanoTime();
        }
    }

    String reason() {
        return reason;
    }

    void share(int percent) {
        share = percent;
    }

    void take(Page page, int wanted) {
        long millis = (System.nanoTime() - begun) / 1_000_000;
        asked = false;
        filled += page.filled();
        passFilled += page.filled();
        seen += page.seen();
        pause = millis * (100 - share) / share;
        if (millis > SLOW_MILLIS) {
            size = Math.max(LEAST_SIZE, size / 2);
        } else if (millis < QUICK_MILLIS && page.seen() == size) {
            size = Math.min(MOST_SIZE, size + size / 2);
        }
        if (page.seen() < wanted) {
            passes++;
            after = null;
            over = passFilled == 0;
            passFilled = 0;
        } else {
            after = page.last();
        }
        over = over || (limit.isPresent() && filled >= limit.getAsLong());
    }

    boolean endsPass() {
        return after == null;
    }

    int passes() {
        return passes;
    }

    long filled() {
        return filled;
    }

    long seen() {
        return seen;
    }
}
