package dev.mediaferry.ledger;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;

/**
 * Makes a record of each row of one answer: the component {@code rowKey} is the column {@code row_key}. Columns are looked up
 * once, with the first row, so that each answer takes a mapper of its own.
 *
 * <p>A component is a text, a number, a truth value, an {@link Instant}, a {@link UUID}, an enum whose constants the ledger has as they are or in small letters,
 * a {@link List} for an array, an {@link Optional} of any of these, or an {@link Object} for whatever the driver makes of it. It is null where the column is; a
 * primitive one cannot be, and refuses the row. So does a column that is not there; those that no component asks for are
 * passed over.
 */
public final class RecordMapper<T extends Record> implements RowMapper<T> {

    private final Class<T> type;
    private final RecordComponent[] components;
    private final Constructor<T> constructor;
    private final Reader[] readers;
    private int[] columns;

    private interface Reader {
        Object read(ResultSet row, int column) throws SQLException;
    }

    public RecordMapper(Class<T> type) {
        this.type = type;
        this.components = type.getRecordComponents();
        this.readers = Arrays.stream(components).map(this::reader).toArray(Reader[]::new);
        try {
            constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(type + " is no record", e);
        }
    }

    @Override
    public T mapRow(ResultSet row, int number) throws SQLException {
        if (columns == null) {
            columns = columns(row.getMetaData());
        }
        Object[] values = new Object[columns.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = readers[i].read(row, columns[i]);
            if (values[i] == null && components[i].getType().isPrimitive()) {
                throw new SQLException("the column " + column(components[i]) + " is null, which " + type.getSimpleName()
                        + " has no place for");
            }
        }
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a " + type.getSimpleName() + " cannot be made", e);
        }
    }

    /** @return the column of each component */
    private int[] columns(ResultSetMetaData answer) throws SQLException {
        Map<String, Integer> byName = new HashMap<>();
        for (int column = 1; column <= answer.getColumnCount(); column++) {
            byName.putIfAbsent(answer.getColumnLabel(column).toLowerCase(Locale.ROOT), column);
        }
        int[] found = new int[components.length];
        for (int i = 0; i < found.length; i++) {
            Integer column = byName.get(column(components[i]));
            if (column == null) {
                throw new SQLException("the answer has no column " + column(components[i]) + " for "
                        + type.getSimpleName() + ", only " + byName.keySet());
            }
            found[i] = column;
        }
        return found;
    }

    private static String column(RecordComponent component) {
        return component.getName().replaceAll("(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    private Reader reader(RecordComponent component) {
        if (component.getType() != Optional.class) {
            return reader(component.getType());
        }
        ParameterizedType optional = (ParameterizedType) component.getGenericType();
        Reader reader = reader((Class<?>) optional.getActualTypeArguments()[0]);
        return (row, column) -> Optional.ofNullable(reader.read(row, column));
    }

    private Reader reader(Class<?> value) {
        if (value == String.class) {
            return ResultSet::getString;
        }
        if (value == long.class || value == Long.class) {
            return (row, column) -> orNull(row, row.getLong(column));
        }
        if (value == int.class || value == Integer.class) {
            return (row, column) -> orNull(row, row.getInt(column));
        }
        if (value == double.class || value == Double.class) {
            return (row, column) -> orNull(row, row.getDouble(column));
        }
        if (value == boolean.class || value == Boolean.class) {
            return (row, column) -> orNull(row, row.getBoolean(column));
        }
        if (value == Instant.class) {
            return (row, column) -> {
                Timestamp time = row.getTimestamp(column);
                return time == null ? null : time.toInstant();
            };
        }
        if (value == List.class) {
            return (row, column) -> {
                Array array = row.getArray(column);
                return array == null ? null : Collections.unmodifiableList(Arrays.asList((Object[]) array.getArray()));
            };
        }
        if (value == UUID.class) {
            return (row, column) -> row.getObject(column, UUID.class);
        }
        if (value == Object.class) {
            return ResultSet::getObject;
        }
        if (value.isEnum()) {
            return constant(value);
        }
        throw new IllegalArgumentException(type.getSimpleName() + " has a " + value + ", which no column is made into");
    }

    /** The driver gives 0 or false for null. */
    private static Object orNull(ResultSet row, Object value) throws SQLException {
        return row.wasNull() ? null : value;
    }

    private static Reader constant(Class<?> type) {
        Map<String, Object> byLabel = new HashMap<>();
        for (Object constant : type.getEnumConstants()) {
            String name = ((Enum<?>) constant).name();
            byLabel.put(name, constant);
            byLabel.put(name.toLowerCase(Locale.ROOT), constant);
        }
        return (row, column) -> {
            String label = row.getString(column);
            Object constant = byLabel.get(label);
            if (constant == null && label != null) {
                throw new SQLException("there is no " + type.getSimpleName() + " " + label);
            }
            return constant;
        };
    }
}
