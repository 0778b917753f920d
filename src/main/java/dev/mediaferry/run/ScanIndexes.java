package dev.mediaferry.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.entry.Column;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.ledger.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Finds out whether PostgreSQL has an index for the search of a large column, and says how one is made. */
public final class ScanIndexes {

    /** What has fewer rows is searched in a moment. */
    private static final long MANY_ROWS = 100_000;

    private final Database database;

    public ScanIndexes(Database database) {
        this.database = database;
    }

    /**
     * @param report of a dry run over whole columns
     * @return the large ones
     */
    public List<ScanIndex> of(RunReport report, Function<String, Column> columns) {
        return report.fields().stream()
                .filter(field -> rows(field) >= MANY_ROWS)
                .map(field -> of(field, columns.apply(field.field())))
                .toList();
    }

    private ScanIndex of(FieldReport field, Column column) {
        return index(column)
                .map(index -> new ScanIndex(field.field(), rows(field), index, null))
                .orElseGet(() -> new ScanIndex(
                        field.field(), rows(field), null, column.queries().indexSql()));
    }

    private static long rows(FieldReport field) {
        return field.found() + sum(field.skipped()) + sum(field.left());
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** PostgreSQL itself says whether an index serves, no matter what it is called and who made it. */
    private Optional<String> index(Column column) {
        try (Connection connection = database.pool().getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("set local enable_seqscan = off");
                statement.execute("set local enable_bitmapscan = off");
                try (ResultSet plan = statement.executeQuery("explain (format json) "
                        + column.queries().scanSql(true).replace(":#ours", "'{}'"))) {
                    plan.next();
                    for (String index : JsonMapper.builder()
                            .build()
                            .readTree(plan.getString(1))
                            .findValuesAsText("Index Name")) {
                        if (isPartial(connection, column, index)) {
                            return Optional.of(index);
                        }
                    }
                    return Optional.empty();
                }
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new ServiceUnreachableException(
                    "the database does not explain how it searches: " + e.getMessage(), e);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database explains itself in no JSON", e);
        }
    }

    private static boolean isPartial(Connection connection, Column column, String index) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "select exists (select from pg_index i join pg_class c on c.oid = i.indexrelid"
                        + " where i.indrelid = ?::regclass and c.relname = ? and i.indpred is not null)")) {
            query.setString(1, column.queries().tableName());
            query.setString(2, index);
            try (ResultSet partial = query.executeQuery()) {
                return partial.next() && partial.getBoolean(1);
            }
        }
    }
}
