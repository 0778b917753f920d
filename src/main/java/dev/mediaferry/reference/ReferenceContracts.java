package dev.mediaferry.reference;

import java.util.function.Supplier;

/** What a route calls to end contracts that were to last for a while. */
public final class ReferenceContracts {

    private final Supplier<ReferenceWork> work;

    /** @param work whose routes have started when it is asked for */
    public ReferenceContracts(Supplier<ReferenceWork> work) {
        this.work = work;
    }

    /** Gives old sides their names again whose time is over. */
    public void end() {
        work.get().endOverdue();
    }
}
