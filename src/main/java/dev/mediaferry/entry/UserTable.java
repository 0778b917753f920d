package dev.mediaferry.entry;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.ledger.RecordMapper;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of the application that has its users. */
public final class UserTable {

    private static final Pattern NAME = Pattern.compile("(?:([^.()\\s]+)\\.)?([^.()\\s]+?)(?:\\(([^.()\\s]+)\\))?");

    private static final String USUAL_ID = "id";

    private static final String COLUMN =
            """
            select t.typname as type, has_column_privilege(a.attrelid, a.attnum, 'select') as readable,
              row_security_active(a.attrelid) as guarded
            from pg_attribute a join pg_type t on t.oid = a.atttypid
            where a.attrelid = to_regclass(:table)::oid and a.attname = :column and a.attnum > 0 and not a.attisdropped""";

    private final JdbcClient database;
    private final String sql;

    private UserTable(JdbcClient database, String sql) {
        this.database = database;
        this.sql = sql;
    }

    private record Column(String type, boolean readable, boolean guarded) {}

    /**
     * @param setting like {@code users}, {@code app.users} or {@code app.users(uid)}
     * @throws ConfigurationException when the database has no such column, or does not let us read it
     */
    public static UserTable of(String setting, JdbcClient database) {
        Matcher parts = NAME.matcher(setting);
        if (!parts.matches()) {
            throw refused(
                    setting, "must be a table like users or app.users, or app.users(uid) where its id is called uid");
        }
        String table =
                (parts.group(1) == null ? "" : QueueSql.quote(parts.group(1)) + ".") + QueueSql.quote(parts.group(2));
        String id = Optional.ofNullable(parts.group(3)).orElse(USUAL_ID);
        Column column = database.sql(COLUMN)
                .param("table", table)
                .param("column", id)
                .query(new RecordMapper<>(Column.class))
                .optional()
                .orElseThrow(() -> refused(setting, "names no table with a column " + id));
        IdType type = IdType.of(column.type())
                .orElseThrow(() -> refused(
                        setting,
                        id + " is of type " + column.type() + ", but must be text, varchar, uuid or an integer"));
        if (!column.readable()) {
            throw refused(setting, "the database user may not read it; grant select");
        }
        if (column.guarded()) {
            throw refused(setting, "row security hides rows from the database user; let it bypass row security");
        }
        return new UserTable(
                database,
                "select exists (select from %s x where x.%s = %s)"
                        .formatted(table, QueueSql.quote(id), type.value("(:userId::text)")));
    }

    /** True for a user of the application. */
    public boolean has(String userId) {
        return database.sql(sql).param("userId", userId).query(Boolean.class).single();
    }

    private static ConfigurationException refused(String setting, String why) {
        return new ConfigurationException("mediaferry.auth.users-table is '" + setting + "': " + why);
    }
}
