package dev.mediaferry.reference;

import java.nio.file.Path;
import java.util.List;

/** A dropped old side on its way back: the dump is checked, the columns are made and filled, then what hung on them. */
public final class ReferenceRestore {

    /** Rows of a page; each locks what it fills for some milliseconds. */
    private static final int SIZE = 1_000;

    private final ReferenceChange change;
    private final List<StepRun> after;
    private final Dump dump;
    private Path file;
    private DumpFile lines;
    private String last;
    private boolean derives;
    private boolean over;
    private long skipped;
    private long filled;
    private long pause;

    /**
     * @param change with the step that makes the columns
     * @param after what is made again when they are filled
     */
    ReferenceRestore(ReferenceChange change, List<Step> after, Dump dump) {
        this.change = change;
        this.after = new ReferenceChange(change.table(), change.session(), after, change.target()).getSteps();
        this.dump = dump;
    }

    ReferenceChange change() {
        return change;
    }

    Dump dump() {
        return dump;
    }

    /** The step that makes the columns. */
    public List<StepRun> getColumns() {
        return change.getSteps();
    }

    /** What is made again when they are filled. */
    public List<StepRun> getSteps() {
        return after;
    }

    /** True until every row has its old value. */
    public boolean isOpen() {
        return !over;
    }

    /** Milliseconds before the next page. */
    public long getPause() {
        return pause;
    }

    int size() {
        return SIZE;
    }

    void fetched(Path dumped) {
        file = dumped;
    }

    Path file() {
        return file;
    }

    DumpFile lines() {
        return lines;
    }

    void reading(DumpFile opened) {
        lines = opened;
        skipped = 0;
    }

    /** True once the dump has said all it knows: the rest follows from the new side. */
    boolean derives() {
        return derives;
    }

    void derive() {
        derives = true;
    }

    String last() {
        return last;
    }

    /** The next page begins after this row; null begins anew. */
    void next(String row) {
        last = row;
    }

    /** @param locked rows that somebody else had locked */
    void took(long rows, long locked, long millis) {
        filled += rows;
        skipped += locked;
        // Users have the other half of the time.
        pause = millis;
    }

    long skipped() {
        return skipped;
    }

    void again() {
        skipped = 0;
        last = null;
    }

    void end() {
        over = true;
    }

    long filled() {
        return filled;
    }
}
