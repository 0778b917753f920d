package dev.mediaferry.registry;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Names;
import java.util.ArrayList;
import java.util.List;

/** The entries of registry.yaml, in their order. */
public record Registry(List<Field> fields) {

    public Registry {
        fields = List.copyOf(fields);
    }

    /**
     * @param names {@code Table.column} each; none means all
     * @throws ConfigurationException naming every unknown one, with the nearest that exists
     */
    public List<Field> fields(List<String> names) {
        if (names.isEmpty()) {
            return fields;
        }
        List<String> known = fields.stream().map(Field::name).toList();
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
        return fields.stream().filter(field -> names.contains(field.name())).toList();
    }
}
