package dev.mediaferry.run;

import dev.mediaferry.fetch.HostPace;
import dev.mediaferry.ledger.Worker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Plans the files of a category from the inventory of their folder, a page at a time. */
public final class FilePlanner {

    private static final int PAGE = 5000;

    private final Worker worker;

    public FilePlanner(Worker worker) {
        this.worker = worker;
    }

    /** @return true until the first page was planned */
    public boolean isAtStart(FieldRun field) {
        return field.census().lastId() == null;
    }

    /** @return parameters of the statements about the files of a category */
    public Map<String, Object> parameters(FieldRun field) {
        Map<String, Object> parameters = new HashMap<>(field.parameters());
        parameters.put("worker", worker.id());
        parameters.put("host", HostPace.LOCAL);
        parameters.put("dryRun", field.run().options().dryRun());
        parameters.put(
                "after",
                field.census().lastId() == null
                        ? 0L
                        : Long.parseLong(field.census().lastId()));
        parameters.put("most", PAGE);
        return parameters;
    }

    /** @param rows of {@code inventory-summary.sql} */
    public void skipped(FieldRun field, List<Map<String, Object>> rows) {
        rows.stream().filter(row -> row.get("reason") != null).forEach(row -> field.census()
                .skip((String) row.get("reason"), ((Number) row.get("files")).longValue()));
    }

    /** @param row of {@code plan-files.sql} */
    public void planned(FieldRun field, Map<String, Object> row) {
        long files = ((Number) row.get("files")).longValue();
        field.census().candidates(HostPace.LOCAL, files);
        field.census()
                .page(
                        files == 0 && field.census().lastId() != null
                                ? field.census().lastId()
                                : row.get("last").toString(),
                        files == PAGE);
    }
}
