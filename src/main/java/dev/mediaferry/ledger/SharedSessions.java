package dev.mediaferry.ledger;

import dev.mediaferry.failure.ConfigurationException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Finds out whether a pooler in transaction mode stands before the database: it lends a server's session to whichever client
 * has a transaction, so that a lock which a worker holds on its session is soon another client's.
 *
 * <p>What tells is the number of the server process. A session of one's own keeps it, and shares it with nobody. A pooler with
 * one idle session gives that to either connection; one that takes its sessions in turn gives a connection different ones.
 */
final class SharedSessions {

    /** A session that other clients of the pooler take at the wrong moment may hide one round, not all. */
    private static final int ROUNDS = 3;

    /** https://www.postgresql.org/docs/current/errcodes-appendix.html; poolers that allow no transactions answer it. */
    private static final String PROTOCOL_VIOLATION = "08P01";

    private SharedSessions() {}

    /**
     * @param one and {@code other} are open, and in no transaction
     * @return true when they were seen to share a session, or to change theirs
     */
    static boolean between(Connection one, Connection other) throws SQLException {
        int own = process(one);
        for (int round = 0; round < ROUNDS; round++) {
            if (process(one) != own) {
                return true;
            }
            try {
                other.setAutoCommit(false);
                if (process(other) == own || process(one) != own) {
                    return true;
                }
                other.commit();
            } catch (SQLException e) {
                if (PROTOCOL_VIOLATION.equals(e.getSQLState())) {
                    return true;
                }
                throw e;
            }
            other.setAutoCommit(true);
        }
        return false;
    }

    /** @return what names the address to use instead */
    static ConfigurationException refusal(DatabaseSettings settings) {
        return new ConfigurationException("mediaferry.database.url: at " + settings.address()
                + " a pooler in transaction mode answers: it hands a session on to other clients after each transaction, so"
                + " that locks and claims would not hold. Use " + instead(settings.address()));
    }

    private static String instead(String address) {
        String usual = "the database's own address, or a pooler in session mode (PgBouncer: pool_mode=session)";
        if (address.matches("[^/]*//[^/]*:6543(/.*)?")) {
            return "port 5432 instead of 6543 (Supabase: session mode), or " + usual;
        }
        if (address.contains("-pooler.")) {
            return address.replace("-pooler.", ".") + " (Neon: the host without -pooler), or " + usual;
        }
        return usual + "; Supabase: port 5432 instead of 6543; Neon: the host without -pooler";
    }

    private static int process(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select pg_backend_pid()")) {
            result.next();
            return result.getInt(1);
        }
    }
}
