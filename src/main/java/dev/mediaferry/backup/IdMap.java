package dev.mediaferry.backup;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.registry.IdMapping;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** New ids by old ones, read from the file that the registry names. Held in memory. */
final class IdMap {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final IdMapping mapping;
    private final IdTable ids = new IdTable();

    private IdMap(IdMapping mapping) {
        this.mapping = mapping;
    }

    /** @throws ConfigurationException naming the map, its file and what is wrong with it */
    static IdMap read(IdMapping mapping) {
        IdMap map = new IdMap(mapping);
        try {
            if (mapping.file().toString().toLowerCase(Locale.ROOT).endsWith(".csv")) {
                try (BufferedReader csv = Files.newBufferedReader(mapping.file())) {
                    map.addCsv(new Csv(csv));
                }
            } else {
                try (JsonParser json = JSON.createParser(mapping.file().toFile())) {
                    map.addJson(json);
                }
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

    private void addJson(JsonParser json) throws IOException {
        JsonToken first = json.nextToken();
        if (first == JsonToken.START_ARRAY) {
            String from = field(mapping.from(), "from");
            String to = field(mapping.to(), "to");
            while (json.nextToken() != JsonToken.END_ARRAY) {
                JsonNode item = json.readValueAsTree();
                if (!item.path(from).isValueNode() || !item.path(to).isValueNode()) {
                    throw wrong("entry " + (ids.size() + 1) + " has no fields " + from + " and " + to);
                }
                add(item.path(from).asText(), item.path(to));
            }
        } else if (first == JsonToken.START_OBJECT) {
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String old = json.currentName();
                json.nextToken();
                JsonNode id = json.readValueAsTree();
                add(old, id);
            }
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

    private void addCsv(Csv csv) throws IOException {
        List<String> heading = csv.next().orElse(List.of());
        int from = column(heading, field(mapping.from(), "from"));
        int to = column(heading, field(mapping.to(), "to"));
        int row = 1;
        for (Optional<List<String>> line = csv.next(); line.isPresent(); line = csv.next()) {
            row++;
            if (line.get().size() <= Math.max(from, to)) {
                throw wrong("row " + row + " has too few fields");
            }
            add(line.get().get(from), line.get().get(to));
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

    /** Comma-separated values (RFC 4180), row by row. */
    private static final class Csv {

        private static final char BYTE_ORDER_MARK = '\ufeff';

        private final BufferedReader text;

        Csv(BufferedReader text) throws IOException {
            this.text = text;
            skip(BYTE_ORDER_MARK);
        }

        Optional<List<String>> next() throws IOException {
            List<String> line = new ArrayList<>();
            StringBuilder field = new StringBuilder();
            boolean quoted = false;
            for (int c = text.read(); c >= 0; c = text.read()) {
                if (quoted && c == '"' && skip('"')) {
                    field.append('"');
                } else if (c == '"') {
                    quoted = !quoted;
                } else if (quoted || (c != ',' && c != '\n' && c != '\r')) {
                    field.append((char) c);
                } else if (c != '\r') {
                    line.add(field.toString());
                    field.setLength(0);
                    if (c == '\n') {
                        return Optional.of(line);
                    }
                }
            }
            if (field.length() > 0 || !line.isEmpty()) {
                line.add(field.toString());
            }
            return Optional.of(line).filter(fields -> !fields.isEmpty());
        }

        /** @return true when it is what comes next */
        private boolean skip(char expected) throws IOException {
            text.mark(1);
            boolean there = text.read() == expected;
            if (!there) {
                text.reset();
            }
            return there;
        }
    }
}
