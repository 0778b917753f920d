package dev.mediaferry.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A run as its page shows it. */
public final class RunView {

    private final RunList.Whole run;

    /** What became of one entry. */
    public record Field(
            String name,
            long found,
            long moved,
            long superseded,
            long waiting,
            long dead,
            long bytes,
            boolean suspended,
            String failure,
            Map<String, Long> deadByKind,
            Map<String, Long> skipped,
            Map<String, Long> left) {}

    RunView(RunList.Whole run) {
        this.run = run;
    }

    public long getId() {
        return run.id();
    }

    public String getKind() {
        return run.kind();
    }

    public Instant getStarted() {
        return run.started();
    }

    public Instant getFinished() {
        return run.finished();
    }

    public String getState() {
        return run.state();
    }

    public RunList.Progress getProgress() {
        return run.progress();
    }

    /** What it was asked for, in words; empty for everything. */
    public Map<String, String> getOptions() {
        Map<String, String> options = new LinkedHashMap<>();
        run.options().properties().forEach(option -> {
            JsonNode value = option.getValue();
            boolean usual = value.isNull()
                    || (value.isBoolean() && !value.asBoolean())
                    || (value.isContainerNode() && value.isEmpty());
            if (!usual) {
                options.put(option.getKey(), value.isValueNode() ? value.asText() : value.toString());
            }
        });
        return options;
    }

    public boolean isReported() {
        return run.report() != null;
    }

    public long getFound() {
        return number("found");
    }

    public long getMoved() {
        return number("migrated");
    }

    public long getWaiting() {
        return number("waiting");
    }

    public long getSuperseded() {
        return number("superseded");
    }

    public long getBytes() {
        return number("bytes");
    }

    public double getSeconds() {
        return isReported() ? run.report().path("seconds").asDouble() : 0;
    }

    public Map<String, Long> getDead() {
        return isReported() ? counts(run.report().path("dead")) : Map.of();
    }

    public Map<String, Long> getSkipped() {
        return isReported() ? counts(run.report().path("skipped")) : Map.of();
    }

    public Map<String, Long> getLeft() {
        return isReported() ? counts(run.report().path("left")) : Map.of();
    }

    /** @return why the store ended it; null when it did not */
    public String getRefusal() {
        return isReported() ? run.report().path("refusal").asText(null) : null;
    }

    public List<String> getFindings() {
        List<String> findings = new ArrayList<>();
        if (isReported()) {
            run.report().path("findings").forEach(finding -> findings.add(finding.asText()));
        }
        return findings;
    }

    public List<Field> getFields() {
        List<Field> fields = new ArrayList<>();
        if (isReported()) {
            run.report().path("fields").forEach(field -> fields.add(field(field)));
        }
        return fields;
    }

    private static Field field(JsonNode field) {
        Map<String, Long> dead = counts(field.path("dead"));
        return new Field(
                field.path("field").asText(),
                field.path("found").asLong(),
                field.path("migrated").asLong(),
                field.path("superseded").asLong(),
                field.path("waiting").asLong(),
                dead.values().stream().mapToLong(Long::longValue).sum(),
                field.path("bytes").asLong(),
                field.path("suspended").asBoolean(),
                field.path("failure").asText(null),
                dead,
                counts(field.path("skipped")),
                counts(field.path("left")));
    }

    private long number(String name) {
        return isReported() ? run.report().path(name).asLong() : 0;
    }

    private static Map<String, Long> counts(JsonNode node) {
        Map<String, Long> counts = new LinkedHashMap<>();
        node.properties().forEach(entry -> {
            if (entry.getValue().asLong() != 0) {
                counts.put(entry.getKey(), entry.getValue().asLong());
            }
        });
        return counts;
    }
}
