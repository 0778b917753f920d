package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.FailureClassifier;
import dev.mediaferry.ledger.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
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
    private final Consumer<ReferenceChange> revert;

    public ReferenceWork(
            Database database,
            References references,
            Consumer<ReferenceChange> expand,
            Consumer<Backfill> backfill,
            Consumer<ReferenceChange> revert) {
        this.database = database;
        this.references = references;
        this.ledger = new ReferenceLedger(database);
        this.expand = expand;
        this.backfill = backfill;
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
            if (ledger.state(name).compareTo(ReferenceState.EXPANDED) > 0) {
                return report(name, before, 0, 0);
            }
            ReferenceFacts facts = new ReferenceFacts(database, table);
            List<String> missing = facts.missingRights();
            if (!missing.isEmpty()) {
                throw new ReferenceRefusedException(String.join(System.lineSeparator(), missing));
            }
            List<Step> todo = steps(table).expand(facts.grants(), facts.receivesReplication());
            expand.accept(new ReferenceChange(table, session, todo, ReferenceState.EXPANDED));
            return report(name, before, 0, 0);
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
                    .orElseThrow(() -> new ConfigurationException(
                            name + " is planned: mediaferry references expand " + name + " comes first"));
            if (row.state().compareTo(ReferenceState.PROVED) > 0) {
                throw new ConfigurationException(name + " is " + row.state().label()
                        + ": the old side says nothing any more that could be filled in");
            }
            long before = ledger.lastStep(name);
            ReferenceChange change =
                    new ReferenceChange(table, session, steps(table).validate(), ReferenceState.FILLED);
            Backfill work = new Backfill(change, row.cursor(), row.share(), limit);
            backfill.accept(work);
            return report(name, before, work.filled(), work.passes());
        });
    }

    /** Takes a reference back to its beginning: nothing is left of what expand has made. */
    public ReferenceReport revert(String name) {
        ReferenceTable table = references.table(name);
        return with(name, session -> {
            long before = ledger.lastStep(name);
            boolean column = ledger.lastWas(name, "add-column", "drop-column");
            boolean index = table.lookup().isPresent()
                    && ledger.lastWas(name, "lookup-index", "drop-lookup-index")
                    && !ledger.othersLookUp(table, references.registry().references());
            revert.accept(
                    new ReferenceChange(table, session, steps(table).revert(column, index), ReferenceState.PLANNED));
            return report(name, before, 0, 0);
        });
    }

    /** What is done on a session. */
    private interface Work {
        ReferenceReport on(ReferenceSession session) throws SQLException;
    }

    private ReferenceReport with(String name, Work work) {
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
    private ReferenceReport report(String name, long before, long filled, int passes) {
        return new ReferenceReport(name, ledger.state(name).label(), ledger.stepsAfter(name, before), filled, passes);
    }
}
