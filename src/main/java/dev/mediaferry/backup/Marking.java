package dev.mediaferry.backup;

import java.util.Map;

/** A statement that takes the mark of the first record from those that have it no longer, or gives it to those that now do. */
public record Marking(String sql, String entry, boolean first) {

    public Map<String, Object> parameters() {
        return Map.of("entry", entry, "first", first);
    }
}
