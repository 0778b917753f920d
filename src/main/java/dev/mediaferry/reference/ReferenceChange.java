package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import java.time.Duration;
import java.util.List;

/** One command on one reference: the steps that it takes, one after the other, and the state that they lead to. */
public final class ReferenceChange {

    /** Longest that others may be in the way of one step. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final ReferenceTable table;
    private final ReferenceSession session;
    private final List<StepRun> steps;
    private final ReferenceState target;

    ReferenceChange(ReferenceTable table, ReferenceSession session, List<Step> steps, ReferenceState target) {
        this.table = table;
        this.session = session;
        this.steps =
                steps.stream().map(step -> new StepRun(session, step, PATIENCE)).toList();
        this.target = target;
    }

    ReferenceTable table() {
        return table;
    }

    ReferenceSession session() {
        return session;
    }

    ReferenceState target() {
        return target;
    }

    /** Those that have something to do are taken. */
    public List<StepRun> getSteps() {
        return steps;
    }
}
