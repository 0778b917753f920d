package dev.mediaferry.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.reference.Finding;
import dev.mediaferry.steer.AuditLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The audit log: who has done what, and one act while it goes on. */
final class ActPages {

    private static final int PAGE = 50;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final AuditLog audit;

    /**
     * An act as it is shown.
     *
     * @param subject of what, by name
     * @param outcome counts by name
     * @param interrupted true when its process died before the end
     * @param percent how far it is, of 100; null where nobody knows
     */
    public record Act(
            long id,
            Instant at,
            String who,
            String origin,
            String act,
            Map<String, String> subject,
            Map<String, String> outcome,
            String failure,
            Instant ended,
            boolean interrupted,
            Long percent,
            JsonNode document) {

        public boolean running() {
            return ended == null && !interrupted;
        }
    }

    ActPages(AuditLog audit) {
        this.audit = audit;
    }

    Answer list(Asked asked) {
        long before = asked.query("before").flatMap(Asked::number).orElse(Long.MAX_VALUE);
        List<Act> found = audit.newest(before, PAGE + 1).stream().map(this::act).toList();
        Map<String, Object> model = new HashMap<>();
        model.put("acts", found.subList(0, Math.min(PAGE, found.size())));
        if (found.size() > PAGE) {
            model.put("older", found.get(PAGE - 1).id());
        }
        return new Answer.Page("acts", model);
    }

    Answer show(Asked asked) {
        return asked.id()
                .flatMap(audit::find)
                .<Answer>map(line -> {
                    Act act = act(line);
                    Map<String, Object> model = new HashMap<>(Map.of("act", act));
                    if (act.act().equals("preview-rollback")
                            && act.document() != null
                            && act.failure() == null
                            && act.ended() != null) {
                        model.put("rollback", UndoPages.preview(act));
                    }
                    if (act.document() != null && act.document().path("run").asLong() > 0) {
                        model.put("run", act.document().path("run").asLong());
                    }
                    if (act.act().equals(PlanPages.PLAN) && act.document() != null && act.failure() == null) {
                        model.put("plan", PlanPages.plan(act.id(), act.document()));
                    }
                    if (act.act().equals(ImportPages.PLAN) && act.document() != null && act.failure() == null) {
                        model.put("folder", ImportPages.report(act.document()));
                    }
                    model.put("findings", findings(act.document()));
                    return new Answer.Page("act", model);
                })
                .orElse(new Answer.Missing("act"));
    }

    /** What a step of a reference has found, or what has kept it off. */
    static List<Finding> findings(JsonNode outcome) {
        List<Finding> findings = new ArrayList<>();
        if (outcome != null) {
            for (String list : List.of("findings", "refused")) {
                for (JsonNode finding : outcome.path(list)) {
                    if (finding.has("clause")) {
                        List<String> samples = new ArrayList<>();
                        finding.path("samples").forEach(sample -> samples.add(sample.asText()));
                        findings.add(new Finding(
                                finding.path("clause").asText(),
                                finding.path("count").asLong(),
                                samples,
                                finding.path("words").asText()));
                    }
                }
            }
        }
        return findings;
    }

    private Act act(AuditLog.Line line) {
        JsonNode outcome = tree(line.outcome());
        long total = outcome == null ? 0 : outcome.path("total").asLong();
        long done = 0;
        if (total > 0) {
            for (String part : List.of("retried", "discarded", "superseded", "unknown")) {
                done += outcome.path(part).asLong();
            }
        }
        return new Act(
                line.id(),
                line.at(),
                line.who(),
                line.origin(),
                line.act(),
                shown(tree(line.subject())),
                shown(outcome),
                line.failure(),
                line.ended(),
                line.interrupted(),
                total == 0 ? null : Math.min(100, 100 * done / total),
                outcome);
    }

    /** Lists are named by their length, since they may be long; what is nothing is left out. */
    private static Map<String, String> shown(JsonNode document) {
        Map<String, String> shown = new LinkedHashMap<>();
        if (document != null && document.isObject()) {
            document.properties().forEach(field -> {
                JsonNode value = field.getValue();
                boolean nothing = value.isNull()
                        || (value.isNumber() && value.asDouble() == 0)
                        || (value.isTextual() && value.asText().isEmpty())
                        || (value.isContainerNode() && value.isEmpty());
                if (!nothing) {
                    shown.put(
                            field.getKey(),
                            value.isArray() && value.size() > 3
                                    ? value.size() + " of them"
                                    : value.isContainerNode() ? value.toString() : value.asText());
                }
            });
        }
        return shown;
    }

    static JsonNode tree(String text) {
        try {
            return text == null ? null : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an act that is no JSON", e);
        }
    }
}
