package dev.mediaferry.imports;

import java.util.Map;

/** A statement that takes the mark of the first record from those that have it no longer, or gives it to those that now do. */
public record FirstRecordFix(String sql, String entry, boolean first) {

    public Map<String, Object> parameters() {
        return Map.of("entry", entry, "first", first);
    }
}
