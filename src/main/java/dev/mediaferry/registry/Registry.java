package dev.mediaferry.registry;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Names;
import dev.mediaferry.storage.NamedBucket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The entries of registry.yaml, in their order. */
public record Registry(
        List<Field> fields,
        List<NamedBucket> buckets,
        List<Import> imports,
        List<Archive> archives,
        List<UploadType> uploads,
        List<Reference> references,
        List<Derivation> derivations) {

    public Registry {
        fields = List.copyOf(fields);
        buckets = List.copyOf(buckets);
        imports = List.copyOf(imports);
        archives = List.copyOf(archives);
        uploads = List.copyOf(uploads);
        references = List.copyOf(references);
        derivations = List.copyOf(derivations);
    }

    /** @return the type of uploads that has this name */
    public Optional<UploadType> upload(String name) {
        return uploads.stream().filter(type -> type.name().equals(name)).findFirst();
    }

    /**
     * @param names of references; none for all
     * @throws ConfigurationException naming every one that is not there
     */
    public List<Reference> references(List<String> names) {
        List<String> known = references.stream().map(Reference::name).toList();
        if (known.isEmpty()) {
            throw new ConfigurationException(
                    "the registry has no references: say under references: which column changes how");
        }
        List<String> problems = names.stream()
                .filter(name -> !known.contains(name))
                .map(name -> "no reference " + name
                        + Names.nearest(name, known)
                                .map(near -> "; did you mean " + near + "?")
                                .orElse("; the registry has " + String.join(", ", known)))
                .toList();
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return references.stream()
                .filter(one -> names.isEmpty() || names.contains(one.name()))
                .toList();
    }

    /** What becomes of the media of an entry besides that they are moved. */
    private record Moved(String entry, Optional<AsMedia> asMedia, Optional<Derivation> derivation) {}

    private Stream<Moved> moved() {
        return Stream.of(
                        fields.stream().map(one -> new Moved(one.name(), one.asMedia(), one.derivation())),
                        imports.stream()
                                .flatMap(one -> one.categories().stream())
                                .map(one -> new Moved(one.name(), one.asMedia(), one.derivation())),
                        archives.stream().map(one -> new Moved(one.name(), one.asMedia(), one.derivation())))
                .flatMap(entries -> entries);
    }

    /** Names of all entries, in their order. */
    public List<String> names() {
        return moved().map(Moved::entry).toList();
    }

    /** True when something is made of what an entry moves, or of what users upload. */
    public boolean derives() {
        return moved().anyMatch(one -> one.derivation().isPresent())
                || uploads.stream().anyMatch(type -> type.derivation().isPresent());
    }

    /** @return what is made of the objects of an entry; empty also for one that is not there any more */
    public Optional<Derivation> derivation(String entry) {
        return moved().filter(one -> one.entry().equals(entry)).findFirst().flatMap(Moved::derivation);
    }

    /** @return the type of the media that rows of an entry become; empty when they become none */
    public Optional<String> mediaType(String entry) {
        return moved().filter(one -> one.entry().equals(entry))
                .findFirst()
                .flatMap(Moved::asMedia)
                .map(AsMedia::type);
    }

    /**
     * @param name of an import; empty for the only one
     * @param category of it; empty for all
     * @return names of the entries that are meant
     * @throws ConfigurationException naming what is not there
     */
    public List<String> categories(Optional<String> name, Optional<String> category) {
        List<String> known = imports.stream().map(Import::name).toList();
        if (name.isEmpty() && imports.size() != 1) {
            throw new ConfigurationException("the registry has " + imports.size() + " imports; name one with --import: "
                    + String.join(", ", known));
        }
        String chosen = name.orElseGet(() -> known.get(0));
        if (!known.contains(chosen)) {
            throw new ConfigurationException("no import " + chosen + "; the registry has " + String.join(", ", known));
        }
        category.ifPresent(one -> check(List.of(chosen + "/" + one)));
        return imports.stream()
                .flatMap(one -> one.categories().stream())
                .filter(one -> !one.skipped() && one.name().startsWith(chosen + "/"))
                .map(ImportCategory::name)
                .filter(one -> category.map(wanted -> one.equals(chosen + "/" + wanted))
                        .orElse(true))
                .toList();
    }

    /** True when the user's application may be asked for fresh links. */
    public boolean resolves() {
        return fields.stream().anyMatch(field -> field.resolve().isPresent());
    }

    /**
     * @param names of fields; none for all
     * @throws ConfigurationException naming every one that is not there, or is no field
     */
    public List<String> fieldNames(List<String> names) {
        check(names);
        List<String> known = fields.stream().map(Field::name).toList();
        List<String> problems = names.stream()
                .filter(name -> !known.contains(name))
                .map(name -> name + " is no field of a table: imports and archives have commands of their own")
                .toList();
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return names.isEmpty() ? known : known.stream().filter(names::contains).toList();
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
