package dev.mediaferry.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.registry.ImportCategory.First;
import dev.mediaferry.registry.ImportCategory.Inserted;
import dev.mediaferry.registry.ImportCategory.NewId;
import dev.mediaferry.registry.ImportCategory.Null;
import dev.mediaferry.registry.ImportCategory.Query;
import dev.mediaferry.registry.ImportCategory.Skip;
import dev.mediaferry.registry.ImportCategory.Text;
import dev.mediaferry.registry.ImportCategory.Value;
import dev.mediaferry.settings.Names;
import dev.mediaferry.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the imports of a registry that fits its schema. */
final class ImportReader {

    private static final String DEFAULT_MAX_BYTES = "15MB";

    /** What a record may name besides parts and new ids. */
    static final List<String> FACTS = List.of("key", "url", "ext", "type", "bytes", "sha256", "path", "uuid", "now");

    private static final Pattern FIRST = Pattern.compile("first of \\{([A-Za-z][A-Za-z0-9_]*)}");

    private final Path directory;
    private final Surroundings around;

    /** @param directory that the names of map files count from */
    ImportReader(Path directory, Surroundings around) {
        this.directory = directory;
        this.around = around;
    }

    List<Import> read(JsonNode imports) {
        List<Import> read = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < imports.size(); i++) {
            String pointer = "/imports/" + i;
            Import one = read(imports.get(i), pointer);
            if (!names.add(one.name())) {
                around.problem(pointer + "/name", "there are two imports " + one.name());
            }
            read.add(one);
        }
        return read;
    }

    private Import read(JsonNode node, String pointer) {
        String name = node.path("name").asText();
        Map<String, IdMapping> maps = new LinkedHashMap<>();
        node.path("maps")
                .properties()
                .forEach(map -> maps.put(
                        map.getKey(), mapping(map.getKey(), map.getValue(), pointer + "/maps/" + map.getKey())));
        List<ImportCategory> categories = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        JsonNode list = node.path("categories");
        for (int i = 0; i < list.size(); i++) {
            String at = pointer + "/categories/" + i;
            if (!names.add(list.get(i).path("name").asText())) {
                around.problem(
                        at + "/name",
                        "there are two categories " + list.get(i).path("name").asText());
            }
            category(name, list.get(i), at, maps).ifPresent(categories::add);
        }
        return new Import(around.line(pointer), name, maps, categories);
    }

    private IdMapping mapping(String name, JsonNode node, String pointer) {
        if (node.has("from") != node.has("to")) {
            around.problem(pointer, "from and to go together: the fields with the old and the new id");
        }
        String table = node.path("table").textValue();
        int dot = table == null ? -1 : table.indexOf('.');
        return new IdMapping(
                name,
                directory.resolve(node.path("file").asText()),
                Optional.ofNullable(node.path("from").textValue()),
                Optional.ofNullable(node.path("to").textValue()),
                dot < 0 ? null : table.substring(0, dot),
                table == null ? null : table.substring(dot + 1),
                node.path("id").asText("id"));
    }

    private Optional<ImportCategory> category(
            String owner, JsonNode node, String pointer, Map<String, IdMapping> maps) {
        PathPattern path = parse(pointer + "/path", node.path("path").asText(), PathPattern::of);
        if (path == null) {
            return Optional.empty();
        }
        Set<String> parts = path.template().names();
        parts.stream()
                .filter(FACTS::contains)
                .forEach(part -> around.problem(
                        pointer + "/path", "{" + part + "} has a meaning already, name the part otherwise"));
        List<Skip> skips = skips(node.path("skip"), pointer + "/skip", parts);
        Map<String, NewId> ids = ids(node.path("ids"), pointer + "/ids", parts, maps);
        boolean skipped = skips.stream().anyMatch(skip -> skip.part() == null);
        if (!skipped) {
            for (String needed : List.of("key", "record")) {
                if (!node.has(needed)) {
                    around.problem(
                            pointer, "required property '" + needed + "' not found, unless all of it is skipped");
                }
            }
        }
        Set<String> names = new TreeSet<>(parts);
        names.addAll(ids.keySet());
        Template key = node.has("key") ? key(node.path("key").asText(), pointer + "/key", names) : null;
        Inserted record = node.has("record") ? record(node.path("record"), pointer + "/record", names) : null;
        return Optional.of(new ImportCategory(
                around.line(pointer),
                owner + "/" + node.path("name").asText(),
                path,
                skips,
                ids,
                node.path("folder").asText(""),
                skipped ? null : key,
                RegistryFile.types(node),
                maxBytes(node, pointer),
                CompressionReader.read(node, text -> around.problem(pointer + "/compression", text)),
                around.bucket(node, pointer),
                skipped ? null : record,
                AsMedia.of(node, around.line(pointer + "/media")),
                around.derivation(node, pointer)));
    }

    private List<Skip> skips(JsonNode node, String pointer, Set<String> parts) {
        List<Skip> skips = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            String at = pointer + "/" + i;
            String part = node.get(i).path("part").textValue();
            Set<String> values = new TreeSet<>();
            node.get(i).path("values").forEach(value -> values.add(value.asText()));
            if ((part == null) != values.isEmpty()) {
                around.problem(at, "part and values go together; a rule with neither skips all files");
            }
            if (part != null) {
                known(at + "/part", part, parts, "the path has no part ");
            }
            skips.add(new Skip(part, values, node.get(i).path("reason").asText()));
        }
        return skips;
    }

    private Map<String, NewId> ids(JsonNode node, String pointer, Set<String> parts, Map<String, IdMapping> maps) {
        Map<String, NewId> ids = new LinkedHashMap<>();
        node.properties().forEach(field -> {
            String at = pointer + "/" + field.getKey();
            String map = field.getValue().path("map").asText();
            String part = field.getValue().path("of").asText();
            boolean mapped = known(at + "/map", map, maps.keySet(), "the import has no map ");
            boolean fine = known(at + "/of", part, parts, "the path has no part ") && mapped;
            if (parts.contains(field.getKey()) || FACTS.contains(field.getKey())) {
                around.problem(at, field.getKey() + " has a meaning already, name the new id otherwise");
            } else if (fine) {
                ids.put(
                        field.getKey(),
                        new NewId(
                                maps.get(map),
                                part,
                                Optional.ofNullable(
                                        field.getValue().path("reason").textValue())));
            }
        });
        return ids;
    }

    private Template key(String text, String pointer, Set<String> names) {
        Template key = parse(pointer, text, Template::new);
        if (key == null) {
            return null;
        }
        Set<String> known = new TreeSet<>(names);
        known.add("ext");
        key.names().forEach(name -> known(pointer, name, known, "neither part nor new id is called "));
        String literal = key.fill(name -> "x");
        if (!literal.matches("[A-Za-z0-9._/-]+") || literal.startsWith("/") || literal.contains("..")) {
            around.problem(
                    pointer, "'" + text + "' may have only letters, digits and . _ - / between its placeholders");
        }
        return key;
    }

    private Inserted record(JsonNode node, String pointer, Set<String> names) {
        Set<String> known = new TreeSet<>(names);
        known.addAll(FACTS);
        Map<String, Value> columns = new LinkedHashMap<>();
        node.path("columns").properties().forEach(column -> {
            String at = pointer + "/columns/" + column.getKey();
            value(column.getValue(), at, known, names).ifPresent(value -> columns.put(column.getKey(), value));
        });
        if (columns.values().stream().filter(First.class::isInstance).count() > 1) {
            around.problem(pointer + "/columns", "only one column can be 'first of'");
        }
        String table = node.path("table").asText();
        int dot = table.indexOf('.');
        return new Inserted(
                dot < 0 ? null : table.substring(0, dot),
                table.substring(dot + 1),
                node.path("id").asText("id"),
                columns);
    }

    private Optional<Value> value(JsonNode node, String pointer, Set<String> known, Set<String> names) {
        if (node.isNull()) {
            return Optional.of(new Null());
        }
        if (node.isObject()) {
            Template query = parse(pointer, node.path("query").asText(), Template::new);
            if (query == null) {
                return Optional.empty();
            }
            if (query.text().matches("(?s).*[;?#].*|.*(?<!:):(?!:).*")) {
                around.problem(
                        pointer,
                        "a query takes no ; ? # and no single colon; it is one select, like "
                                + "select owner_id from services where id = {newServiceId}");
            }
            query.names().forEach(name -> known(pointer, name, known, "a query knows no "));
            return Optional.of(new Query(query));
        }
        Matcher first = FIRST.matcher(node.asText());
        if (first.matches()) {
            known(pointer, first.group(1), names, "neither part nor new id is called ");
            return Optional.of(new First(first.group(1)));
        }
        Template text = parse(pointer, node.asText(), Template::new);
        if (text == null) {
            return Optional.empty();
        }
        text.names().forEach(name -> known(pointer, name, known, "a record knows no "));
        return Optional.of(new Text(text));
    }

    private long maxBytes(JsonNode node, String pointer) {
        try {
            Long bytes = Settings.size(node.path("max-bytes").asText(DEFAULT_MAX_BYTES));
            if (bytes != null) {
                return bytes;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // Said below, as of every other text that is no size.
        }
        around.problem(pointer + "/max-bytes", "max-bytes must be a size with its unit, like 500kB, 25MB or 1GB");
        return 1;
    }

    private boolean known(String pointer, String name, Collection<String> known, String text) {
        if (known.contains(name)) {
            return true;
        }
        around.problem(
                pointer,
                text
                        + name
                        + Names.nearest(name, known)
                                .map(near -> "; did you mean " + near + "?")
                                .orElse(known.isEmpty() ? "" : "; known are " + String.join(", ", known)));
        return false;
    }

    private <T> T parse(String pointer, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            around.problem(pointer, e.getMessage());
            return null;
        }
    }
}
