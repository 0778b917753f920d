package dev.mediaferry.removal;

import dev.mediaferry.entry.Entry;
import java.util.Map;

/** One entry that is asked which of its rows lead to the objects of a page. */
public record HolderSearch(Entry entry, RemovalPage page) {

    public String sql() {
        return entry.holders().orElseThrow().sql();
    }

    public Map<String, Object> parameters() {
        return page.parameters();
    }
}
