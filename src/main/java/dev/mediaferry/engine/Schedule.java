package dev.mediaferry.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.UUID;
import javax.sql.DataSource;
import org.quartz.impl.jdbcjobstore.JobStoreTX;
import org.quartz.impl.jdbcjobstore.PostgreSQLDelegate;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/** Sets Quartz up to keep its schedule in the ledger's schema, shared by all processes. */
final class Schedule {

    /** Of the scheduler: those with one name share their triggers. */
    static final String NAME = "mediaferry";

    /** A fire that is later than this was missed: it happens once, however many there were. */
    private static final int MISSED_MILLIS = 1000;

    /** How often processes say that they live; after about three silent times the others take over. */
    private static final int CHECK_IN_MILLIS = 3000;

    /** A run holds one for as long as it lasts; meanwhile media are swept. */
    private static final String THREADS = "3";

    private Schedule() {}

    /** @param pool whose connections Quartz borrows */
    static Properties properties(DataSource pool) {
        // Quartz finds connections by a name that is global in the process.
        String name = "ledger-" + UUID.randomUUID();
        DBConnectionManager.getInstance().addConnectionProvider(name, new Pooled(pool));
        Properties properties = new Properties();
        properties.setProperty("org.quartz.scheduler.instanceName", NAME);
        properties.setProperty("org.quartz.scheduler.instanceId", "AUTO");
        properties.setProperty("org.quartz.threadPool.threadCount", THREADS);
        properties.setProperty("org.quartz.jobStore.class", JobStoreTX.class.getName());
        properties.setProperty("org.quartz.jobStore.driverDelegateClass", PostgreSQLDelegate.class.getName());
        properties.setProperty("org.quartz.jobStore.dataSource", name);
        properties.setProperty("org.quartz.jobStore.tablePrefix", "mediaferry.qrtz_");
        properties.setProperty("org.quartz.jobStore.useProperties", "true");
        properties.setProperty("org.quartz.jobStore.isClustered", "true");
        properties.setProperty("org.quartz.jobStore.acquireTriggersWithinLock", "true");
        properties.setProperty("org.quartz.jobStore.misfireThreshold", Integer.toString(MISSED_MILLIS));
        properties.setProperty("org.quartz.jobStore.clusterCheckinInterval", Integer.toString(CHECK_IN_MILLIS));
        return properties;
    }

    private record Pooled(DataSource pool) implements ConnectionProvider {

        @Override
        public Connection getConnection() throws SQLException {
            return pool.getConnection();
        }

        @Override
        public void shutdown() {
            // The code that opened the pool closes it.
        }

        @Override
        public void initialize() {
            // The pool is open.
        }
    }
}
