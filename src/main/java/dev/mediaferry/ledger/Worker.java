package dev.mediaferry.ledger;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * This process as the ledger knows it: an id that no other process has, proven alive by an advisory lock that PostgreSQL
 * frees the moment its connection ends. The lease, renewed while the process lives, is the fallback.
 *
 * <p>A process that others have taken for dead, since it was frozen or cut off, finds its row gone: it goes on under a new
 * id, and what it had claimed under the old one is no longer its own.
 */
public final class Worker implements AutoCloseable {

    private static final Pulse PULSE =
            new Pulse(Duration.ofMinutes(10), Duration.ofSeconds(30), Duration.ofSeconds(20));
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final Database database;
    private final Pulse pulse;
    private final ScheduledExecutorService heart;
    private volatile int id;
    private Connection session;
    private boolean locked;

    /**
     * How a worker shows that it is alive.
     *
     * @param lease until it counts as dead without a renewal, by the database's clock
     * @param renewal time between two renewals
     * @param patience longest wait for an answer to a renewal, whole seconds: then the connection counts as broken
     */
    record Pulse(Duration lease, Duration renewal, Duration patience) {}

    private Worker(Database database, Pulse pulse) {
        this.database = database;
        this.pulse = pulse;
        this.heart = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "worker-lease");
            thread.setDaemon(true);
            return thread;
        });
    }

    public static Worker register(Database database) throws SQLException {
        return register(database, PULSE);
    }

    static Worker register(Database database, Pulse pulse) throws SQLException {
        Worker worker = new Worker(database, pulse);
        worker.begin();
        return worker;
    }

    private synchronized void begin() throws SQLException {
        session = open();
        enlist();
        ScheduledFuture<?> unused = heart.scheduleWithFixedDelay(
                this::renew, pulse.renewal().toMillis(), pulse.renewal().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Another one after {@link #replace}. */
    public int id() {
        return id;
    }

    /** First of the two numbers of the advisory lock; the second is the id. */
    public int lockSpace() {
        return database.schema().lockSpace();
    }

    /**
     * Goes on under a new id, when the process has not done so already.
     *
     * @param lost the id whose row is gone
     * @throws DataAccessException when the database does not answer
     */
    public synchronized void replace(int lost) {
        if (id != lost) {
            return;
        }
        try {
            connect();
            enlist();
            LOG.warn(
                    "other processes took this one for dead (worker {}) and what it had claimed; it goes on as worker {}",
                    lost,
                    id);
            database.client()
                    .sql(Database.statement("release-claims"))
                    .param("worker", lost)
                    .update();
        } catch (SQLException e) {
            throw new DataAccessResourceFailureException("cannot register with the ledger again", e);
        }
    }

    /** Renews the lease, and the session with its lock when that broke. The lease comes first: the lock may have to wait. */
    private synchronized void renew() {
        try {
            connect();
            if (!extendLease()) {
                replace(id);
            }
            locked = locked || tryLock(id);
        } catch (SQLException | RuntimeException e) {
            LOG.warn(
                    "cannot renew the lease, trying again in {} s: {}",
                    pulse.renewal().toSeconds(),
                    e.getMessage());
        }
    }

    /** A session that broke may hold the lock for a while still, until PostgreSQL notices. */
    private void connect() throws SQLException {
        if (!session.isValid((int) pulse.patience().toSeconds())) {
            session.close();
            locked = false;
            session = open();
        }
    }

    /** Idle from renewal to renewal, the session has to keep its lock in databases that end idle sessions sooner. */
    private Connection open() throws SQLException {
        Connection opened = database.connect(pulse.patience());
        try (PreparedStatement statement = opened.prepareStatement(
                "select set_config(name, '0', false) from pg_settings where name = 'idle_session_timeout'")) {
            statement.execute();
            return opened;
        } catch (SQLException e) {
            opened.close();
            throw e;
        }
    }

    /** Takes a new id, locked before anybody sees its row, and what belongs to this process whatever its id. */
    private void enlist() throws SQLException {
        int before = id;
        String table = database.schema().name() + ".worker";
        int next = number("select nextval(pg_get_serial_sequence('" + table + "', 'id'))::int");
        locked = tryLock(next);
        session.setAutoCommit(false);
        try {
            try (PreparedStatement insert = session.prepareStatement(
                    "insert into mediaferry.worker (id, host, pid, lease_until) overriding system value"
                            + " values (?, ?, ?, now() + make_interval(secs => ?))")) {
                insert.setInt(1, next);
                insert.setString(2, hostName());
                insert.setLong(3, ProcessHandle.current().pid());
                insert.setDouble(4, seconds(pulse.lease()));
                insert.executeUpdate();
            }
            inherit(
                    "update mediaferry.run set worker = ?, finished = null, interrupted = false"
                            + " where worker = ? and report is null",
                    next,
                    before);
            inherit("update mediaferry.inventory set worker = ? where worker = ?", next, before);
            inherit("update mediaferry.audit set worker = ? where worker = ? and ended is null", next, before);
            session.commit();
        } catch (SQLException e) {
            session.rollback();
            throw e;
        } finally {
            session.setAutoCommit(true);
        }
        id = next;
    }

    private void inherit(String update, int next, int before) throws SQLException {
        if (before == 0) {
            return;
        }
        try (PreparedStatement statement = session.prepareStatement(update)) {
            statement.setInt(1, next);
            statement.setInt(2, before);
            statement.executeUpdate();
        }
    }

    /** Gives back what is still held, and the id. Without a database there is nothing to give back to: others will notice. */
    @Override
    public synchronized void close() {
        heart.shutdownNow();
        try (Connection closing = session) {
            database.client()
                    .sql(Database.statement("release-claims"))
                    .param("worker", id)
                    .update();
            try (PreparedStatement delete = closing.prepareStatement("delete from mediaferry.worker where id = ?")) {
                delete.setInt(1, id);
                delete.executeUpdate();
            }
        } catch (SQLException | DataAccessException e) {
            LOG.warn("could not give back the claims; the next run takes them over: {}", e.getMessage());
        }
    }

    /** @return false when the row is gone */
    private boolean extendLease() throws SQLException {
        try (PreparedStatement update = session.prepareStatement(
                "update mediaferry.worker set lease_until = now() + make_interval(secs => ?) where id = ?")) {
            update.setDouble(1, seconds(pulse.lease()));
            update.setInt(2, id);
            return update.executeUpdate() == 1;
        }
    }

    private boolean tryLock(int worker) throws SQLException {
        return number("select pg_try_advisory_lock(" + lockSpace() + ", " + worker + ")::int") == 1;
    }

    private int number(String query) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(query);
                ResultSet result = statement.executeQuery()) {
            result.next();
            return result.getInt(1);
        }
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
