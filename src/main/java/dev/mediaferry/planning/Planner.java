package dev.mediaferry.planning;

import dev.mediaferry.run.FieldRun;
import java.util.List;
import java.util.Map;

/**
 * Decides which rows or files of an entry are to be moved. Whatever the kind of the entry, route {@code plan-page} counts once
 * what needs no moving, reads a page, has it examined, and queues what is to be moved of it.
 *
 * @param <S> what counts what needs no moving, a row for each reason
 * @param <R> a row of a page
 */
public sealed interface Planner<S extends Record, R extends Record> permits ColumnPlanner, ArchivePlanner, FilePlanner {

    /** Refuses an entry that cannot be planned, before the first of its pages is read. */
    default void begin(FieldRun field) {}

    /** @return parameters of the statements that count and read */
    Map<String, Object> parameters(FieldRun field);

    /** Reports what needs no moving. */
    void skipped(FieldRun field, List<S> rows);

    /**
     * Reports what a page holds, and where the next one starts.
     *
     * @return what of it is to be queued; nothing where the statement that reads a page queues it, too
     */
    CandidatePage examine(FieldRun field, List<R> rows);
}
