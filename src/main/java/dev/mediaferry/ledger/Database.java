package dev.mediaferry.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.MediaferryException;
import dev.mediaferry.failure.ServiceUnreachableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** The user's PostgreSQL, with the ledger in a schema of its own. */
public final class Database implements AutoCloseable {

    /** Version of the newest file in {@code db/migration}. */
    static final int LATEST_MIGRATION = 47;

    private static final int CONNECT_TIMEOUT_SECONDS = 10;

    /** How long the first connections wait for an answer: a pooler may have no session left. */
    private static final String FIRST_ANSWER_SECONDS = "15";

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    private final DatabaseSettings settings;
    private final LedgerSchema schema;
    private final HikariDataSource pool;

    private Database(DatabaseSettings settings, LedgerSchema schema, HikariDataSource pool) {
        this.settings = settings;
        this.schema = schema;
        this.pool = pool;
    }

    /**
     * @throws ServiceUnreachableException when the database does not answer
     * @throws ConfigurationException when it does not let us in, or a pooler in transaction mode answers for it
     */
    public static Database open(DatabaseSettings settings, LedgerSchema schema, int connections) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("mediaferry");
        config.setDataSource(new Source(settings, schema));
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(CONNECT_TIMEOUT_SECONDS * 1000L);
        checkSessions(settings);
        return new Database(settings, schema, new HikariDataSource(config));
    }

    private static void checkSessions(DatabaseSettings settings) {
        Map<String, String> limit = Map.of("socketTimeout", FIRST_ANSWER_SECONDS);
        try (Connection one = connect(settings, limit);
                Connection other = connect(settings, limit)) {
            if (SharedSessions.between(one, other)) {
                throw SharedSessions.refusal(settings);
            }
            if ("SQL_ASCII".equals(one.unwrap(PGConnection.class).getParameterStatus("server_encoding"))) {
                throw new ConfigurationException("mediaferry.database.url: the database at " + settings.address()
                        + " has the encoding SQL_ASCII, so nothing says which characters its bytes are, and links and"
                        + " names cannot be read safely; move it into one with an encoding (createdb -T template0 -E"
                        + " UTF8, pg_dump | psql)");
            }
        } catch (SQLException e) {
            throw refusal(settings, e);
        }
    }

    /** A user, a password or a database that PostgreSQL does not know is a setting that is wrong, not a service that is away. */
    private static MediaferryException refusal(DatabaseSettings settings, SQLException e) {
        String state = String.valueOf(e.getSQLState());
        String where = "the database at " + settings.address();
        if (state.startsWith("28")) {
            return new ConfigurationException(
                    "mediaferry.database.user and .password: " + where + " does not let us in: " + e.getMessage());
        }
        if (state.equals("3D000")) {
            return new ConfigurationException("mediaferry.database.url: " + where + " is not there: " + e.getMessage());
        }
        String cause = e.getCause() == null ? "" : " (" + e.getCause() + ")";
        return new ServiceUnreachableException("cannot open " + where + ": " + e.getMessage() + cause, e);
    }

    /**
     * Asks the database for a sign of life, on a connection of its own and for some seconds at most.
     *
     * @throws SQLException when there is none
     */
    public void ping() throws SQLException {
        try (Connection connection = connect(Map.of("connectTimeout", "2", "socketTimeout", "5"));
                Statement statement = connection.createStatement()) {
            statement.execute("select 1");
        }
    }

    /**
     * Creates the ledger, or brings it up to date. Processes that do so at once wait for each other.
     *
     * @throws ConfigurationException when the database user may not
     */
    public Database migrate() {
        if (isCurrent()) {
            return this;
        }
        try {
            Flyway.configure()
                    .dataSource(pool)
                    .defaultSchema(schema.name())
                    .createSchemas(true)
                    .table("schema_history")
                    .locations("classpath:db/migration")
                    .load()
                    .migrate();
            return this;
        } catch (FlywayException e) {
            throw new ConfigurationException(
                    "cannot create the ledger, schema \"" + schema.name() + "\", in " + settings.address() + ": "
                            + e.getMessage().strip() + " - the database user needs CREATE on the database");
        }
    }

    /** Flyway takes its time to find out, which every command would have to wait for. */
    private boolean isCurrent() {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "select max(version::int) from mediaferry.schema_history where success and version is not"
                                + " null")) {
            return result.next() && result.getInt(1) == LATEST_MIGRATION;
        } catch (SQLException e) {
            // No ledger yet, or one that Flyway has to look at.
            return false;
        }
    }

    /**
     * @return the id of the ledger, which is there and up to date
     * @throws ConfigurationException when the ledger is a copy of another database's
     */
    public LedgerId ledgerId() {
        return LedgerId.of(this);
    }

    /** Says that the database breaks long statements off, when it does. */
    public void warnOfTimeLimit() {
        long millis = client().sql("select setting::bigint from pg_settings where name = 'statement_timeout'")
                .query(Long.class)
                .single();
        if (millis > 0) {
            LOG.warn(
                    "the database breaks statements of its user off after {} s (statement_timeout); the search of a"
                            + " large column may take longer, and then ends the run: alter role ... set statement_timeout"
                            + " = '1h'",
                    millis / 1000.0);
        }
    }

    /** The schema that the ledger is in. */
    public LedgerSchema schema() {
        return schema;
    }

    /** Says that the ledger belongs to this database, although it was made in another. */
    public void keepLedgerId() {
        LedgerId.keep(this);
    }

    /** Gives the ledger another id, so that the objects that carry the former are another's. */
    public LedgerId renewLedgerId() {
        return LedgerId.renew(this);
    }

    public HikariDataSource pool() {
        return pool;
    }

    public JdbcClient client() {
        return JdbcClient.create(pool);
    }

    /** @return a connection of its own, outside the pool, for locks that live as long as it */
    public Connection connect() throws SQLException {
        return connect(Map.of());
    }

    /**
     * @param patience longest wait for an answer, whole seconds
     * @return a connection of its own that does not wait for a network that is gone
     */
    Connection connect(Duration patience) throws SQLException {
        return connect(Map.of("socketTimeout", Long.toString(patience.toSeconds())));
    }

    private Connection connect(Map<String, String> more) throws SQLException {
        Connection connection = connect(settings, more);
        return schema.isUsual() ? connection : LedgerConnection.of(connection, schema, false);
    }

    private static Connection connect(DatabaseSettings settings, Map<String, String> more) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "mediaferry");
        properties.setProperty("connectTimeout", Integer.toString(CONNECT_TIMEOUT_SECONDS));
        properties.setProperty("tcpKeepAlive", "true");
        if (settings.user() != null) {
            properties.setProperty("user", settings.user());
        }
        if (settings.password() != null) {
            properties.setProperty("password", settings.password());
        }
        properties.putAll(more);
        return DriverManager.getConnection(settings.url(), properties);
    }

    /** @return the statement in {@code sql/<name>.sql}, parameters written as {@code :name} */
    public static String statement(String name) {
        try (InputStream in = Database.class.getResourceAsStream("/sql/" + name + ".sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace(":#", ":");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    /** What the pool takes its connections from. */
    private static final class Source extends AbstractDataSource {

        private final DatabaseSettings settings;
        private final LedgerSchema schema;

        Source(DatabaseSettings settings, LedgerSchema schema) {
            this.settings = settings;
            this.schema = schema;
        }

        @Override
        public Connection getConnection() throws SQLException {
            return LedgerConnection.of(connect(settings, Map.of()), schema, true);
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            throw new SQLFeatureNotSupportedException("the settings name the user");
        }

        /** The pool waits so long for connections under way when it is closed. */
        @Override
        public int getLoginTimeout() {
            return CONNECT_TIMEOUT_SECONDS;
        }

        @Override
        public void setLoginTimeout(int seconds) {
            // Each connection has its own.
        }
    }
}
