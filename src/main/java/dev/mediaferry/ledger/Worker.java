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

/**
 * This process as the ledger knows it: an id that no other process has, proven alive by an advisory lock that PostgreSQL
 * frees the moment its connection ends. Where connections do not map to sessions (a pooler in transaction mode), the
 * lease, renewed while the process lives, is the fallback.
 */
public final class Worker implements AutoCloseable {

    /** First of the two numbers of the advisory lock; the second is the worker's id. */
    public static final int LOCK_SPACE = 0x6d66;

    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final Duration RENEWAL = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final Database database;
    private final int id;
    private final ScheduledExecutorService heart;
    private Connection session;

    private Worker(Database database, Connection session, int id) {
        this.database = database;
        this.session = session;
        this.id = id;
        this.heart = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "worker-lease");
            thread.setDaemon(true);
            return thread;
        });
        ScheduledFuture<?> unused = heart.scheduleWithFixedDelay(
                this::renew, RENEWAL.toMillis(), RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    public static Worker register(Database database) throws SQLException {
        Connection session = database.connect();
        int id = number(session, "select nextval(pg_get_serial_sequence('mediaferry.worker', 'id'))::int");
        lock(session, id);
        extendLease(session, id);
        return new Worker(database, session, id);
    }

    public int id() {
        return id;
    }

    /** Renews the lease, and the session with its lock when that broke. */
    private synchronized void renew() {
        try {
            if (!session.isValid(5)) {
                session.close();
                session = database.connect();
                lock(session, id);
            }
            extendLease(session, id);
        } catch (SQLException e) {
            LOG.warn("cannot renew the lease, trying again in {} s: {}", RENEWAL.toSeconds(), e.getMessage());
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
        } catch (SQLException | org.springframework.dao.DataAccessException e) {
            LOG.warn("could not give back the claims; the next run takes them over: {}", e.getMessage());
        }
    }

    /** Writes the row anew when others took this process for dead and deleted it: what it claims from now on is its own. */
    private static void extendLease(Connection session, int id) throws SQLException {
        try (PreparedStatement upsert = session.prepareStatement(
                "insert into mediaferry.worker (id, host, pid, lease_until) overriding system value"
                        + " values (?, ?, ?, now() + make_interval(secs => ?))"
                        + " on conflict (id) do update set lease_until = excluded.lease_until")) {
            upsert.setInt(1, id);
            upsert.setString(2, hostName());
            upsert.setLong(3, ProcessHandle.current().pid());
            upsert.setLong(4, LEASE.toSeconds());
            upsert.executeUpdate();
        }
    }

    private static void lock(Connection session, int id) throws SQLException {
        number(session, "select 1 from pg_advisory_lock(" + LOCK_SPACE + ", " + id + ")");
    }

    private static int number(Connection session, String query) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(query);
                ResultSet result = statement.executeQuery()) {
            result.next();
            return result.getInt(1);
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
