package dev.mediaferry.planning;

import dev.mediaferry.run.FieldRun;
import dev.mediaferry.run.ScanProgress;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Decides which rows or files of an entry are to be moved. Whatever the kind of the entry, route {@code plan-page} counts once
 * what needs no moving, reads a page, has it examined, and queues what is to be moved of it.
 */
public sealed interface Planner permits ColumnPlanner, ArchivePlanner, FilePlanner {

    /** Refuses an entry that cannot be planned, before the first of its pages is read. */
    default void begin(FieldRun field) {}

    /** @return parameters of the statements that count and read */
    Map<String, Object> parameters(FieldRun field);

    /**
     * Reports what needs no moving.
     *
     * @param rows by reason
     */
    default void skipped(FieldRun field, List<Map<String, Object>> rows) {
        for (Map<String, Object> row : rows) {
            ScanProgress.Skip reason = ScanProgress.Skip.valueOf(((String) row.get("skip")).toUpperCase(Locale.ROOT));
            field.census().skip(reason, ((Number) row.get("rows")).longValue());
        }
    }

    /**
     * Reports what a page holds, and where the next one starts.
     *
     * @return what of it is to be queued; nothing where the statement that reads a page queues it, too
     */
    CandidatePage examine(FieldRun field, List<Map<String, Object>> rows);
}
