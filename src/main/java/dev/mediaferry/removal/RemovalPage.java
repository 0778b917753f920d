package dev.mediaferry.removal;

import dev.mediaferry.object.ObjectName;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.Removal;
import dev.mediaferry.storage.Removal.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Objects that are marked as about to be deleted: those that somebody needs after all are taken out, then the rest may go. */
public final class RemovalPage {

    private final Buckets buckets;
    private final boolean sweeping;
    private final List<Long> ids = new ArrayList<>();
    private final List<Removal> removals = new ArrayList<>();
    private final Map<ObjectName, Outcome> outcomes = new LinkedHashMap<>();
    private final Set<ObjectName> owned = new HashSet<>();
    private final Set<ObjectName> failed = new HashSet<>();

    /** An object that another transfer leads to, or may take over: a row of {@code removal-owners.sql}. */
    public record Owned(String bucket, String objectKey) {}

    /** What a row of an entry holds. */
    public record Held(String value) {}

    /** @param sweeping false when the objects are those of a rollback */
    RemovalPage(Buckets buckets, boolean sweeping) {
        this.buckets = buckets;
        this.sweeping = sweeping;
    }

    /** @param objects of the transfer; none when nothing was stored for it */
    void add(long id, List<Removal> objects) {
        ids.add(id);
        removals.addAll(objects);
    }

    public boolean isEmpty() {
        return ids.isEmpty();
    }

    /** @return parameters of {@code removal-owners.sql} and of the statements for the rows that hold a link */
    public Map<String, Object> parameters() {
        List<ObjectName> names =
                removals.stream().map(Removal::object).distinct().toList();
        return Map.of(
                "objectKeys",
                keys(names),
                "buckets",
                buckets(names),
                "names",
                names.stream().map(ObjectName::lastName).distinct().toArray(String[]::new),
                "sweeping",
                sweeping);
    }

    void owned(List<Owned> objects) {
        for (Owned object : objects) {
            ObjectName name = new ObjectName(object.bucket(), object.objectKey());
            owned.add(name);
            outcomes.put(name, Outcome.IN_USE);
        }
    }

    /** @param values that end like one of the objects */
    void held(List<Held> values) {
        Map<String, List<ObjectName>> byName = new HashMap<>();
        removals.forEach(removal -> byName.computeIfAbsent(removal.object().lastName(), name -> new ArrayList<>())
                .add(removal.object()));
        for (Held held : values) {
            String address = ObjectName.address(held.value());
            byName.getOrDefault(ObjectName.lastName(address), List.of()).stream()
                    .filter(object -> buckets.leadsTo(address, object))
                    .forEach(object -> outcomes.put(object, Outcome.IN_USE));
        }
    }

    /** @return objects that nothing leads to any more, each once */
    public List<Removal> removable() {
        Map<ObjectName, Removal> once = new LinkedHashMap<>();
        removals.stream()
                .filter(removal -> !outcomes.containsKey(removal.object()))
                .forEach(removal -> once.putIfAbsent(removal.object(), removal));
        return List.copyOf(once.values());
    }

    /** @return false once the store has refused to remove one: it is not asked for this one either */
    boolean goesOn(Removal removal) {
        if (!failed.isEmpty()) {
            failed.add(removal.object());
        }
        return failed.isEmpty();
    }

    void failed(Removal removal) {
        failed.add(removal.object());
    }

    void settled(Removal removal, Outcome outcome) {
        outcomes.put(removal.object(), outcome);
    }

    /** @return parameters of {@code rollback-removed.sql} */
    public Map<String, Object> outcome() {
        List<ObjectName> gone = outcomes.entrySet().stream()
                .filter(outcome -> !outcome.getValue().kept())
                .map(Map.Entry::getKey)
                .toList();
        return Map.of(
                "ids",
                ids.stream().mapToLong(Long::longValue).toArray(),
                "removed",
                keys(gone),
                "removedFrom",
                buckets(gone),
                "kept",
                removals.stream()
                        .filter(removal -> !gone.contains(removal.object()))
                        .mapToLong(Removal::id)
                        .toArray());
    }

    /** What another transfer needs is that one's to remove. @return parameters of {@code sweep-removed.sql} */
    public Map<String, Object> swept() {
        Set<Long> kept = new HashSet<>();
        Set<Long> unsettled = new HashSet<>();
        for (Removal removal : removals) {
            Outcome outcome = outcomes.get(removal.object());
            if (outcome == null) {
                unsettled.add(removal.id());
            } else if (outcome.kept() && !owned.contains(removal.object())) {
                kept.add(removal.id());
            }
        }
        return Map.of(
                "kept",
                kept.stream().mapToLong(Long::longValue).toArray(),
                "removed",
                ids.stream()
                        .filter(id -> !kept.contains(id) && !unsettled.contains(id))
                        .mapToLong(Long::longValue)
                        .toArray(),
                "unsettled",
                unsettled.stream().mapToLong(Long::longValue).toArray());
    }

    /** What became of each object that the store was asked about, or that is in use. */
    public Map<ObjectName, Outcome> outcomes() {
        return Map.copyOf(outcomes);
    }

    /** How many the store did not remove although it was asked to. */
    public long failures() {
        return failed.size();
    }

    private static String[] keys(List<ObjectName> names) {
        return names.stream().map(ObjectName::key).toArray(String[]::new);
    }

    private static String[] buckets(List<ObjectName> names) {
        return names.stream().map(ObjectName::bucket).toArray(String[]::new);
    }
}
