package dev.mediaferry.ledger;

import dev.mediaferry.failure.FailureClassifier;
import dev.mediaferry.failure.ServiceUnreachableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The old part of the ledger: how large it is, and its removal, page by page, beside runs. */
public final class History {

    private static final Logger LOG = LoggerFactory.getLogger(History.class);

    private static final int PAGE = 5000;

    /** After this many pages the space of old rows becomes free for new ones. */
    private static final int PAGES_PER_VACUUM = 20;

    private final Database database;
    private final JdbcClient sql;

    private record Page(long rows, long last) {}

    /** @param links old links of rows that were moved */
    private record Old(long attempts, long runs, long superseded, long links) {}

    public History(Database database) {
        this.database = database;
        this.sql = database.client();
    }

    /** @throws ServiceUnreachableException when the database does not answer */
    public LedgerSize size() {
        try {
            List<LedgerSize.Table> tables = sql.sql(Database.statement("ledger-tables"))
                    .query((rs, row) -> new LedgerSize.Table(rs.getString("name"), rs.getLong("bytes")))
                    .list();
            List<LedgerSize.State> states = sql.sql(Database.statement("ledger-states"))
                    .query((rs, row) ->
                            new LedgerSize.State(rs.getString("state"), rs.getLong("rows"), rs.getLong("bytes")))
                    .list();
            long transfers = states.stream().mapToLong(LedgerSize.State::rows).sum();
            long others = sql.sql(
                            "select (select count(*) from mediaferry.attempt) + (select count(*) from mediaferry.run)")
                    .query(Long.class)
                    .single();
            long table = tables.stream()
                    .filter(one -> one.name().equals("transfer"))
                    .mapToLong(LedgerSize.Table::bytes)
                    .sum();
            return new LedgerSize(
                    tables.stream().mapToLong(LedgerSize.Table::bytes).sum(),
                    transfers + others,
                    transfers == 0 ? 0 : table / transfers,
                    tables,
                    states);
        } catch (DataAccessException e) {
            throw unreachable(e);
        }
    }

    /**
     * Removes what is older. What tells whose an object is stays in any case.
     *
     * @param giveUpUndo true to remove the old links of moved rows as well, so that they cannot be put back
     * @throws ServiceUnreachableException when the database does not answer; what was removed stays so
     */
    public PruneReport prune(Duration olderThan, boolean giveUpUndo, boolean dryRun) {
        String before = Instant.now().minus(olderThan).toString();
        LedgerSize size = size();
        try {
            Old found = sql.sql(Database.statement("prune-counts"))
                    .param("before", before)
                    .query(new RecordMapper<>(Old.class))
                    .single();
            if (dryRun) {
                return report(before, true, found, giveUpUndo ? found.links() : 0, size, size);
            }
            Old gone = new Old(
                    pages("prune-attempts", before),
                    pages("prune-runs", before),
                    pages("prune-superseded", before),
                    found.links());
            vacuum();
            long links = giveUpUndo ? pages("prune-links", before) : 0;
            vacuum();
            return report(before, false, gone, links, size, size());
        } catch (DataAccessException e) {
            throw unreachable(e);
        }
    }

    private static PruneReport report(
            String before, boolean dryRun, Old gone, long links, LedgerSize from, LedgerSize to) {
        return new PruneReport(
                before,
                dryRun,
                gone.attempts(),
                gone.runs(),
                gone.superseded(),
                links,
                Math.max(0, gone.links() - links),
                from.rows(),
                to.rows(),
                from.bytes(),
                to.bytes(),
                from.content(),
                to.content());
    }

    /** Each page is a transaction of its own, and leaves out what somebody else has locked. */
    private long pages(String statement, String before) {
        long rows = 0;
        Page page = new Page(0, 0);
        for (int pages = 1; pages == 1 || page.rows() == PAGE; pages++) {
            page = sql.sql(Database.statement(statement))
                    .param("before", before)
                    .param("after", page.last())
                    .param("most", PAGE)
                    .query((rs, row) -> new Page(rs.getLong("rows"), rs.getLong("last")))
                    .single();
            rows += page.rows();
            if (pages % PAGES_PER_VACUUM == 0) {
                vacuum();
            }
        }
        return rows;
    }

    /** In no transaction, so on a connection of its own. */
    private void vacuum() {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String table : List.of("mediaferry.transfer", "mediaferry.attempt", "mediaferry.run")) {
                statement.execute("vacuum (analyze, skip_locked) " + table);
            }
        } catch (SQLException e) {
            LOG.warn(
                    "the room is not free for new rows yet, the database's autovacuum makes it so: {}", e.getMessage());
        }
    }

    private static ServiceUnreachableException unreachable(DataAccessException e) {
        return new ServiceUnreachableException(
                FailureClassifier.cancelled(e).orElse("the ledger does not answer: " + e.getMessage()), e);
    }
}
