package dev.mediaferry.rollback;

import dev.mediaferry.ledger.Worker;
import dev.mediaferry.registry.Column;
import dev.mediaferry.registry.Registry;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Begins rollbacks over the fields of the registry. */
public final class Rollbacks {

    private final Registry registry;
    private final List<Column> columns;
    private final Worker worker;

    public Rollbacks(Registry registry, List<Column> columns, Worker worker) {
        this.registry = registry;
        this.columns = List.copyOf(columns);
        this.worker = worker;
    }

    public Rollback begin(RollbackOptions options) {
        return new Rollback(options, worker.id(), chosen(options), columns);
    }

    // What the routes call, with what they carry along.

    public void page(Rollback rollback, List<Map<String, Object>> rows) {
        rollback.page(rows);
    }

    public String sql(Rollback rollback, Rollback.Batch batch) {
        return rollback.sql(batch);
    }

    public void restored(Rollback rollback, Rollback.Batch batch, List<Map<String, Object>> rows) {
        rollback.restored(batch, rows);
    }

    /** @return what is left of a batch that the database refused: nothing, its rows come again one by one */
    public Rollback.Batch isolate(Rollback rollback, Rollback.Batch batch, Throwable cause) {
        rollback.isolate(batch, cause);
        return new Rollback.Batch(batch.column(), List.of());
    }

    public List<Map<String, Object>> nothingRestored() {
        return List.of();
    }

    public ObjectPage objects(Rollback rollback, List<Map<String, Object>> rows) {
        return rollback.objects(rows);
    }

    public void owned(ObjectPage page, List<Map<String, Object>> rows) {
        page.owned(rows);
    }

    public void held(ObjectPage page, List<Map<String, Object>> rows) {
        page.held(rows);
    }

    public boolean goesOn(ObjectPage page, String key) {
        return page.goesOn(key);
    }

    public void failed(ObjectPage page, String key) {
        page.failed(key);
    }

    public void cleaned(Rollback rollback, ObjectPage page) {
        rollback.cleaned(page);
    }

    /** @return parameters of {@code rollback-release.sql} */
    public Map<String, Object> releaseParameters(RollbackOptions options) {
        Map<String, Object> parameters = selection(options);
        parameters.put("entries", chosen(options).stream().map(Column::name).toArray(String[]::new));
        return parameters;
    }

    private List<Column> chosen(RollbackOptions options) {
        List<String> names = registry.fields(options.field().stream().toList()).stream()
                .map(field -> field.name())
                .toList();
        return columns.stream().filter(column -> names.contains(column.name())).toList();
    }

    /** Values that choose everything stand for options that were not given. */
    static Map<String, Object> selection(RollbackOptions options) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("run", options.run().orElse(0));
        parameters.put("since", options.since().map(Instant::toString).orElse("-infinity"));
        parameters.put("rowKey", options.rowKey().orElse(""));
        return parameters;
    }
}
