package dev.mediaferry.reference;

import java.util.List;

/** The end of a reference on its way: its retired columns are written into the bucket, then dropped. */
public final class ReferenceFinish {

    private final ReferenceChange change;
    private final Dump begun;

    ReferenceFinish(ReferenceChange change, Dump begun) {
        this.change = change;
        this.begun = begun;
    }

    ReferenceChange change() {
        return change;
    }

    /** Where the dump goes: under the same key also after a process was killed in the midst of it. */
    Dump begun() {
        return begun;
    }

    public List<StepRun> getSteps() {
        return change.getSteps();
    }
}
