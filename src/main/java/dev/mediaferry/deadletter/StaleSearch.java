package dev.mediaferry.deadletter;

import dev.mediaferry.entry.Entry;
import dev.mediaferry.ledger.TransferId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds out which of some letters of one field have rows that no longer hold their link. */
public final class StaleSearch {

    private final Entry entry;
    private final List<Long> ids;
    private final Set<Long> held = new HashSet<>();

    StaleSearch(Entry entry, List<Long> ids) {
        this.entry = entry;
        this.ids = ids;
    }

    /** Asks which of the rows still hold their link; takes {@code ids}, answers {@code id}. */
    public String sql() {
        return entry.retry().held();
    }

    public Map<String, Object> parameters() {
        return Map.of("ids", DeadLetterRequest.array(ids));
    }

    void held(List<TransferId> rows) {
        rows.forEach(row -> held.add(row.id()));
    }

    boolean isStale(long id) {
        return !held.contains(id);
    }
}
