package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.entry.ReferenceTable.Side;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.FailureClassifier;
import dev.mediaferry.ledger.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The commands that change a reference. The work is done by the routes that it leads to. */
public final class ReferenceWork {

    /** How long what a killed process has begun may go on in the database. */
    private static final Duration OTHERS = Duration.ofSeconds(30);

    private static final Duration SHORTEST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofHours(24);

    private static final Logger LOG = LoggerFactory.getLogger(ReferenceWork.class);

    private final Database database;
    private final References references;
    private final ReferenceLedger ledger;
    private final ReferenceRoutes routes;
    private final Function<ReferenceTable, String> bucket;

    /** @param bucket where dumps of a table go, as the ledger keeps it */
    public ReferenceWork(
            Database database, References references, ReferenceRoutes routes, Function<ReferenceTable, String> bucket) {
        this.database = database;
        this.references = references;
        this.ledger = new ReferenceLedger(database);
        this.routes = routes;
        this.bucket = bucket;
    }

    /**
     * Makes the new side beside the old one. What is done already is not done again.
     *
     * @throws ReferenceRefusedException when a right is missing, or others were in the way for too long
     */
    public ReferenceReport expand(String name) {
        ReferenceTable table = table(name);
        ledger.enter(table.reference());
        return with(name, session -> {
            long before = ledger.lastStep(name);
            if (state(table).compareTo(ReferenceState.PROVED) > 0) {
                return report(name, before, List.of());
            }
            ReferenceFacts facts = new ReferenceFacts(database, table);
            List<String> missing = facts.missingRights();
            if (!missing.isEmpty()) {
                throw new ReferenceRefusedException(String.join(System.lineSeparator(), missing));
            }
            List<Step> todo = steps(table).expand(facts.grants(), facts.receivesReplication());
            // What somebody has taken away was not kept alike meanwhile: the backfill comes again.
            if (state(table).compareTo(ReferenceState.EXPANDED) <= 0 || !areDone(session, todo)) {
                routes.expand().accept(new ReferenceChange(table, session, todo, ReferenceState.EXPANDED));
            }
            return report(name, before, List.of());
        });
    }

    private static boolean areDone(ReferenceSession session, List<Step> steps) throws SQLException {
        for (Step step : steps) {
            if (!session.isDone(step)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Fills the new side; begun anew it goes on where it was.
     *
     * @param limit rows at most
     * @param share percent of the time that it may be at work, from now on
     * @throws ConfigurationException when nothing is there to be filled
     */
    public ReferenceReport backfill(String name, OptionalLong limit, OptionalInt share) {
        ReferenceTable table = table(name);
        share.ifPresent(percent -> ledger.share(name, percent));
        return with(name, session -> {
            ReferenceRow row = ledger.row(name)
                    .filter(one -> one.state() != ReferenceState.PLANNED)
                    .orElseThrow(() -> first(name, "planned", "expand"));
            if (state(table).compareTo(ReferenceState.PROVED) > 0) {
                throw new ConfigurationException(name + " is " + row.state().label()
                        + ": the old side says nothing any more that could be filled in");
            }
            long before = ledger.lastStep(name);
            ReferenceChange change =
                    new ReferenceChange(table, session, steps(table).validate(), ReferenceState.FILLED);
            Backfill work = new Backfill(change, row.cursor(), row.share(), limit);
            routes.backfill().accept(work);
            return new ReferenceReport(
                    name,
                    ledger.state(name).label(),
                    ledger.stepsAfter(name, before),
                    work.filled(),
                    work.passes(),
                    null,
                    List.of());
        });
    }

    /**
     * Proves that both sides say the same.
     *
     * @param acknowledged true when an operator has looked at the contradictions
     * @throws ConfigurationException when there are no two sides that are filled
     */
    public ReferenceProof.Proof verify(String name, boolean acknowledged) {
        ReferenceTable table = table(name);
        return with(name, session -> {
            ReferenceState state = state(table);
            if (state.compareTo(ReferenceState.FILLED) < 0) {
                throw first(name, state.label(), state == ReferenceState.PLANNED ? "expand" : "backfill");
            }
            if (state.compareTo(ReferenceState.PROVED) > 0) {
                throw new ConfigurationException(name + " is " + state.label()
                        + ": the old side follows the new one, there is nothing to prove");
            }
            ReferenceProof proof =
                    new ReferenceProof(new ReferenceChange(table, session, List.of(), state), acknowledged);
            routes.verify().accept(proof);
            return proof.proof(ledger.state(name).label());
        });
    }

    /**
     * Retires the old side, unless there is a reason not to.
     *
     * @param accepted reasons that an operator accepts by their names, and why
     */
    public ReferenceReport contract(String name, Map<String, String> accepted) {
        return contract(name, accepted, Optional.empty());
    }

    /**
     * Retires the old side for a while, and waits until it has its names again: who still uses it finds out. When this process ends
     * before, a service or the next command gives them back.
     *
     * @param time from 10 s to 24 h
     */
    public ReferenceReport brownOut(String name, Map<String, String> accepted, Duration time) {
        if (time.compareTo(SHORTEST) < 0 || time.compareTo(LONGEST) > 0) {
            throw new ConfigurationException("--until must be from 10s to 24h");
        }
        long before = ledger.lastStep(name);
        ReferenceReport begun = contract(name, accepted, Optional.of(time));
        if (!begun.refused().isEmpty()) {
            return begun;
        }
        LOG.warn("{} is retired for {} s; references revert {} ends that at once", name, time.toSeconds(), name);
        routes.brownOut().accept(new BrownOut(name));
        endOverdue();
        return report(name, before, List.of());
    }

    /** Gives old sides their names again whose contract is over. */
    public void endOverdue() {
        for (String name : ledger.overdue()) {
            ReferenceTable table = references.table(name);
            if (table.side() == Side.RETIRED) {
                ReferenceReport ended = revert(table, false);
                LOG.warn("the contract of {} is over: its old side has its names again, it is {}", name, ended.state());
            } else {
                ledger.until(name, Optional.empty());
            }
        }
    }

    private ReferenceTable table(String name) {
        endOverdue();
        return references.table(name);
    }

    private ReferenceReport contract(String name, Map<String, String> accepted, Optional<Duration> time) {
        ReferenceTable table = table(name);
        return with(name, session -> {
            long before = ledger.lastStep(name);
            ReferenceState state = state(table);
            if (state.compareTo(ReferenceState.FILLED) < 0) {
                throw first(name, state.label(), state == ReferenceState.PLANNED ? "expand" : "backfill");
            }
            notFinished(name, state);
            if (state.compareTo(ReferenceState.PROVED) <= 0) {
                List<Finding> refused = new Guards(ledger, table)
                        .reasons(references.registry()).stream()
                                .filter(reason ->
                                        reason.clause().equals(Guards.PROOF) || !accepted.containsKey(reason.clause()))
                                .toList();
                if (!refused.isEmpty()) {
                    return report(name, before, refused);
                }
                accepted.forEach((guard, reason) -> ledger.accept(name, guard, reason));
            }
            if (state == ReferenceState.RETIRED
                    && time.isPresent()
                    && ledger.row(name).map(ReferenceRow::until).isEmpty()) {
                throw new ConfigurationException(name + " is retired for good: --until is for trying that before");
            }
            // Said before it is done: whoever is killed in between leaves a contract that ends.
            ledger.until(name, time);
            boolean always = new ReferenceFacts(database, table).receivesReplication();
            routes.contract()
                    .accept(new ReferenceChange(table, session, steps(table).contract(always), ReferenceState.RETIRED));
            return report(name, before, List.of());
        });
    }

    /**
     * Takes a reference one state back: a retired old side gets its names and its say again; else nothing is left of what expand
     * has made.
     *
     * @param all true to go to the beginning at once
     */
    public ReferenceReport revert(String name, boolean all) {
        return revert(table(name), all);
    }

    private ReferenceReport revert(ReferenceTable table, boolean all) {
        String name = table.name();
        return with(name, session -> {
            long before = ledger.lastStep(name);
            ReferenceState state = state(table);
            notFinished(name, state);
            boolean retired = state == ReferenceState.RETIRED;
            if (retired) {
                boolean always = new ReferenceFacts(database, table).receivesReplication();
                routes.revert()
                        .accept(new ReferenceChange(
                                table, session, steps(table).reinstate(always), ReferenceState.FILLED));
            }
            if (!retired || all) {
                boolean column = ledger.lastWas(name, "add-column", "drop-column");
                // Its name is ours: one that a killed process has made is in no line of the ledger.
                boolean index = table.lookup().isPresent()
                        && !ledger.othersLookUp(table, references.registry().references());
                routes.revert()
                        .accept(new ReferenceChange(
                                table, session, steps(table).revert(column, index), ReferenceState.PLANNED));
            }
            return report(name, before, List.of());
        });
    }

    /**
     * Drops the retired columns, once the bucket has them.
     *
     * @throws ConfigurationException when they are not retired
     */
    public ReferenceReport finish(String name) {
        ReferenceTable table = table(name);
        return with(name, session -> {
            long before = ledger.lastStep(name);
            ReferenceState state = state(table);
            if (state.compareTo(ReferenceState.RETIRED) < 0) {
                throw first(name, state.label(), "contract");
            }
            if (table.side() == Side.RETIRED) {
                if (state == ReferenceState.FINISHED) {
                    throw first(name, "on its way back", "restore");
                }
                if (ledger.row(name).map(ReferenceRow::until).isPresent()) {
                    throw new ConfigurationException(name + " is retired for a while only (--until): mediaferry"
                            + " references contract " + name + " has it stay so");
                }
                List<Finding> refused = new FinishGuards(ledger, table).reasons(session.connection());
                if (!refused.isEmpty()) {
                    return report(name, before, refused);
                }
            }
            Dump begun = ledger.dump(name).orElseGet(() -> Dump.begun(bucket.apply(table), key(name)));
            ReferenceChange change =
                    new ReferenceChange(table, session, steps(table).finish(), ReferenceState.FINISHED);
            routes.finish().accept(new ReferenceFinish(change, begun));
            return dumped(name, before, 0);
        });
    }

    /** Nobody who is let read the bucket's objects, but not list them, finds one that holds what others have written. */
    private String key(String name) {
        return "mediaferry/" + database.ledgerId() + "/references/" + name + "-" + UUID.randomUUID() + ".jsonl.gz";
    }

    /**
     * Makes the dropped columns again, as they were: retired.
     *
     * @throws ReferenceRefusedException when the bucket has not what was written there
     */
    public ReferenceReport restore(String name) {
        ReferenceTable table = table(name);
        return with(name, session -> {
            long before = ledger.lastStep(name);
            ReferenceState state = state(table);
            if (state != ReferenceState.FINISHED) {
                throw new ConfigurationException(
                        name + " is " + state.label() + ": nothing of it was dropped that could be restored");
            }
            Dump dump = ledger.dump(name)
                    .filter(Dump::isWritten)
                    .orElseThrow(
                            () -> new ConfigurationException(
                                    name
                                            + " has no dump: somebody else has dropped its columns, and the ledger has nothing of them"));
            boolean always = new ReferenceFacts(database, table).receivesReplication();
            Steps steps = steps(table);
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
                ledger.dump(name).orElse(null),
                List.of());
    }

    private static void notFinished(String name, ReferenceState state) {
        if (state == ReferenceState.FINISHED) {
            throw new ConfigurationException(name + " is finished, its old columns are dropped: mediaferry references"
                    + " restore " + name + " brings them back");
        }
    }

    /** The catalogue knows better than the ledger of a process that was killed in between. */
    private ReferenceState state(ReferenceTable table) {
        ReferenceState known = ledger.state(table.name());
        if (known == ReferenceState.FINISHED || table.side() == Side.GONE) {
            return ReferenceState.FINISHED;
        }
        if (table.side() == Side.RETIRED) {
            return ReferenceState.RETIRED;
        }
        return known == ReferenceState.RETIRED ? ReferenceState.FILLED : known;
    }

    private static ConfigurationException first(String name, String state, String command) {
        return new ConfigurationException(
                name + " is " + state + ": mediaferry references " + command + " " + name + " comes first");
    }

    /** What is done on a session. */
    private interface Work<T> {
        T on(ReferenceSession session) throws SQLException;
    }

    private <T> T with(String name, Work<T> work) {
        try (ReferenceSession session = ReferenceSession.open(database, name, OTHERS)) {
            return work.on(session);
        } catch (SQLException e) {
            throw FailureClassifier.ended(e, "; run the command again, it goes on where it was");
        }
    }

    private Steps steps(ReferenceTable table) {
        return new Steps(table, database.schema().name());
    }

    /** @param before the last step of an earlier command */
    private ReferenceReport report(String name, long before, List<Finding> refused) {
        return new ReferenceReport(
                name, ledger.state(name).label(), ledger.stepsAfter(name, before), 0, 0, null, refused);
    }
}
