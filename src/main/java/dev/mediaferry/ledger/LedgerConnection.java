package dev.mediaferry.ledger;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A connection that finds the ledger in its schema, and sets its time limits in each transaction, for this transaction only: a
 * session's setting would outlive us behind a pooler, which hands the session on to others.
 *
 * <p>A statement outside of a transaction gets one of its own, committed before its call returns: what the commit refuses, a
 * deferred trigger for example, the call throws. Results are read as a whole, so they outlive it.
 */
final class LedgerConnection implements InvocationHandler {

    /** A statement never waits longer than this for a lock. */
    private static final String LOCKS = "set local lock_timeout = '10s'";

    /** Should this machine fall silent between statement and commit, the server breaks off and frees the rows. */
    private static final String SILENCE = "; set local idle_in_transaction_session_timeout = '10s'";

    private final Connection connection;
    private final LedgerSchema schema;
    private final boolean limits;

    /** True when the transaction that is open has its limits. */
    private boolean limited;

    private LedgerConnection(Connection connection, LedgerSchema schema, boolean limits) {
        this.connection = connection;
        this.schema = schema;
        this.limits = limits;
    }

    /** @param limits false to wait as long as the session does */
    static Connection of(Connection connection, LedgerSchema schema, boolean limits) {
        return proxy(Connection.class, new LedgerConnection(connection, schema, limits));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "commit", "rollback", "setAutoCommit" -> {
                limited = false;
                yield call(method, connection, arguments);
            }
            default -> {
                Object result = call(method, connection, placed(arguments));
                yield result instanceof Statement statement ? limited(statement) : result;
            }
        };
    }

    private Statement limited(Statement statement) {
        Class<? extends Statement> type = statement instanceof CallableStatement
                ? CallableStatement.class
                : statement instanceof PreparedStatement ? PreparedStatement.class : Statement.class;
        return proxy(type, (proxy, method, arguments) -> switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default ->
                method.getName().startsWith("execute")
                        ? execute(method, statement, placed(arguments))
                        : call(method, statement, method.getName().equals("addBatch") ? placed(arguments) : arguments);
        });
    }

    /** A statement comes first among arguments, if at all. Other texts of a connection hold no table of the ledger. */
    private Object[] placed(Object[] arguments) {
        if (arguments == null || arguments.length == 0 || !(arguments[0] instanceof String sql)) {
            return arguments;
        }
        Object[] placed = arguments.clone();
        placed[0] = schema.in(sql);
        return placed;
    }

    private Object execute(Method method, Statement statement, Object[] arguments) throws Throwable {
        if (!limits) {
            return call(method, statement, arguments);
        }
        if (!connection.getAutoCommit()) {
            if (!limited) {
                set(LOCKS);
                limited = true;
            }
            return call(method, statement, arguments);
        }
        connection.setAutoCommit(false);
        try {
            set(LOCKS + SILENCE);
            Object result = call(method, statement, arguments);
            connection.commit();
            connection.setAutoCommit(true);
            return result;
        } catch (Throwable e) {
            rollBack(e);
            throw e;
        }
    }

    /** The first failure is what counts: a connection that broke cannot roll back either. */
    private void rollBack(Throwable cause) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private void set(String limits) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(limits);
        }
    }

    private static Object call(Method method, Object target, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(LedgerConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
