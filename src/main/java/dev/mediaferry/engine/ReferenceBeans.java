package dev.mediaferry.engine;

import dev.mediaferry.reference.Backfills;
import dev.mediaferry.reference.ReferenceDumps;
import dev.mediaferry.reference.ReferenceLedger;
import dev.mediaferry.reference.ReferenceObjects;
import dev.mediaferry.reference.ReferenceProofs;
import dev.mediaferry.reference.ReferenceSteps;
import dev.mediaferry.storage.LedgerFiles;

/** What the routes of references refer to by name. */
final class ReferenceBeans {

    private final Parts parts;

    ReferenceBeans(Parts parts) {
        this.parts = parts;
    }

    void bind() {
        ReferenceLedger ledger = new ReferenceLedger(parts.services().database());
        parts.main().bind("referenceSteps", new ReferenceSteps(ledger));
        parts.main().bind("backfills", new Backfills(ledger));
        parts.main().bind("referenceProofs", new ReferenceProofs(ledger));
        parts.main().bind("referenceObjects", new ReferenceObjects(ledger, parts.buckets()));
        LedgerFiles files =
                new LedgerFiles(parts.buckets(), parts.services().database().ledgerId());
        parts.main()
                .bind(
                        "referenceDumps",
                        new ReferenceDumps(ledger, files, parts.cases().home()));
        parts.statements().references();
    }
}
