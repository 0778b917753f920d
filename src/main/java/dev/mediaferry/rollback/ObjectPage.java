package dev.mediaferry.rollback;

import dev.mediaferry.rollback.Rollback.Litter;
import dev.mediaferry.storage.ObjectName;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Objects of one page, marked as about to be removed: those that somebody needs after all are taken out. */
public final class ObjectPage {

    private final List<Litter> objects;
    private final Set<ObjectName> neededObjects = new HashSet<>();
    private final Set<String> neededTargets = new HashSet<>();
    private final Set<ObjectName> failedObjects = new HashSet<>();
    private boolean broken;

    ObjectPage(List<Litter> objects) {
        this.objects = List.copyOf(objects);
    }

    public boolean isEmpty() {
        return objects.isEmpty();
    }

    /** @return parameters of {@code rollback-owners.sql} and of the statement for the rows that hold a link */
    public Map<String, Object> parameters() {
        List<ObjectName> names = objects.stream().map(Litter::object).distinct().toList();
        return Map.of(
                "objectKeys", keys(names),
                "buckets", buckets(names),
                "targets", objects.stream().map(Litter::target).distinct().toArray(String[]::new));
    }

    /** @param rows of {@code rollback-owners.sql} */
    public void owned(List<Map<String, Object>> rows) {
        rows.forEach(
                row -> neededObjects.add(new ObjectName((String) row.get("bucket"), (String) row.get("object_key"))));
    }

    /** @param rows of a column that hold a link to an object */
    public void held(List<Map<String, Object>> rows) {
        rows.forEach(row -> neededTargets.add((String) row.get("target")));
    }

    /** @return objects that nothing leads to any more, each once */
    public List<ObjectName> removable() {
        return objects.stream()
                .filter(object -> !isNeeded(object))
                .map(Litter::object)
                .distinct()
                .toList();
    }

    /** @return false once the store has refused to remove one: it is not asked for this one either */
    boolean goesOn(ObjectName object) {
        if (broken) {
            failedObjects.add(object);
        }
        return !broken;
    }

    /** The store did not remove this one. */
    void failed(ObjectName object) {
        broken = true;
        failedObjects.add(object);
    }

    /** @return parameters of {@code rollback-removed.sql} */
    public Map<String, Object> outcome() {
        List<ObjectName> removed = removable().stream()
                .filter(object -> !failedObjects.contains(object))
                .toList();
        return Map.of(
                "ids", objects.stream().mapToLong(Litter::id).toArray(),
                "removed", keys(removed),
                "removedFrom", buckets(removed),
                "kept",
                        objects.stream()
                                .filter(litter -> isNeeded(litter) || failedObjects.contains(litter.object()))
                                .mapToLong(Litter::id)
                                .toArray());
    }

    private static String[] keys(List<ObjectName> names) {
        return names.stream().map(ObjectName::key).toArray(String[]::new);
    }

    private static String[] buckets(List<ObjectName> names) {
        return names.stream().map(ObjectName::bucket).toArray(String[]::new);
    }

    long removed() {
        return removable().stream()
                .filter(object -> !failedObjects.contains(object))
                .count();
    }

    long needed() {
        return objects.stream()
                .filter(this::isNeeded)
                .map(Litter::object)
                .distinct()
                .count();
    }

    long failed() {
        return failedObjects.size();
    }

    private boolean isNeeded(Litter object) {
        return neededObjects.contains(object.object()) || neededTargets.contains(object.target());
    }
}
