package dev.mediaferry.registry;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Names;
import dev.mediaferry.storage.NamedBucket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The entries of registry.yaml, in their order. */
public record Registry(List<Field> fields, List<NamedBucket> buckets, List<Archive> archives) {

    public Registry {
        fields = List.copyOf(fields);
        buckets = List.copyOf(buckets);
        archives = List.copyOf(archives);
    }

    /** Names of all entries, in their order. */
    public List<String> names() {
        return Stream.concat(fields.stream().map(Field::name), archives.stream().map(Archive::name))
                .toList();
    }

    /**
     * @param names of entries
     * @throws ConfigurationException naming every unknown one, with the nearest that exists
     */
    public void check(List<String> names) {
        List<String> known = names();
        List<String> problems = new ArrayList<>();
        for (String name : names) {
            if (!known.contains(name)) {
                String near = Names.nearest(name, known)
                        .map(n -> "; did you mean " + n + "?")
                        .orElse("; the registry has " + String.join(", ", known));
                problems.add("no field " + name + near);
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }
}
