package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.entry.ReferenceTable.Side;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.registry.Reference.Kind;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** The end of a reference, and the way back from it. */
final class ReferenceEnd {

    private final ReferenceAccess access;
    private final ReferenceLedger ledger;
    private final DumpLedger dumps;
    private final ReferenceRoutes routes;
    private final Function<ReferenceTable, String> bucket;

    /** @param bucket where dumps of a table go, as the ledger keeps it */
    ReferenceEnd(ReferenceAccess access, ReferenceRoutes routes, Function<ReferenceTable, String> bucket) {
        this.access = access;
        this.ledger = access.ledger();
        this.dumps = new DumpLedger(access.database());
        this.routes = routes;
        this.bucket = bucket;
    }

    ReferenceReport finish(String name) {
        return access.with(name, (session, table) -> {
            long before = ledger.lastStep(name);
            ReferenceState state = access.state(table);
            if (state.compareTo(ReferenceState.RETIRED) < 0) {
                throw ReferenceAccess.first(name, state.label(), "contract");
            }
            if (table.reference().kind() == Kind.VIEW) {
                notForAWhile(name);
                ledger.reach(name, ReferenceState.FINISHED);
                return access.report(name, before, List.of());
            }
            if (table.side() == Side.RETIRED) {
                if (state == ReferenceState.FINISHED) {
                    throw ReferenceAccess.first(name, "on its way back", "restore");
                }
                notForAWhile(name);
                List<Finding> refused = new FinishGuards(ledger, table).reasons(session.connection());
                if (!refused.isEmpty()) {
                    return access.report(name, before, refused);
                }
            }
            Dump begun = dumps.of(name).orElseGet(() -> Dump.begun(bucket.apply(table), key(name)));
            ReferenceChange change =
                    new ReferenceChange(table, session, access.steps(table).finish(), ReferenceState.FINISHED);
            routes.finish().accept(new ReferenceFinish(change, begun));
            return dumped(name, before, 0);
        });
    }

    private void notForAWhile(String name) {
        if (ledger.row(name).map(ReferenceRow::until).isPresent()) {
            throw new ConfigurationException(name + " is retired for a while only (--until): mediaferry references"
                    + " contract " + name + " has it stay so");
        }
    }

    /** Nobody who is let read the bucket's objects, but not list them, finds one that holds what others have written. */
    private String key(String name) {
        return "mediaferry/" + access.database().ledgerId() + "/references/" + name + "-" + UUID.randomUUID()
                + ".jsonl.gz";
    }

    ReferenceReport restore(String name) {
        return access.with(name, (session, table) -> {
            long before = ledger.lastStep(name);
            ReferenceState state = access.state(table);
            if (state != ReferenceState.FINISHED) {
                throw new ConfigurationException(
                        name + " is " + state.label() + ": nothing of it was dropped that could be restored");
            }
            if (table.reference().kind() == Kind.VIEW) {
                // Nothing was dropped: the columns have other names.
                ledger.reach(name, ReferenceState.RETIRED);
                return access.report(name, before, List.of());
            }
            Dump dump = dumps.of(name)
                    .filter(Dump::isWritten)
                    .orElseThrow(
                            () -> new ConfigurationException(
                                    name
                                            + " has no dump: somebody else has dropped its columns, and the ledger has nothing of them"));
            boolean always = new ReferenceFacts(access.database(), table).receivesReplication();
            Steps steps = access.steps(table);
            ReferenceRestore restore = new ReferenceRestore(
                    new ReferenceChange(table, session, steps.restore(dump, always), ReferenceState.RETIRED),
                    steps.restoreMore(dump),
                    dump);
            routes.restore().accept(restore);
            return dumped(name, before, restore.filled());
        });
    }

    private ReferenceReport dumped(String name, long before, long filled) {
        return new ReferenceReport(
                name,
                ledger.state(name).label(),
                ledger.stepsAfter(name, before),
                filled,
                0,
                dumps.of(name).orElse(null),
                List.of());
    }
}
