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
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** The commands that change a reference. The work is done by the routes that it leads to. */
public final class ReferenceWork {

    /** How long what a killed process has begun may go on in the database. */
    private static final Duration OTHERS = Duration.ofSeconds(30);

    private final Database database;
    private final References references;
    private final ReferenceLedger ledger;
    private final Consumer<ReferenceChange> expand;
    private final Consumer<Backfill> backfill;
    private final Consumer<ReferenceProof> verify;
    private final Consumer<ReferenceChange> contract;
    private final Consumer<ReferenceChange> revert;

    public ReferenceWork(
            Database database,
            References references,
            Consumer<ReferenceChange> expand,
            Consumer<Backfill> backfill,
            Consumer<ReferenceProof> verify,
            Consumer<ReferenceChange> contract,
            Consumer<ReferenceChange> revert) {
        this.database = database;
        this.references = references;
        this.ledger = new ReferenceLedger(database);
        this.expand = expand;
        this.backfill = backfill;
        this.verify = verify;
        this.contract = contract;
        this.revert = revert;
    }

    /**
     * Makes the new side beside the old one. What is done already is not done again.
     *
     * @throws ReferenceRefusedException when a right is missing, or others were in the way for too long
     */
    public ReferenceReport expand(String name) {
        ReferenceTable table = references.table(name);
        ledger.enter(table.reference());
        return with(name, session -> {
            long before = ledger.lastStep(name);
            if (state(table).compareTo(ReferenceState.EXPANDED) > 0) {
                return report(name, before, List.of());
            }
            ReferenceFacts facts = new ReferenceFacts(database, table);
            List<String> missing = facts.missingRights();
            if (!missing.isEmpty()) {
                throw new ReferenceRefusedException(String.join(System.lineSeparator(), missing));
            }
            List<Step> todo = steps(table).expand(facts.grants(), facts.receivesReplication());
            expand.accept(new ReferenceChange(table, session, todo, ReferenceState.EXPANDED));
            return report(name, before, List.of());
        });
    }

    /**
     * Fills the new side; begun anew it goes on where it was.
     *
     * @param limit rows at most
     * @param share percent of the time that it may be at work, from now on
     * @throws ConfigurationException when nothing is there to be filled
     */
    public ReferenceReport backfill(String name, OptionalLong limit, OptionalInt share) {
        ReferenceTable table = references.table(name);
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
            backfill.accept(work);
            return new ReferenceReport(
                    name,
                    ledger.state(name).label(),
                    ledger.stepsAfter(name, before),
                    work.filled(),
                    work.passes(),
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
        ReferenceTable table = references.table(name);
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
            verify.accept(proof);
            return proof.proof(ledger.state(name).label());
        });
    }

    /**
     * Retires the old side, unless there is a reason not to.
     *
     * @param accepted reasons that an operator accepts by their names, and why
     */
    public ReferenceReport contract(String name, Map<String, String> accepted) {
        ReferenceTable table = references.table(name);
        return with(name, session -> {
            long before = ledger.lastStep(name);
            ReferenceState state = state(table);
            if (state.compareTo(ReferenceState.FILLED) < 0) {
                throw first(name, state.label(), state == ReferenceState.PLANNED ? "expand" : "backfill");
            }
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
            boolean always = new ReferenceFacts(database, table).receivesReplication();
            contract.accept(new ReferenceChange(table, session, steps(table).contract(always), ReferenceState.RETIRED));
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
        ReferenceTable table = references.table(name);
        return with(name, session -> {
            long before = ledger.lastStep(name);
            boolean retired = state(table) == ReferenceState.RETIRED;
            if (retired) {
                boolean always = new ReferenceFacts(database, table).receivesReplication();
                revert.accept(
                        new ReferenceChange(table, session, steps(table).reinstate(always), ReferenceState.FILLED));
            }
            if (!retired || all) {
                boolean column = ledger.lastWas(name, "add-column", "drop-column");
                boolean index = table.lookup().isPresent()
                        && ledger.lastWas(name, "lookup-index", "drop-lookup-index")
                        && !ledger.othersLookUp(table, references.registry().references());
                revert.accept(new ReferenceChange(
                        table, session, steps(table).revert(column, index), ReferenceState.PLANNED));
            }
            return report(name, before, List.of());
        });
    }

    /** The catalogue knows better than the ledger of a process that was killed in between. */
    private ReferenceState state(ReferenceTable table) {
        ReferenceState known = ledger.state(table.name());
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
        return new ReferenceReport(name, ledger.state(name).label(), ledger.stepsAfter(name, before), 0, 0, refused);
    }
}
