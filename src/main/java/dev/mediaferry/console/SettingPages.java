package dev.mediaferry.console;

import dev.mediaferry.registry.Registry;
import dev.mediaferry.settings.Documented;
import dev.mediaferry.settings.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The settings as they are in force, and the registry, compared with the database as it is now. */
final class SettingPages {

    private final Settings settings;
    private final Registry registry;
    private final Supplier<Optional<String>> check;

    /** An entry of the registry. */
    public record Entry(String kind, String name, String folder, String more, int line) {}

    SettingPages(Operations operations) {
        this.settings = operations.settings();
        this.registry = operations.registry();
        this.check = operations.checkRegistry();
    }

    Answer show() {
        Map<String, List<Documented>> groups = new LinkedHashMap<>();
        Documented.all(settings).forEach(setting -> groups.computeIfAbsent(setting.group(), name -> new ArrayList<>())
                .add(setting));
        Map<String, Object> model = new HashMap<>();
        model.put("groups", groups);
        model.put("entries", entries());
        check.get().ifPresent(problem -> model.put("problem", problem));
        return new Answer.Page("settings", model);
    }

    private List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        registry.fields()
                .forEach(field -> entries.add(new Entry("column", field.name(), field.folder(), "", field.line())));
        registry.imports().forEach(one -> one.categories()
                .forEach(category ->
                        entries.add(new Entry("import", one.name() + "." + category.name(), "", "", category.line()))));
        registry.archives()
                .forEach(archive ->
                        entries.add(new Entry("archive", archive.name(), "", archive.table(), archive.line())));
        registry.references()
                .forEach(reference ->
                        entries.add(new Entry("reference", reference.name(), "", reference.table(), reference.line())));
        registry.uploads()
                .forEach(type -> entries.add(new Entry("upload", type.name(), type.folder(), "", type.line())));
        return entries;
    }
}
