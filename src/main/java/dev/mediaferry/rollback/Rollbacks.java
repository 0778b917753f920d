package dev.mediaferry.rollback;

import dev.mediaferry.entry.Entries;
import dev.mediaferry.entry.Entry;
import dev.mediaferry.ledger.Worker;
import dev.mediaferry.removal.RemovalPage;
import dev.mediaferry.removal.Removals;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Begins rollbacks over the fields of the registry. */
public final class Rollbacks {

    private final Entries entries;
    private final Removals removals;
    private final Worker worker;

    public Rollbacks(Entries entries, Removals removals, Worker worker) {
        this.entries = entries;
        this.removals = removals;
        this.worker = worker;
    }

    public Rollback begin(RollbackOptions options) {
        return new Rollback(options, worker, chosen(options));
    }

    // What the routes call, with what they carry along.

    public void page(Rollback rollback, List<Rollback.Row> rows) {
        rollback.page(rows);
    }

    public Rollback.Batch takeBatch(Rollback rollback) {
        return rollback.takeBatch();
    }

    public void restored(Rollback rollback, Rollback.Batch batch, List<RestoredRow> answered) {
        rollback.restored(batch, answered);
    }

    /** @return what is left of a batch that the database refused: nothing, its rows come again one by one */
    public Rollback.Batch isolate(Rollback rollback, Rollback.Batch batch, Throwable cause) {
        rollback.isolate(batch, cause);
        return rollback.batch(batch.entry(), List.of());
    }

    public List<RestoredRow> nothingRestored() {
        return List.of();
    }

    public RemovalPage objects(Rollback rollback, List<MarkedObject> marked) {
        return removals.page(rollback.objects(marked));
    }

    public void cleaned(Rollback rollback, RemovalPage page) {
        rollback.cleaned(page);
    }

    /** @return parameters of {@code rollback-release.sql} */
    public Map<String, Object> releaseParameters(RollbackOptions options) {
        Map<String, Object> parameters = selection(options);
        parameters.put("entries", chosen(options).stream().map(Entry::name).toArray(String[]::new));
        return parameters;
    }

    private List<Entry> chosen(RollbackOptions options) {
        return entries.all().stream()
                .filter(entry -> options.field().map(entry.name()::equals).orElse(true))
                .toList();
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
