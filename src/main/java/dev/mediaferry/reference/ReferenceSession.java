package dev.mediaferry.reference;

import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.ledger.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection of its own for one reference, which holds the lock that keeps other processes from the same reference. What a
 * killed process has left running in the server holds it, too, as long as it runs.
 */
final class ReferenceSession implements AutoCloseable {

    /** Longest that others wait behind a statement that waits for its lock. */
    private static final int LOCK_MILLIS = 300;

    private static final int STATEMENT_SECONDS = 5;
    private static final int IDLE_MILLIS = 2_000;
    private static final int CONCURRENT_HOURS = 6;

    /** A transaction as old as this is not over in a moment, and a statement that waits for it has others waiting behind. */
    private static final String OLD = "interval '0.2 s'";

    private static final String BLOCKERS =
            """
            select coalesce(a.pid, 0) as pid, coalesce(a.usename::text, '') as role,
              coalesce(nullif(a.application_name, ''), a.backend_type, 'a prepared transaction') as application,
              coalesce(extract(epoch from clock_timestamp() - a.xact_start), 0)::bigint as seconds,
              coalesce(left(regexp_replace(a.query, '\\s+', ' ', 'g'), 120), '') as query
            from pg_locks l left join pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'relation' and l.database = (select oid from pg_database where datname = current_database())
              and l.relation = any (?) and l.granted and l.pid is distinct from pg_backend_pid()
              and (a.pid is null or a.xact_start < clock_timestamp() - %s) and %s
            group by 1, 2, 3, 4, 5 order by 4 desc limit 5""";

    /** Another process makes the same index: of two references that look up in one table. */
    private static final String IS_THERE = "42P07";

    private static final long LOCK_LOOK_MILLIS = 200;

    private final Connection connection;
    private final String reference;

    /** Who is in the way of a step. */
    record Blocker(int pid, String role, String application, long seconds, String query) {

        String words() {
            return "process %d of %s (%s), for %d s: %s".formatted(pid, role, application, seconds, query);
        }
    }

    private ReferenceSession(Connection connection, String reference) {
        this.connection = connection;
        this.reference = reference;
    }

    /** @throws ServiceUnreachableException when another process works on this reference */
    static ReferenceSession open(Database database, String reference, Duration patience) throws SQLException {
        Connection connection = database.connect();
        try {
            ReferenceSession session = new ReferenceSession(connection, reference);
            session.execute("set row_security = off");
            session.execute("set search_path = pg_catalog, pg_temp");
            session.execute("set idle_in_transaction_session_timeout = '10s'");
            session.await(
                    "mediaferry reference " + database.schema().name() + "." + reference,
                    patience,
                    "another process works on " + reference
                            + ", or what a killed one began still runs in the database; try again when it is done");
            return session;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** It asks again and again: a statement that waits has a snapshot, and an index that is built beside it waits for that. */
    private void await(String lock, Duration patience, String otherwise) throws SQLException {
        long begun = System.nanoTime();
        try (PreparedStatement statement =
                connection.prepareStatement("select pg_try_advisory_lock(hashtextextended(?, 0))")) {
            statement.setString(1, lock);
            while (!truth(statement)) {
                if (System.nanoTime() - begun > patience.toNanos()) {
                    throw new ServiceUnreachableException(otherwise, null);
                }
                Thread.sleep(LOCK_LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServiceUnreachableException("stopped while another process works on " + reference, e);
        }
    }

    private static boolean truth(PreparedStatement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery()) {
            result.next();
            return result.getBoolean(1);
        }
    }

    boolean isDone(Step step) throws SQLException {
        return truth(step.probe());
    }

    boolean truth(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getBoolean(1);
        }
    }

    /** @return those whose transactions a step would have to wait for, and others behind it */
    List<Blocker> blockers(Step step) throws SQLException {
        String conflicting = step.lock() == Step.Lock.SHARE_ROW_EXCLUSIVE
                ? "l.mode not in ('AccessShareLock', 'RowShareLock')"
                : step.concurrent() ? "l.mode not in ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')" : "true";
        List<Blocker> blockers = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(BLOCKERS.formatted(OLD, conflicting))) {
            statement.setArray(1, connection.createArrayOf("oid", step.watched().toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    blockers.add(new Blocker(
                            rows.getInt("pid"),
                            rows.getString("role"),
                            rows.getString("application"),
                            rows.getLong("seconds"),
                            rows.getString("query")));
                }
            }
        }
        return blockers;
    }

    /**
     * Tries a step once, and writes it into the ledger: in the same transaction, where the step is one.
     *
     * @return false when its lock was not to be had
     */
    boolean attempt(StepRun run) throws SQLException {
        return run.step().concurrent() ? attemptBeside(run) : attemptShort(run);
    }

    private boolean attemptShort(StepRun run) throws SQLException {
        Step step = run.step();
        connection.setAutoCommit(false);
        try {
            execute("set local lock_timeout = '" + LOCK_MILLIS + "ms'");
            execute("set local statement_timeout = '" + STATEMENT_SECONDS + "s'");
            // A process that stands still keeps nobody waiting behind its lock for longer.
            execute("set local idle_in_transaction_session_timeout = '" + IDLE_MILLIS + "ms'");
            long asked = System.nanoTime();
            execute("lock table " + step.table() + " in " + step.lock().sql() + " mode");
            long had = System.nanoTime();
            for (String statement : step.statements()) {
                execute(statement);
            }
            ReferenceLedger.stepDone(connection, run, millis(had - asked), millis(System.nanoTime() - had));
            connection.commit();
            return true;
        } catch (SQLException e) {
            connection.rollback();
            if (isInTheWay(e)) {
                return false;
            }
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** Such statements wait for others, and others do not wait for them: what keeps them from it is time alone. */
    private boolean attemptBeside(StepRun run) throws SQLException {
        Step step = run.step();
        if (step.leftover().isPresent()) {
            return oneAfterTheOther(
                    "mediaferry index " + step.table() + " " + step.name(), () -> !isDone(step) && build(run));
        }
        return build(run);
    }

    private interface Building {
        boolean isDone() throws SQLException;
    }

    /** Two references may want the same index: what looks broken off may be what somebody is building. */
    private boolean oneAfterTheOther(String name, Building building) throws SQLException {
        await(name, Duration.ofHours(CONCURRENT_HOURS), "an index of it is being built");
        try {
            return building.isDone();
        } finally {
            if (connection.isValid(STATEMENT_SECONDS)) {
                truth("select pg_advisory_unlock(hashtextextended(" + Sql.text(name) + ", 0))");
            }
        }
    }

    private boolean build(StepRun run) throws SQLException {
        Step step = run.step();
        execute("set statement_timeout = '" + CONCURRENT_HOURS + "h'");
        execute("set lock_timeout = '" + (step.name().equals("validate") ? "2s" : "0") + "'");
        long begun = System.nanoTime();
        try {
            if (step.leftover().isPresent() && !isDone(step.leftover().get())) {
                execute(step.leftover().get().statements().get(0));
            }
            for (String statement : step.statements()) {
                execute(statement);
            }
        } catch (SQLException e) {
            if (isInTheWay(e) || IS_THERE.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        } finally {
            if (connection.isValid(STATEMENT_SECONDS)) {
                execute("set statement_timeout = 0");
                execute("set lock_timeout = 0");
            }
        }
        ReferenceLedger.stepDone(connection, run, 0, millis(System.nanoTime() - begun));
        return true;
    }

    /** A lock that was not had in time, or a deadlock that the server has ended. */
    private static boolean isInTheWay(SQLException e) {
        return "55P03".equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
    }

    private static long millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis();
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    Connection connection() {
        return connection;
    }

    String reference() {
        return reference;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
