package dev.mediaferry.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.link.DeadlineRule;
import dev.mediaferry.link.Deadlines;
import dev.mediaferry.link.HostPatterns;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Reads how the links of single hosts say until when they work. */
final class DeadlineReader {

    private DeadlineReader() {}

    /**
     * @param nodes of a registry that fits its schema
     * @param problem takes a place in the document and what is wrong there
     */
    static Deadlines read(JsonNode nodes, BiConsumer<String, String> problem) {
        List<DeadlineRule> rules = new ArrayList<>();
        int index = 0;
        for (JsonNode node : nodes) {
            String pointer = "/deadlines/" + index++;
            List<String> hosts = new ArrayList<>();
            node.path("hosts").forEach(host -> hosts.add(host.asText()));
            try {
                rules.add(new DeadlineRule(
                        new HostPatterns(hosts),
                        node.path("parameter").asText(),
                        DeadlineRule.Form.ofLabel(node.path("form").asText("seconds"))));
            } catch (IllegalArgumentException e) {
                problem.accept(pointer + "/hosts", e.getMessage());
            }
        }
        return new Deadlines(rules);
    }
}
