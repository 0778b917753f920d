package dev.mediaferry.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.planning.PlanReport;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.steer.AuditLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs that somebody starts here: one now, a plan of one, and one that moves exactly what a plan says. */
final class PlanPages {

    /** The act that makes a plan. */
    static final String PLAN = "plan";

    private static final int SAMPLE = 10;

    private final Operations operations;
    private final AuditLog audit;
    private final Acts acts;
    private final Path plans;

    /** What keeps rows of an entry from being moved. */
    public record Blocker(String field, String kind, String message, long rows) {}

    /**
     * A plan as its page shows it.
     *
     * @param act that has made it
     * @param entries their rows
     */
    public record Plan(long act, String file, long rows, Map<String, Long> entries, List<Blocker> blockers) {}

    PlanPages(Operations operations, Acts acts) {
        this.operations = operations;
        this.audit = operations.audit();
        this.acts = acts;
        this.plans = operations
                .settings()
                .path("home")
                .resolve("plans")
                .toAbsolutePath()
                .normalize();
    }

    /** Runs now, or writes a plan of that. */
    Answer start(Asked asked) {
        return switch (asked.form("wish").orElse("")) {
            case "migrate" ->
                acts.later(asked.visitor(), "migrate", Map.of(), progress -> operations
                        .migrate()
                        .apply(RunOptions.ALL));
            case PLAN -> acts.later(asked.visitor(), PLAN, Map.of(), progress -> written());
            default -> throw new ConfigurationException("say plan or migrate");
        };
    }

    private PlanReport written() {
        try {
            Files.createDirectories(plans);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        PlanReport report = operations.plan().apply(plans.resolve("plan-" + System.currentTimeMillis() + ".jsonl"));
        if (report.digest() == null) {
            List<String> problems = new ArrayList<>(report.run().failures());
            problems.add("no plan was written");
            throw new ConfigurationException(problems);
        }
        return report;
    }

    /** Moves what a plan says that was made here. */
    Answer follow(Asked asked) {
        AuditLog.Line line = asked.id()
                .flatMap(audit::find)
                .filter(one -> one.act().equals(PLAN) && one.failure() == null && one.ended() != null)
                .orElseThrow(() -> new ConfigurationException("there is no such plan"));
        Path file = Path.of(ActPages.tree(line.outcome()).path("file").asText()).normalize();
        if (!file.startsWith(plans)) {
            throw new ConfigurationException("the plan was made by another process: follow it by the command there");
        }
        return acts.later(asked.visitor(), "follow-plan", Map.of(PLAN, line.id()), progress -> operations
                .follow()
                .apply(file));
    }

    static Plan plan(long act, JsonNode report) {
        Map<String, Long> entries = new LinkedHashMap<>();
        report.path("run").path("fields").forEach(field -> {
            if (field.path("found").asLong() > 0) {
                entries.put(field.path("field").asText(), field.path("found").asLong());
            }
        });
        List<Blocker> blockers = new ArrayList<>();
        for (JsonNode one : report.path("blockers")) {
            if (blockers.size() < SAMPLE) {
                blockers.add(new Blocker(
                        one.path("field").asText(),
                        one.path("kind").asText(),
                        one.path("message").asText(),
                        one.path("rows").asLong()));
            }
        }
        return new Plan(act, report.path("file").asText(), report.path("rows").asLong(), entries, blockers);
    }
}
