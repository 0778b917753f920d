package dev.mediaferry.imports;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.registry.IdMapping;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** New ids by old ones, read from the file that the registry names. Held in memory. */
final class IdMap {

    private static final Logger LOG = LoggerFactory.getLogger(IdMap.class);

    /** Stands for the new id of an entry that has none: the fault of its files, not of the others'. */
    private static final String NONE = "";

    private static final char BYTE_ORDER_MARK = '\ufeff';

    /** RFC 4180; lines end in any way, empty ones say nothing. */
    private static final CSVFormat CSV =
            CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).get();

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final IdMapping mapping;
    private final IdTable ids = new IdTable();
    private int entries;
    private int faults;
    private int firstFault;

    private IdMap(IdMapping mapping) {
        this.mapping = mapping;
    }

    /** @throws ConfigurationException naming the map, its file and what is wrong with it */
    static IdMap read(IdMapping mapping) {
        IdMap map = new IdMap(mapping);
        try {
            TextEncoding.check(mapping.file());
            if (mapping.file().toString().toLowerCase(Locale.ROOT).endsWith(".csv")) {
                try (BufferedReader csv = Files.newBufferedReader(mapping.file())) {
                    map.addCsv(csv);
                }
            } else {
                try (JsonParser json = JSON.createParser(mapping.file().toFile())) {
                    map.addJson(json);
                }
            }
        } catch (NoSuchFileException e) {
            throw map.wrong("the file is not there");
        } catch (TextEncoding.OtherEncodingException e) {
            throw map.wrong(e.getMessage());
        } catch (JsonProcessingException e) {
            throw map.wrong("it is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw map.wrong("it cannot be read: " + e.getMessage());
        }
        if (map.faults > 0) {
            LOG.warn(
                    "map {} ({}): {} entries have no old or no new id and are left out, the first is number {}",
                    mapping.name(),
                    mapping.file(),
                    map.faults,
                    map.firstFault);
        }
        return map;
    }

    /** @return the text as it is compared: an accent is the same whether it is a character of its own or not */
    static String alike(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    Optional<String> newId(String old) {
        return Optional.ofNullable(ids.get(alike(old))).filter(id -> !id.equals(NONE));
    }

    /** @return true when the map has the old id, but nothing for it */
    boolean isFaulty(String old) {
        return NONE.equals(ids.get(alike(old)));
    }

    private void addJson(JsonParser json) throws IOException {
        JsonToken first = json.nextToken();
        if (first == JsonToken.START_ARRAY) {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                addItem(json.readValueAsTree());
            }
        } else if (first == JsonToken.START_OBJECT && mapping.from().isPresent()) {
            addLines(json);
        } else if (first == JsonToken.START_OBJECT) {
            // One object, or one per line.
            for (JsonToken next = first; next == JsonToken.START_OBJECT; next = json.nextToken()) {
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    String old = json.currentName();
                    json.nextToken();
                    add(old, json.<JsonNode>readValueAsTree());
                }
            }
        } else {
            throw wrong("it must be a JSON object, an array of objects, or an object per line");
        }
    }

    /** JSON Lines; or, since from and to mean nothing to it, one plain object. */
    private void addLines(JsonParser json) throws IOException {
        boolean plain = false;
        for (JsonToken next = json.currentToken(); next != null; next = json.nextToken()) {
            JsonNode item = json.readValueAsTree();
            plain = entries == 0
                    && !item.has(mapping.from().orElseThrow())
                    && !item.has(mapping.to().orElseThrow());
            if (plain) {
                item.properties().forEach(entry -> add(entry.getKey(), entry.getValue()));
            } else {
                addItem(item);
            }
        }
    }

    private void addItem(JsonNode item) {
        JsonNode old = item.path(field(mapping.from(), "from"));
        JsonNode id = item.path(field(mapping.to(), "to"));
        if (!item.isObject() || (old.isMissingNode() && id.isMissingNode())) {
            throw wrong("entry " + (entries + 1) + " has no fields "
                    + mapping.from().orElseThrow() + " and " + mapping.to().orElseThrow());
        }
        add(old.isValueNode() && !old.isNull() ? old.asText() : "", id);
    }

    private void add(String old, JsonNode id) {
        if (id.isContainerNode() || id.isBoolean()) {
            throw wrong("the new id of " + old + " is neither text nor number");
        }
        add(old, id.isNull() || id.isMissingNode() ? NONE : id.asText());
    }

    private void addCsv(BufferedReader text) throws IOException {
        skipByteOrderMark(text);
        try (CSVParser rows = CSV.parse(text)) {
            int from = -1;
            int to = -1;
            for (CSVRecord row : rows) {
                if (from < 0) {
                    from = column(row.toList(), field(mapping.from(), "from"));
                    to = column(row.toList(), field(mapping.to(), "to"));
                } else if (row.size() <= Math.max(from, to)) {
                    throw wrong("row " + row.getRecordNumber() + " has too few fields");
                } else {
                    add(row.get(from), row.get(to));
                }
            }
            if (from < 0) {
                column(List.of(), field(mapping.from(), "from"));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void skipByteOrderMark(BufferedReader text) throws IOException {
        text.mark(1);
        if (text.read() != BYTE_ORDER_MARK) {
            text.reset();
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
        entries++;
        if (old.isEmpty() || id.equals(NONE)) {
            faults++;
            firstFault = faults == 1 ? entries : firstFault;
        }
        if (old.isEmpty()) {
            return;
        }
        String before = ids.putIfAbsent(alike(old), id);
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
}
