package dev.mediaferry.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.registry.Reference.Back;
import dev.mediaferry.registry.Reference.Choice;
import dev.mediaferry.registry.Reference.Form;
import dev.mediaferry.registry.Reference.Kind;
import dev.mediaferry.registry.Reference.Lookup;
import dev.mediaferry.registry.Reference.QueryProbe;
import dev.mediaferry.settings.Settings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads the references of a registry that fits its schema. */
final class ReferenceReader {

    private static final JsonMapper SORTED = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private static final List<String> OF_LOOKUPS = List.of("same", "match", "several", "none", "on-cascade");

    private final Path directory;
    private final Surroundings around;

    /** @param directory that the names of files count from */
    ReferenceReader(Path directory, Surroundings around) {
        this.directory = directory;
        this.around = around;
    }

    List<Reference> read(JsonNode nodes) {
        List<Reference> references = new ArrayList<>();
        Map<String, String> tables = new HashMap<>();
        Map<String, Integer> lines = new HashMap<>();
        int index = 0;
        for (JsonNode node : nodes) {
            String pointer = "/references/" + index++;
            Reference reference = reference(node, pointer);
            Integer first = lines.putIfAbsent(reference.name(), reference.line());
            if (first != null) {
                around.problem(pointer + "/name", reference.name() + " stands in line " + first + " already");
            }
            String other = tables.putIfAbsent(reference.relation(), reference.name());
            boolean alone = references.stream()
                    .noneMatch(one -> one.relation().equals(reference.relation())
                            && (one.kind() == Kind.VIEW || reference.kind() == Kind.VIEW));
            if (!alone) {
                around.problem(
                        pointer,
                        "by: view takes the whole table behind a view, so " + reference.relation()
                                + " cannot change by " + other + ", too, at the same time");
            }
            references.add(reference);
        }
        return references;
    }

    /** What is wrong is reported; what stands for it here is never used. */
    private Reference reference(JsonNode node, String pointer) {
        List<String> old = new ArrayList<>(names(node.path("old")));
        List<String> fresh = new ArrayList<>();
        node.path("rename").properties().forEach(renamed -> {
            old.add(renamed.getKey());
            fresh.add(renamed.getValue().asText());
        });
        JsonNode wanted = node.path("new");
        if (!wanted.isMissingNode()) {
            fresh.add(wanted.path("column").asText(wanted.asText()));
        }
        Kind kind = kind(node);
        check(node, pointer, kind, old, fresh);
        String table = node.path("table").asText();
        return new Reference(
                around.line(pointer),
                node.path("name").asText(),
                kind,
                schema(table),
                table(table),
                node.path("id").asText("id"),
                old,
                fresh,
                kind == Kind.LOOKUP ? Optional.of(lookup(node, pointer)) : Optional.empty(),
                back(node, pointer, kind, old),
                around.bucket(node, pointer),
                probes(node.path("probes"), pointer + "/probes"),
                duration(node.path("soak"), pointer + "/soak", Reference.DEFAULT_SOAK),
                sorted(node));
    }

    private static Kind kind(JsonNode node) {
        if (node.has("rename")) {
            return node.path("by").asText().equals("view") ? Kind.VIEW : Kind.COPY;
        }
        return node.has("lookup") ? Kind.LOOKUP : Kind.MERGE;
    }

    private void check(JsonNode node, String pointer, Kind kind, List<String> old, List<String> fresh) {
        boolean renames = node.has("rename");
        if (renames && (node.has("old") || node.has("new") || node.has("lookup"))) {
            around.problem(
                    pointer + "/rename",
                    "rename says which columns these are; old, new and lookup have no meaning here");
        }
        if (!renames && (!node.has("old") || !node.has("new"))) {
            around.problem(pointer, "it needs old and new, or rename");
            return;
        }
        if (!renames && node.has("by")) {
            around.problem(pointer + "/by", "by needs rename");
        }
        if (kind == Kind.LOOKUP && old.size() > 1) {
            around.problem(pointer + "/old", "with lookup, one column holds the key; old names " + old.size());
        }
        if (kind != Kind.LOOKUP) {
            OF_LOOKUPS.stream()
                    .filter(node::has)
                    .forEach(word -> around.problem(pointer + "/" + word, word + " needs lookup"));
        }
        if (kind != Kind.LOOKUP && node.path("new").has("on-delete")) {
            around.problem(pointer + "/new/on-delete", "on-delete needs lookup: only ids have a foreign key");
        }
        if (kind != Kind.MERGE && node.has("back")) {
            around.problem(pointer + "/back", "back is for several columns that become one");
        }
        Set<String> twice = new TreeSet<>(old);
        twice.retainAll(fresh);
        if (!twice.isEmpty() || new TreeSet<>(fresh).size() < fresh.size()) {
            around.problem(pointer, "old and new must be different columns: " + String.join(", ", fresh));
        }
    }

    private Lookup lookup(JsonNode node, String pointer) {
        JsonNode lookup = node.path("lookup");
        Choice several = choice(node.path("several"));
        Optional<String> created = Optional.ofNullable(lookup.path("created").textValue());
        if ((several == Choice.NEWEST || several == Choice.OLDEST) && created.isEmpty()) {
            around.problem(
                    pointer + "/several",
                    "several: " + node.path("several").asText()
                            + " needs the column that says which is newer: lookup: { created: … }");
        }
        Set<Form> match = EnumSet.noneOf(Form.class);
        node.path("match").forEach(form -> match.add(Form.valueOf(form.asText().toUpperCase(Locale.ROOT))));
        String table = lookup.path("table").asText();
        return new Lookup(
                schema(table),
                table(table),
                lookup.path("id").asText("id"),
                lookup.path("key").asText(),
                created,
                node.path("new").path("on-delete").asText("set null"),
                names(node.path("same")),
                match.isEmpty() ? EnumSet.of(Form.EXACT) : match,
                several,
                choice(node.path("none")),
                node.path("on-cascade").asText("mirror").equals("mirror"),
                duration(lookup.path("delete"), pointer + "/lookup/delete", Lookup.DEFAULT_SLOWEST_DELETE));
    }

    private static Choice choice(JsonNode node) {
        return Choice.valueOf(node.asText("refuse").toUpperCase(Locale.ROOT));
    }

    private Map<String, Back> back(JsonNode node, String pointer, Kind kind, List<String> old) {
        Map<String, Back> back = new LinkedHashMap<>();
        node.path("back")
                .properties()
                .forEach(one -> back.put(
                        one.getKey(), Back.valueOf(one.getValue().asText().toUpperCase(Locale.ROOT))));
        if (kind == Kind.MERGE && !back.keySet().equals(Set.copyOf(old))) {
            around.problem(
                    pointer + "/back",
                    "back must say of each old column what it shows of a new value, like back: { "
                            + String.join(": link, ", old) + ": link }");
        }
        return back;
    }

    private List<QueryProbe> probes(JsonNode nodes, String pointer) {
        List<QueryProbe> probes = new ArrayList<>();
        for (JsonNode node : nodes) {
            String place = pointer + "/" + probes.size();
            Path file = Path.of("");
            try {
                file = directory.resolve(node.path("sql").asText()).normalize();
            } catch (InvalidPathException e) {
                around.problem(place + "/sql", "sql is no path: " + e.getMessage());
            }
            if (!file.toFile().canRead()) {
                around.problem(place + "/sql", "cannot read " + file);
            }
            Duration p99 = duration(node.path("p99"), place + "/p99", Duration.ZERO);
            probes.add(new QueryProbe(file, p99, node.path("runs").asInt(200)));
        }
        return probes;
    }

    private Duration duration(JsonNode node, String pointer, Duration standard) {
        if (node.isMissingNode()) {
            return standard;
        }
        try {
            return Settings.duration(node.asText());
        } catch (IllegalArgumentException | ArithmeticException e) {
            around.problem(pointer, "'" + node.asText() + "' must be a time like 100ms, 10s or 7d");
            return standard;
        }
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        if (node.isTextual()) {
            names.add(node.asText());
        }
        node.forEach(name -> names.add(name.asText()));
        return names;
    }

    private static String schema(String table) {
        int dot = table.indexOf('.');
        return dot < 0 ? null : table.substring(0, dot);
    }

    private static String table(String table) {
        return table.substring(table.indexOf('.') + 1);
    }

    /** What two entries have in common that say the same in another order. */
    private static String sorted(JsonNode node) {
        try {
            return SORTED.writeValueAsString(SORTED.treeToValue(node, Object.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an entry that is no JSON", e);
        }
    }
}
