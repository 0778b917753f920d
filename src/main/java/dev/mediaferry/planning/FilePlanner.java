package dev.mediaferry.planning;

import dev.mediaferry.ledger.Worker;
import dev.mediaferry.pace.HostLimits;
import dev.mediaferry.run.FieldRun;
import dev.mediaferry.run.Runs;
import dev.mediaferry.run.ScannedFolder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Plans the files of a category from the inventory of their folder, a page at a time. A page that is not what was listed gives the
 * run up: the inventory is a table that a crash of the database empties.
 */
public final class FilePlanner implements Planner<FilePlanner.Listed, FilePlanner.Queued> {

    private static final int PAGE = 5000;

    /**
     * Files of a category in the inventory.
     *
     * @param reason why they are left out; null for those that are imported
     */
    public record Listed(String reason, long files) {}

    /**
     * The files that one page has put into the queue.
     *
     * @param last of them in the inventory; 0 without any
     */
    public record Queued(long files, long last) {}

    private final Worker worker;
    private final Runs runs;

    public FilePlanner(Worker worker, Runs runs) {
        this.worker = worker;
        this.runs = runs;
    }

    /** @return parameters of the statements about the files of a category */
    @Override
    public Map<String, Object> parameters(FieldRun field) {
        Map<String, Object> parameters = new HashMap<>(field.parameters());
        parameters.put("worker", worker.id());
        parameters.put("host", HostLimits.LOCAL);
        parameters.put("dryRun", field.run().options().dryRun());
        parameters.put(
                "after",
                field.census().lastId() == null
                        ? 0L
                        : Long.parseLong(field.census().lastId()));
        parameters.put("most", PAGE);
        parameters.put("planned", folder(field).planned(field.name()));
        return parameters;
    }

    /** @param rows of {@code inventory-summary.sql} */
    @Override
    public void skipped(FieldRun field, List<Listed> rows) {
        long planned = 0;
        long skipped = 0;
        for (Listed row : rows) {
            if (row.reason() == null) {
                planned += row.files();
            } else {
                skipped += row.files();
                field.census().skip(row.reason(), row.files());
            }
        }
        compare(field, folder(field).planned(field.name()), planned);
        compare(field, folder(field).skipped(field.name()), skipped);
    }

    /** @param rows of {@code plan-files.sql}: what it has queued, in one row */
    @Override
    public CandidatePage examine(FieldRun field, List<Queued> rows) {
        Queued page = rows.get(0);
        long left = folder(field).planned(field.name()) - field.census().candidates();
        compare(field, Math.min(PAGE, left), page.files());
        field.census().candidates(HostLimits.LOCAL, page.files());
        String before = field.census().lastId();
        field.census().page(page.files() == 0 && before != null ? before : Long.toString(page.last()), left > PAGE);
        return CandidatePage.none(field);
    }

    private void compare(FieldRun field, long listed, long read) {
        if (listed != read) {
            runs.giveUp(
                    field.run(),
                    "%s: of the list of the folder's files that the database keeps meanwhile, %,d were read where %,d were written;"
                                    .formatted(field.name(), read, listed)
                            + " a database that crashes or fails over loses it. Run it again: the folder is listed anew");
        }
    }

    private static ScannedFolder folder(FieldRun field) {
        return field.run().options().folder().orElseThrow();
    }
}
