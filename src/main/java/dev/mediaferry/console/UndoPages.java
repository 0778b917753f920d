package dev.mediaferry.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.rollback.RollbackOptions;
import dev.mediaferry.rollback.RollbackReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** The undo of a run: looked at first, with its conflicts, and then done. */
final class UndoPages {

    private static final int SAMPLE = 10;

    private final Acts acts;
    private final Function<RollbackOptions, RollbackReport> rollback;

    /** A row that would be left as it is, and why. */
    public record Left(String field, String id, String reason) {}

    /** What an undo would do. */
    public record Preview(String run, long found, long restored, long conflicts, long refused, List<Left> sample) {}

    UndoPages(Acts acts, Function<RollbackOptions, RollbackReport> rollback) {
        this.acts = acts;
        this.rollback = rollback;
    }

    Answer preview(Asked asked) {
        return act(asked, "preview-rollback", true);
    }

    Answer undo(Asked asked) {
        return act(asked, "rollback", false);
    }

    private Answer act(Asked asked, String name, boolean dryRun) {
        if (asked.id().isEmpty()) {
            return new Answer.Missing("run");
        }
        boolean objects = asked.form("objects").isPresent();
        Map<String, Object> subject = new HashMap<>(Map.of("run", asked.id().get()));
        if (objects) {
            subject.put("deleteObjects", true);
        }
        RollbackOptions options = new RollbackOptions(
                OptionalLong.of(asked.id().get()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                dryRun,
                objects && !dryRun);
        return acts.later(asked.visitor(), name, subject, progress -> rollback.apply(options));
    }

    static Preview preview(ActPages.Act act) {
        JsonNode report = act.document();
        List<Left> sample = new ArrayList<>();
        for (JsonNode row : report.path("rows")) {
            if (sample.size() < SAMPLE) {
                sample.add(new Left(
                        row.path("field").asText(),
                        row.path("id").asText(),
                        row.path("reason").asText()));
            }
        }
        return new Preview(
                act.subject().get("run"),
                report.path("found").asLong(),
                report.path("restored").asLong(),
                report.path("conflicts").asLong(),
                report.path("refused").asLong(),
                sample);
    }
}
