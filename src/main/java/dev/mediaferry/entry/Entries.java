package dev.mediaferry.entry;

import dev.mediaferry.registry.Registry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All entries of a registry as found in the database, in their order. */
public final class Entries {

    private final Map<String, Entry> byName = new LinkedHashMap<>();

    public Entries(List<? extends Entry> entries) {
        entries.forEach(entry -> byName.put(entry.name(), entry));
    }

    public List<Entry> all() {
        return List.copyOf(byName.values());
    }

    /** Those whose links are looked for in a database: what a run without names moves. */
    public List<Column> columns() {
        return byName.values().stream()
                .filter(Column.class::isInstance)
                .map(Column.class::cast)
                .toList();
    }

    /** Those whose files are looked for in a local cache. */
    public List<ArchiveTable> archives() {
        return byName.values().stream()
                .filter(ArchiveTable.class::isInstance)
                .map(ArchiveTable.class::cast)
                .toList();
    }

    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    public boolean has(String name) {
        return byName.containsKey(name);
    }

    /** @return the entry of a transfer that was planned in this process */
    public Entry of(String name) {
        return byName.get(name);
    }

    public Optional<Entry> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** @param names of entries that are there, as {@link Registry#check} has found; none means all columns */
    public List<Entry> chosen(List<String> names) {
        return names.isEmpty()
                ? List.copyOf(columns())
                : byName.values().stream()
                        .filter(entry -> names.contains(entry.name()))
                        .toList();
    }
}
