package dev.mediaferry.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A YAML document as JSON, remembering the line of every part.
 *
 * @param lines JSON pointer to line, from 1
 */
record YamlDocument(JsonNode root, Map<String, Integer> lines) {

    /** @throws MalformedException when the text is no YAML, or repeats a key */
    static YamlDocument parse(String text) throws MalformedException {
        Map<String, Integer> lines = new HashMap<>();
        try {
            Node node = new Compose(LoadSettings.builder().build())
                    .composeString(text)
                    .orElseThrow(() -> new MalformedException(1, "the file is empty"));
            return new YamlDocument(json(node, "", lines), lines);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
            throw new MalformedException(line, e.getProblem());
        }
    }

    /** @return the line of this part, or of the nearest one around it */
    int line(String pointer) {
        Integer line = lines.get(pointer);
        return line != null ? line : pointer.isEmpty() ? 1 : line(pointer.substring(0, pointer.lastIndexOf('/')));
    }

    private static JsonNode json(Node node, String pointer, Map<String, Integer> lines) throws MalformedException {
        int line = node.getStartMark().map(Mark::getLine).orElse(0) + 1;
        lines.putIfAbsent(pointer, line);
        JsonNodeFactory factory = JsonNodeFactory.instance;
        if (node instanceof MappingNode mapping) {
            ObjectNode object = factory.objectNode();
            for (NodeTuple tuple : mapping.getValue()) {
                String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
                int keyLine =
                        tuple.getKeyNode().getStartMark().map(Mark::getLine).orElse(0) + 1;
                lines.put(pointer + "/" + key, keyLine);
                if (object.has(key)) {
                    throw new MalformedException(keyLine, "'" + key + "' is there twice");
                }
                object.set(key, json(tuple.getValueNode(), pointer + "/" + key, lines));
            }
            return object;
        }
        if (node instanceof SequenceNode sequence) {
            ArrayNode array = factory.arrayNode();
            for (Node item : sequence.getValue()) {
                array.add(json(item, pointer + "/" + array.size(), lines));
            }
            return array;
        }
        return scalar((ScalarNode) node, factory);
    }

    private static JsonNode scalar(ScalarNode node, JsonNodeFactory factory) {
        String value = node.getValue();
        Tag tag = node.getTag();
        if (tag.equals(Tag.INT) && value.matches("-?\\d{1,18}")) {
            return factory.numberNode(Long.parseLong(value));
        }
        if (tag.equals(Tag.BOOL)) {
            return factory.booleanNode(Boolean.parseBoolean(value));
        }
        return tag.equals(Tag.NULL) ? factory.nullNode() : factory.textNode(value);
    }

    /** The text is no YAML that a registry could be. */
    static final class MalformedException extends Exception {

        private final int line;

        MalformedException(int line, String message) {
            super(message);
            this.line = line;
        }

        int line() {
            return line;
        }
    }
}
