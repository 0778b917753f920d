package dev.mediaferry.registry;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the backup of another system is taken in.
 *
 * @param line where it stands in the file, from 1
 * @param maps from the ids of the other system to ours, by name
 */
public record Import(int line, String name, Map<String, IdMapping> maps, List<ImportCategory> categories) {

    public Import {
        maps = Collections.unmodifiableMap(new TreeMap<>(maps));
        categories = List.copyOf(categories);
    }
}
