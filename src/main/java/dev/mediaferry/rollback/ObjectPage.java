package dev.mediaferry.rollback;

import dev.mediaferry.rollback.Rollback.Litter;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Objects of one page, marked as about to be removed: those that somebody needs after all are taken out. */
public final class ObjectPage {

    private final List<Litter> objects;
    private final Set<String> neededKeys = new HashSet<>();
    private final Set<String> neededTargets = new HashSet<>();
    private final Set<String> failedKeys = new HashSet<>();
    private boolean broken;

    ObjectPage(List<Litter> objects) {
        this.objects = List.copyOf(objects);
    }

    public boolean isEmpty() {
        return objects.isEmpty();
    }

    /** @return parameters of {@code rollback-owners.sql} and of the statement for the rows that hold a link */
    public Map<String, Object> parameters() {
        return Map.of(
                "objectKeys", objects.stream().map(Litter::key).distinct().toArray(String[]::new),
                "targets", objects.stream().map(Litter::target).distinct().toArray(String[]::new));
    }

    /** @param rows of {@code rollback-owners.sql} */
    public void owned(List<Map<String, Object>> rows) {
        rows.forEach(row -> neededKeys.add((String) row.get("object_key")));
    }

    /** @param rows of a column that hold a link to an object */
    public void held(List<Map<String, Object>> rows) {
        rows.forEach(row -> neededTargets.add((String) row.get("target")));
    }

    /** @return keys that nothing leads to any more, each once */
    public List<String> removable() {
        return objects.stream()
                .filter(object -> !isNeeded(object))
                .map(Litter::key)
                .distinct()
                .toList();
    }

    /** @return false once the store has refused to remove one: it is not asked for this one either */
    boolean goesOn(String key) {
        if (broken) {
            failedKeys.add(key);
        }
        return !broken;
    }

    /** The store did not remove this one. */
    void failed(String key) {
        broken = true;
        failedKeys.add(key);
    }

    /** @return parameters of {@code rollback-removed.sql} */
    public Map<String, Object> outcome() {
        return Map.of(
                "ids", objects.stream().mapToLong(Litter::id).toArray(),
                "removed",
                        removable().stream()
                                .filter(key -> !failedKeys.contains(key))
                                .toArray(String[]::new),
                "kept",
                        objects.stream()
                                .filter(object -> isNeeded(object) || failedKeys.contains(object.key()))
                                .mapToLong(Litter::id)
                                .toArray());
    }

    long removed() {
        return removable().stream().filter(key -> !failedKeys.contains(key)).count();
    }

    long needed() {
        return objects.stream()
                .filter(this::isNeeded)
                .map(Litter::key)
                .distinct()
                .count();
    }

    long failed() {
        return failedKeys.size();
    }

    private boolean isNeeded(Litter object) {
        return neededKeys.contains(object.key()) || neededTargets.contains(object.target());
    }
}
