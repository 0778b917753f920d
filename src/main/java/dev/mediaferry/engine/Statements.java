package dev.mediaferry.engine;

import dev.mediaferry.ledger.RecordMapper;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.sql.DefaultSqlPrepareStatementStrategy;
import org.apache.camel.component.sql.RowMapperFactory;
import org.apache.camel.component.sql.SqlComponent;
import org.apache.camel.component.sql.SqlEndpoint;
import org.apache.camel.component.sql.SqlOutputType;
import org.springframework.jdbc.core.ColumnMapRowMapper;
import org.springframework.jdbc.core.RowMapper;

/**
 * What the statements of routes take from the body, and what becomes of the rows that they answer. One is a file, as in {@code sql:classpath:sql/NAME.sql}; another only has a
 * name, as in {@code sql:NAME}, and the body has its text, since statements about users' tables differ by entry.
 */
final class Statements {

    private static final Pattern FILE = Pattern.compile("classpath:sql/([a-z-]+)\\.sql");

    /** Camel has its own sign for a parameter in what it reads from files. */
    private static final Pattern PARAMETER = Pattern.compile(":[#?](\\w+)");

    private static final String CALL = "statement";

    private final Map<String, Statement<?>> statements = new HashMap<>();
    private final Map<String, Class<? extends Record>> rows = new HashMap<>();
    private String last;

    /** @param text of the statement; null when it is that of a file */
    private record Statement<T>(Class<T> body, Function<T, String> text, Function<T, Map<String, Object>> parameters) {

        String text(Object message, String file) {
            return text == null ? file : text.apply(body.cast(message));
        }

        Map<String, Object> parameters(Object message) {
            return parameters.apply(body.cast(message));
        }
    }

    /** @param names of the parameters in the order of their question marks */
    private record Prepared(String sql, List<String> names) {

        static Prepared of(String text) {
            List<String> names = new ArrayList<>();
            Matcher parameters = PARAMETER.matcher(text);
            while (parameters.find()) {
                names.add(parameters.group(1));
            }
            return new Prepared(parameters.replaceAll("?"), List.copyOf(names));
        }

        Object value(String name, Map<String, Object> parameters) {
            if (!parameters.containsKey(name)) {
                throw new IllegalStateException("a statement takes :#" + name + ", which its body does not give");
            }
            return parameters.get(name);
        }
    }

    /** A file that takes nothing. */
    Statements add(String name) {
        return add(name, Object.class, unused -> Map.of());
    }

    /** A file that takes the components of the body. */
    <T extends Record> Statements add(String name, Class<T> body) {
        return add(name, body, Components.of(body));
    }

    /** A file. */
    <T> Statements add(String name, Class<T> body, Function<T, Map<String, Object>> parameters) {
        return add(name, body, null, parameters);
    }

    /** A statement whose text depends on what it is about. */
    <T> Statements add(
            String name, Class<T> body, Function<T, String> text, Function<T, Map<String, Object>> parameters) {
        if (statements.put(name, new Statement<>(body, text, parameters)) != null) {
            throw new IllegalStateException("there are two statements " + name);
        }
        last = name;
        return this;
    }

    /** What the rows that the last statement answers are made into; see {@link RecordMapper}. */
    Statements rows(Class<? extends Record> type) {
        rows.put(last, type);
        return this;
    }

    /** @return the component whose endpoints are these statements */
    SqlComponent component(DataSource dataSource) {
        SqlComponent component = new SqlComponent() {
            @Override
            protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
                    throws Exception {
                Matcher file = FILE.matcher(remaining);
                String name = file.matches() ? file.group(1) : remaining;
                Statement<?> statement = statements.get(name);
                if (statement == null) {
                    throw new IllegalArgumentException("there is no statement " + remaining);
                }
                SqlEndpoint endpoint = (SqlEndpoint) super.createEndpoint(uri, remaining, parameters);
                endpoint.setPrepareStatementStrategy(new Strategy(statement));
                if (rows.containsKey(name)) {
                    endpoint.setOutputClass(rows.get(name).getName());
                    endpoint.setRowMapperFactory(new Records(rows.get(name)));
                } else {
                    endpoint.setRowMapperFactory(new Nameless(name, endpoint));
                }
                return endpoint;
            }
        };
        component.setDataSource(dataSource);
        return component;
    }

    /** The values of a record by the names of its components. */
    private record Components<T extends Record>(List<Method> accessors) implements Function<T, Map<String, Object>> {

        static <T extends Record> Components<T> of(Class<T> type) {
            List<Method> accessors = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getAccessor)
                    .toList();
            accessors.forEach(accessor -> accessor.setAccessible(true));
            return new Components<>(accessors);
        }

        @Override
        public Map<String, Object> apply(T body) {
            Map<String, Object> values = new HashMap<>();
            for (Method accessor : accessors) {
                try {
                    values.put(accessor.getName(), accessor.invoke(body));
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(accessor + " does not answer", e);
                }
            }
            return values;
        }
    }

    /** Refuses rows that no record is named for, unless they are one value, or nobody wants them. */
    private record Nameless(String name, SqlEndpoint endpoint) implements RowMapperFactory {

        @Override
        public RowMapper<?> newBeanRowMapper(Class<?> type) {
            return newColumnRowMapper();
        }

        @Override
        public RowMapper<?> newColumnRowMapper() {
            if (endpoint.isNoop() || endpoint.getOutputType() == SqlOutputType.SelectOne) {
                return new ColumnMapRowMapper();
            }
            return (row, number) -> {
                throw new SQLException("the statement " + name + " answers rows, and no record is named for them");
            };
        }
    }

    /** Makes a mapper for each answer of one statement. */
    private record Records(Class<? extends Record> type) implements RowMapperFactory {

        @Override
        public RowMapper<?> newBeanRowMapper(Class<?> named) {
            return new RecordMapper<>(type);
        }

        @Override
        public RowMapper<?> newColumnRowMapper() {
            return new RecordMapper<>(type);
        }
    }

    /** How one statement gets its text and its parameters. */
    private static final class Strategy extends DefaultSqlPrepareStatementStrategy {

        private final Statement<?> statement;

        /** As many as there are entries. */
        private final Map<String, Prepared> prepared = new ConcurrentHashMap<>();

        private Strategy(Statement<?> statement) {
            this.statement = statement;
        }

        @Override
        public String prepareQuery(String query, boolean allowNamedParameters, Exchange exchange) {
            String text = statement.text(exchange.getMessage().getBody(), query);
            Prepared call = prepared.computeIfAbsent(text, Prepared::of);
            exchange.setProperty(CALL, call);
            return call.sql();
        }

        @Override
        public Iterator<?> createPopulateIterator(
                String query, String sql, int expected, Exchange exchange, Object value) {
            Prepared call = (Prepared) exchange.removeProperty(CALL);
            Map<String, Object> parameters = statement.parameters(value);
            return call.names().stream()
                    .map(name -> call.value(name, parameters))
                    .iterator();
        }
    }
}
