package dev.mediaferry.reference;

import java.util.function.Consumer;

/** The ways through the routes of references, one for each command that changes something. */
public record ReferenceRoutes(
        Consumer<ReferenceChange> expand,
        Consumer<Backfill> backfill,
        Consumer<ReferenceProof> verify,
        Consumer<ReferenceChange> contract,
        Consumer<BrownOut> brownOut,
        Consumer<ReferenceChange> revert,
        Consumer<ReferenceFinish> finish,
        Consumer<ReferenceRestore> restore) {}
