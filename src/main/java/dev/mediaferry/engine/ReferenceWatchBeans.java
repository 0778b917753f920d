package dev.mediaferry.engine;

import dev.mediaferry.observe.ReferenceMetrics;
import dev.mediaferry.observe.ServiceHealth;
import dev.mediaferry.reference.ReferenceContracts;
import dev.mediaferry.reference.ReferenceObserver;

/** What the routes that watch references refer to by name. */
final class ReferenceWatchBeans {

    private final Parts parts;

    ReferenceWatchBeans(Parts parts) {
        this.parts = parts;
    }

    void bind() {
        ReferenceMetrics metrics = new ReferenceMetrics(parts.meters());
        parts.main().bind("referenceMetrics", metrics);
        parts.main()
                .bind(
                        "referenceObserver",
                        new ReferenceObserver(
                                parts.services().database(), parts.cases().references()::tables));
        parts.main().bind("referenceContracts", new ReferenceContracts(parts.references()));
        parts.main().bind("referenceHealth", new ServiceHealth("references", metrics::states));
    }
}
