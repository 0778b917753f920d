package dev.mediaferry.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.registry.IdMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** New ids by old ones, read from the file that the registry names. Held in memory. */
final class IdMap {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final IdMapping mapping;
    private final Map<String, String> ids = new HashMap<>();

    private IdMap(IdMapping mapping) {
        this.mapping = mapping;
    }

    /** @throws ConfigurationException naming the map, its file and what is wrong with it */
    static IdMap read(IdMapping mapping) {
        IdMap map = new IdMap(mapping);
        try {
            if (mapping.file().toString().toLowerCase(Locale.ROOT).endsWith(".csv")) {
                map.addCsv(Csv.parse(Files.readString(mapping.file())));
            } else {
                map.addJson(JSON.readTree(Files.readAllBytes(mapping.file())));
            }
        } catch (NoSuchFileException e) {
            throw map.wrong("the file is not there");
        } catch (JsonProcessingException e) {
            throw map.wrong("it is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw map.wrong("it cannot be read: " + e.getMessage());
        }
        return map;
    }

    Optional<String> newId(String old) {
        return Optional.ofNullable(ids.get(old));
    }

    private void addJson(JsonNode root) {
        if (root.isArray()) {
            String from = field(mapping.from(), "from");
            String to = field(mapping.to(), "to");
            for (JsonNode item : root) {
                if (!item.path(from).isValueNode() || !item.path(to).isValueNode()) {
                    throw wrong("entry " + (ids.size() + 1) + " has no fields " + from + " and " + to);
                }
                add(item.path(from).asText(), item.path(to));
            }
        } else if (root.isObject()) {
            root.properties().forEach(entry -> add(entry.getKey(), entry.getValue()));
        } else {
            throw wrong("it must be a JSON object or an array of objects");
        }
    }

    private void add(String old, JsonNode id) {
        if (!id.isTextual() && !id.isNumber()) {
            throw wrong("the new id of " + old + " is neither text nor number");
        }
        add(old, id.asText());
    }

    private void addCsv(List<List<String>> lines) {
        List<String> heading = lines.isEmpty() ? List.of() : lines.get(0);
        int from = column(heading, field(mapping.from(), "from"));
        int to = column(heading, field(mapping.to(), "to"));
        for (int i = 1; i < lines.size(); i++) {
            List<String> line = lines.get(i);
            if (line.size() <= Math.max(from, to)) {
                throw wrong("row " + (i + 1) + " has too few fields");
            }
            add(line.get(from), line.get(to));
        }
    }

    private int column(List<String> heading, String name) {
        int column = heading.indexOf(name);
        if (column < 0) {
            throw wrong("its heading has no " + name + " but " + String.join(", ", heading));
        }
        return column;
    }

    private void add(String old, String id) {
        String before = ids.putIfAbsent(old, id);
        if (before != null && !before.equals(id)) {
            throw wrong(old + " has two new ids, " + before + " and " + id);
        }
    }

    private String field(Optional<String> name, String setting) {
        return name.orElseThrow(() -> wrong("its entries have fields; name them with " + setting + ": …"));
    }

    private ConfigurationException wrong(String problem) {
        return new ConfigurationException("map " + mapping.name() + " (" + mapping.file() + "): " + problem);
    }

    /** Comma-separated values (RFC 4180). */
    private static final class Csv {

        private Csv() {}

        static List<List<String>> parse(String text) {
            List<List<String>> lines = new ArrayList<>();
            List<String> line = new ArrayList<>();
            StringBuilder field = new StringBuilder();
            boolean quoted = false;
            String csv = text.startsWith("\ufeff") ? text.substring(1) : text;
            for (int i = 0; i < csv.length(); i++) {
                char c = csv.charAt(i);
                if (quoted && c == '"' && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
                    field.append('"');
                    i++;
                } else if (c == '"') {
                    quoted = !quoted;
                } else if (quoted || (c != ',' && c != '\n' && c != '\r')) {
                    field.append(c);
                } else if (c != '\r') {
                    line.add(field.toString());
                    field.setLength(0);
                    if (c == '\n') {
                        lines.add(line);
                        line = new ArrayList<>();
                    }
                }
            }
            if (field.length() > 0 || !line.isEmpty()) {
                line.add(field.toString());
                lines.add(line);
            }
            return lines;
        }
    }
}
