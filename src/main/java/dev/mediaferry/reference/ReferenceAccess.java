package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.entry.ReferenceTable.Side;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.FailureClassifier;
import dev.mediaferry.ledger.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** What every command on a reference needs: a session that nobody else has, its state, and a report at the end. */
final class ReferenceAccess {

    /** How long what a killed process has begun may go on in the database. */
    private static final Duration OTHERS = Duration.ofSeconds(30);

    private final Database database;
    private final References references;
    private final ReferenceLedger ledger;

    ReferenceAccess(Database database, References references, ReferenceLedger ledger) {
        this.database = database;
        this.references = references;
        this.ledger = ledger;
    }

    Database database() {
        return database;
    }

    ReferenceLedger ledger() {
        return ledger;
    }

    /** The catalogue knows better than the ledger of a process that was killed in between. */
    ReferenceState state(ReferenceTable table) {
        ReferenceState known = ledger.state(table.name());
        if (known == ReferenceState.FINISHED || table.side() == Side.GONE) {
            return ReferenceState.FINISHED;
        }
        if (table.side() == Side.RETIRED) {
            return ReferenceState.RETIRED;
        }
        return known == ReferenceState.RETIRED ? ReferenceState.FILLED : known;
    }

    static ConfigurationException first(String name, String state, String command) {
        return new ConfigurationException(
                name + " is " + state + ": mediaferry references " + command + " " + name + " comes first");
    }

    /** What is done on a session, on the table as it is since nobody else works on it. */
    interface Work<T> {
        T on(ReferenceSession session, ReferenceTable table) throws SQLException;
    }

    <T> T with(String name, Work<T> work) {
        try (ReferenceSession session = ReferenceSession.open(database, name, OTHERS)) {
            return work.on(session, references.table(name));
        } catch (SQLException e) {
            throw FailureClassifier.ended(e, "; run the command again, it goes on where it was");
        }
    }

    Steps steps(ReferenceTable table) {
        return new Steps(table, database.schema().name());
    }

    /** @param before the last step of an earlier command */
    ReferenceReport report(String name, long before, List<Finding> refused) {
        return new ReferenceReport(
                name, ledger.state(name).label(), ledger.stepsAfter(name, before), 0, 0, null, refused);
    }
}
