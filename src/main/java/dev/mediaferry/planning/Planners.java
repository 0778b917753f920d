package dev.mediaferry.planning;

import dev.mediaferry.entry.Entry;
import dev.mediaferry.run.FieldRun;
import java.util.List;
import java.util.Map;

/** The planner of each kind of entry, and what a page is for all of them: it counts once it is in the ledger. */
public final class Planners {

    private final Map<Entry.Kind, Planner<?, ?>> byKind;

    public Planners(ColumnPlanner columns, ArchivePlanner archives, FilePlanner files) {
        this.byKind = Map.of(
                Entry.Kind.COLUMN, columns,
                Entry.Kind.ARCHIVE, archives,
                Entry.Kind.CATEGORY, files);
    }

    /** The planner of a kind is given the rows that the statements about its kind answer. */
    @SuppressWarnings("unchecked")
    private Planner<Record, Record> of(FieldRun field) {
        return (Planner<Record, Record>) byKind.get(field.entry().kind());
    }

    /** What was counted of a page that did not get into the ledger is forgotten: it comes again. */
    public void beginPage(FieldRun field) {
        field.census().beginPage();
        if (field.isAtStart()) {
            of(field).begin(field);
        }
    }

    /** @param rows that need no moving, by reason */
    public void skipped(FieldRun field, List<Record> rows) {
        of(field).skipped(field, rows);
    }

    /** @return what of a page is to be queued */
    public CandidatePage examine(FieldRun field, List<Record> rows) {
        return of(field).examine(field, rows);
    }

    /** The page is in the ledger: from here on the next one comes. */
    public void pageDone(FieldRun field) {
        field.pageDone();
    }
}
