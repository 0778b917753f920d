package dev.mediaferry.verify;

import dev.mediaferry.entry.Entry;
import dev.mediaferry.entry.Holders;
import dev.mediaferry.failure.FailureClassifier;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.storage.Bucket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Reads ledger and columns, and hands orphans over, on a connection of its own, page by page. What is sorted once lies in a
 * cursor of the database that outlives its transaction, so that none is open while the bucket is asked.
 */
final class LedgerReader implements AutoCloseable {

    private static final int PAGE = 5000;

    private final SingleConnectionDataSource source;
    private final Connection connection;
    private final JdbcClient sql;

    LedgerReader(Database database) {
        try {
            connection = database.connect();
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            throw unreachable(e);
        }
        source = new SingleConnectionDataSource(connection, true);
        JdbcTemplate template = new JdbcTemplate(source);
        template.setFetchSize(PAGE);
        sql = JdbcClient.create(template);
    }

    /**
     * @param run 0 for all
     * @param bucket as the ledger keeps it
     * @param after a key; what comes before it, itself included, is left out
     */
    Iterator<ObjectOwner> owners(long run, String bucket, String after) {
        execute("close all");
        String select = Database.statement("ledger-objects")
                .replace(":run", Long.toString(run))
                .replace(":bucket", literal(bucket))
                .replace(":after", literal(after));
        execute("declare ledger_objects cursor with hold for " + select);
        commit();
        return new Owners();
    }

    private String literal(String text) {
        return sql.sql("select quote_nullable(:text::text)")
                .param("text", text)
                .query(String.class)
                .single();
    }

    /**
     * A row of a user's table.
     *
     * @param id as text
     * @param value that is not as it ought to be
     */
    record Pointer(String id, String value) {}

    /** @param statement with {@code :#name} for its parameters; answers {@code id, value} */
    void each(String statement, Map<String, Object> parameters, Consumer<Pointer> pointers) {
        sql.sql(statement.replace(":#", ":")).params(parameters).query(row -> {
            pointers.accept(new Pointer(row.getString("id"), row.getString("value")));
        });
        commit();
    }

    /** A medium, or a deleted one, that took longer than it may. */
    record Stuck(String id, String key, String detail) {}

    void stuckMedia(Consumer<Stuck> stuck) {
        sql.sql(Database.statement("media-stuck")).query(row -> {
            stuck.accept(new Stuck(row.getString("id"), row.getString("key"), row.getString("detail")));
        });
        commit();
    }

    /** @return ids of those uploads of which no session knows, nor a deleted medium */
    Set<String> unknownUploads(List<Bucket.Upload> uploads) {
        Set<String> unknown = new HashSet<>(sql.sql(Database.statement("media-unknown-uploads"))
                .param("keys", uploads.stream().map(Bucket.Upload::key).toArray(String[]::new))
                .param("ids", uploads.stream().map(Bucket.Upload::id).toArray(String[]::new))
                .query(String.class)
                .list());
        commit();
        return unknown;
    }

    /** @param media ids that objects name @return those that this ledger never had */
    Set<UUID> unknownMedia(Collection<UUID> media) {
        Set<UUID> unknown = new HashSet<>(sql.sql(Database.statement("media-unknown"))
                .param("ids", media.toArray(UUID[]::new))
                .query(UUID.class)
                .list());
        commit();
        return unknown;
    }

    /** @return false when the ledger has changed since the owner was read: then nothing can be said of its object */
    boolean isUnchanged(ObjectOwner owner, String bucket) {
        String statement = owner.isMedium()
                ? "media-unchanged"
                : owner.isDerivative() ? "derivative-unchanged" : "owner-unchanged";
        boolean same = sql.sql(Database.statement(statement))
                        .param("id", owner.isOfMedia() ? owner.rowKey() : owner.id())
                        .param("key", owner.key())
                        .param("bucket", bucket)
                        .param("sha256", owner.sha256())
                        .param("etag", owner.etag())
                        .query(Long.class)
                        .single()
                > 0;
        commit();
        return same;
    }

    /** @return what rows of an entry hold that ends with one of the names, whichever row it is */
    List<String> held(Entry entry, List<String> names) {
        Optional<Holders> holders = entry.holders();
        if (holders.isEmpty()) {
            return List.of();
        }
        List<String> held = sql.sql(holders.get().sql().replace(":#", ":"))
                .param("names", names.toArray(String[]::new))
                .query(String.class)
                .list();
        commit();
        return held;
    }

    /** @param transfers by the keys of objects that name them @return keys of those that a copy of this ledger has stored */
    Set<String> ofCopies(Map<String, Long> transfers) {
        Set<String> keys = new HashSet<>(sql.sql(Database.statement("orphan-transfers"))
                .param("objectKeys", transfers.keySet().toArray(String[]::new))
                .param(
                        "ids",
                        transfers.values().stream().mapToLong(Long::longValue).toArray())
                .query(String.class)
                .list());
        commit();
        return keys;
    }

    /** Writes down which ETag an object has since it was adopted. */
    void adopted(ObjectOwner owner, String bucket, String etag) {
        sql.sql(Database.statement("object-adopted"))
                .param("etag", etag)
                .param("objectKey", owner.key())
                .param("bucket", bucket)
                .param("sha256", owner.sha256())
                .update();
        commit();
    }

    /** Hands orphans of a bucket over to the sweep. @return their numbers in the ledger */
    long[] handOver(String bucket, Map<String, String> etags) {
        long[] ids = sql
                .sql(Database.statement("orphan-litter"))
                .param("bucket", bucket)
                .param("objectKeys", etags.keySet().toArray(String[]::new))
                .param("etags", etags.values().toArray(String[]::new))
                .query(Long.class)
                .stream()
                .mapToLong(Long::longValue)
                .toArray();
        commit();
        return ids;
    }

    /** @return keys of those that the sweep has removed */
    Set<String> removed(long[] ids) {
        Set<String> removed = new HashSet<>(sql.sql(Database.statement("orphans-removed"))
                .param("ids", ids)
                .query(String.class)
                .list());
        commit();
        return removed;
    }

    @Override
    public void close() {
        source.destroy();
        try {
            connection.close();
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    private void execute(String statement) {
        try (java.sql.Statement plain = connection.createStatement()) {
            plain.execute(statement);
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    private void commit() {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    private static ServiceUnreachableException unreachable(SQLException cause) {
        return new ServiceUnreachableException(
                FailureClassifier.cancelled(cause).orElse("the ledger does not answer: " + cause.getMessage()), cause);
    }

    private final class Owners implements Iterator<ObjectOwner> {

        private final Deque<ObjectOwner> page = new ArrayDeque<>();
        private boolean done;

        @Override
        public boolean hasNext() {
            if (page.isEmpty() && !done) {
                page.addAll(sql.sql("fetch " + PAGE + " from ledger_objects")
                        .query((rs, row) -> new ObjectOwner(
                                rs.getLong("id"),
                                rs.getString("entry"),
                                rs.getString("row_key"),
                                rs.getLong("run"),
                                rs.getString("key"),
                                rs.getBoolean("open"),
                                rs.getBoolean("expected"),
                                rs.getBoolean("own"),
                                rs.getLong("bytes"),
                                rs.getString("sha256"),
                                rs.getString("content_type"),
                                rs.getString("etag")))
                        .list());
                commit();
                done = page.size() < PAGE;
            }
            return !page.isEmpty();
        }

        @Override
        public ObjectOwner next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return page.remove();
        }
    }
}
