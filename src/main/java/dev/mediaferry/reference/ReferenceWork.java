package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.entry.ReferenceTable.Side;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.registry.Reference;
import dev.mediaferry.registry.Reference.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The commands that change a reference. The work is done by the routes that it leads to. */
public final class ReferenceWork {

    private static final Duration SHORTEST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofHours(24);

    private static final Logger LOG = LoggerFactory.getLogger(ReferenceWork.class);

    private final Database database;
    private final References references;
    private final ReferenceLedger ledger;
    private final ReferenceRoutes routes;
    private final ReferenceAccess access;
    private final ReferenceEnd end;

    /** @param bucket where dumps of a table go, as the ledger keeps it */
    public ReferenceWork(
            Database database, References references, ReferenceRoutes routes, Function<ReferenceTable, String> bucket) {
        this.database = database;
        this.references = references;
        this.ledger = new ReferenceLedger(database);
        this.routes = routes;
        this.access = new ReferenceAccess(database, references, ledger);
        this.end = new ReferenceEnd(access, routes, bucket);
    }

    /**
     * Makes the new side beside the old one. What is done already is not done again.
     *
     * @throws ReferenceRefusedException when a right is missing, or others were in the way for too long
     */
    public ReferenceReport expand(String name) {
        ledger.enter(known(name).reference());
        return access.with(name, (session, table) -> {
            long before = ledger.lastStep(name);
            if (access.state(table).compareTo(ReferenceState.PROVED) > 0) {
                return access.report(name, before, List.of());
            }
            ReferenceFacts facts = new ReferenceFacts(database, table);
            List<String> missing = facts.missingRights();
            if (!missing.isEmpty()) {
                throw new ReferenceRefusedException(String.join(System.lineSeparator(), missing));
            }
            boolean viewed = table.reference().kind() == Kind.VIEW;
            List<Step> todo = access.steps(table).expand(facts.grants(), facts.receivesReplication());
            if (access.state(table).compareTo(ReferenceState.EXPANDED) > 0 && areDone(session, todo)) {
                return access.report(name, before, List.of());
            }
            if (viewed && table.side() == Side.NAMED) {
                List<Finding> refused = new ViewFacts(database, table).reasons(references.registry());
                if (!refused.isEmpty()) {
                    return access.report(name, before, refused);
                }
            }
            if (emptiesWhatItRefersFrom(table) && !facts.required().isEmpty()) {
                return access.report(
                        name,
                        before,
                        List.of(new Finding(
                                "required",
                                facts.required().size(),
                                facts.required(),
                                "deleting a row of the other table would empty the old column, which is not null: drop that constraint, or"
                                        + " say on-cascade: keep, or another on-delete")));
            }
            // What somebody has taken away was not kept alike meanwhile: the backfill comes again.
            routes.expand()
                    .accept(new ReferenceChange(
                            table, session, todo, viewed ? ReferenceState.FILLED : ReferenceState.EXPANDED));
            return access.report(name, before, List.of());
        });
    }

    private static boolean emptiesWhatItRefersFrom(ReferenceTable table) {
        return table.reference()
                .lookup()
                .filter(one -> one.onDelete().equals("set null") && one.mirrorsCascade())
                .isPresent();
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
        known(name);
        share.ifPresent(percent -> ledger.share(name, percent));
        return access.with(name, (session, table) -> {
            ReferenceRow row = ledger.row(name)
                    .filter(one -> one.state() != ReferenceState.PLANNED)
                    .orElseThrow(() -> ReferenceAccess.first(name, "planned", "expand"));
            if (access.state(table).compareTo(ReferenceState.PROVED) > 0) {
                throw new ConfigurationException(name + " is " + row.state().label()
                        + ": the old side says nothing any more that could be filled in");
            }
            long before = ledger.lastStep(name);
            if (table.reference().kind() == Kind.VIEW) {
                return access.report(name, before, List.of());
            }
            ReferenceChange change =
                    new ReferenceChange(table, session, access.steps(table).validate(), ReferenceState.FILLED);
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
        known(name);
        return access.with(name, (session, table) -> {
            ReferenceState state = access.state(table);
            if (state.compareTo(ReferenceState.FILLED) < 0) {
                throw ReferenceAccess.first(
                        name, state.label(), state == ReferenceState.PLANNED ? "expand" : "backfill");
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
        return access.report(name, before, List.of());
    }

    /** Gives old sides their names again whose contract is over. */
    public void endOverdue() {
        List<String> known =
                references.registry().references().stream().map(Reference::name).toList();
        for (String name : ledger.overdue()) {
            if (!known.contains(name)) {
                LOG.error(
                        "the contract of {} is over, and the registry has no such reference: put its entry back", name);
                continue;
            }
            access.with(name, (session, table) -> {
                long before = ledger.lastStep(name);
                // Somebody else may have been first.
                if (ledger.overdue().contains(name)) {
                    if (table.side() == Side.RETIRED) {
                        reinstate(session, table);
                        LOG.warn("the contract of {} is over: its old side has its names again, it is filled", name);
                    } else {
                        ledger.until(name, Optional.empty());
                    }
                }
                return access.report(name, before, List.of());
            });
        }
    }

    private ReferenceTable known(String name) {
        endOverdue();
        return references.table(name);
    }

    private ReferenceReport contract(String name, Map<String, String> accepted, Optional<Duration> time) {
        known(name);
        return access.with(name, (session, table) -> {
            long before = ledger.lastStep(name);
            ReferenceState state = access.state(table);
            if (state.compareTo(ReferenceState.FILLED) < 0) {
                throw ReferenceAccess.first(
                        name, state.label(), state == ReferenceState.PLANNED ? "expand" : "backfill");
            }
            notFinished(name, state);
            if (state.compareTo(ReferenceState.PROVED) <= 0) {
                List<Finding> reasons = Stream.concat(
                                new Guards(ledger, table).reasons(references.registry()).stream(),
                                new CatalogueProof(database, table)
                                        .undone(access.steps(table), new ReferenceFacts(database, table)).stream())
                        .toList();
                List<Finding> refused = reasons.stream()
                        .filter(reason ->
                                reason.clause().equals(Guards.PROOF) || !accepted.containsKey(reason.clause()))
                        .toList();
                if (!refused.isEmpty()) {
                    return access.report(name, before, refused);
                }
                reasons.stream()
                        .map(Finding::clause)
                        .distinct()
                        .sorted()
                        .forEach(guard -> ledger.accept(name, guard, accepted.get(guard)));
            }
            if (state == ReferenceState.RETIRED
                    && time.isPresent()
                    && ledger.row(name).map(ReferenceRow::until).isEmpty()) {
                throw new ConfigurationException(name + " is retired for good: --until is for trying that before");
            }
            // Written down first, so that a process that is killed in between leaves a contract that ends.
            ledger.until(name, time);
            boolean always = new ReferenceFacts(database, table).receivesReplication();
            routes.contract()
                    .accept(new ReferenceChange(
                            table, session, access.steps(table).contract(always), ReferenceState.RETIRED));
            return access.report(name, before, List.of());
        });
    }

    /**
     * Takes a reference one state back: a retired old side gets its names and its say again; else nothing is left of what expand
     * has made.
     *
     * @param all true to go to the beginning at once
     */
    public ReferenceReport revert(String name, boolean all) {
        ReferenceState seen = access.state(known(name));
        return access.with(name, (session, table) -> {
            long before = ledger.lastStep(name);
            ReferenceState state = access.state(table);
            boolean retired = state == ReferenceState.RETIRED;
            // One back from there is another thing than one back from here.
            if (retired != (seen == ReferenceState.RETIRED)) {
                throw new ConfigurationException(
                        "%s was %s and is %s now, since somebody else has worked on it: look at it, and say again what you want"
                                .formatted(name, seen.label(), state.label()));
            }
            notFinished(name, state);
            if (retired) {
                reinstate(session, table);
            }
            if (!retired || all) {
                boolean column = ledger.lastWas(name, "add-column", "drop-column");
                // Its name is ours: one that a killed process has made is in no line of the ledger.
                boolean index = table.lookup().isPresent()
                        && !ledger.othersLookUp(table, references.registry().references());
                routes.revert()
                        .accept(new ReferenceChange(
                                table, session, access.steps(table).revert(column, index), ReferenceState.PLANNED));
            }
            return access.report(name, before, List.of());
        });
    }

    /**
     * Drops the retired columns, once the bucket has them.
     *
     * @throws ConfigurationException when they are not retired
     */
    public ReferenceReport finish(String name) {
        return end.finish(known(name).name());
    }

    /**
     * Makes the dropped columns again, as they were: retired.
     *
     * @throws ReferenceRefusedException when the bucket has not what was written there
     */
    public ReferenceReport restore(String name) {
        return end.restore(known(name).name());
    }

    private void reinstate(ReferenceSession session, ReferenceTable table) {
        boolean always = new ReferenceFacts(database, table).receivesReplication();
        routes.revert()
                .accept(new ReferenceChange(
                        table, session, access.steps(table).reinstate(always), ReferenceState.FILLED));
    }

    private static void notFinished(String name, ReferenceState state) {
        if (state == ReferenceState.FINISHED) {
            throw new ConfigurationException(name + " is finished, its old side is gone: mediaferry references restore "
                    + name + " brings it back");
        }
    }
}
