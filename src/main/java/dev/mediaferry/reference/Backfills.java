package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the routes of references call to fill the new side: whether the next page may go, and what the last one did. */
public final class Backfills {

    private static final Logger LOG = LoggerFactory.getLogger(Backfills.class);

    private static final String LOOK =
            """
            select r.share, case
              when r.paused then 'it is paused'
              when exists (select from pg_locks l where l.locktype = 'relation' and not l.granted and l.relation = any (?)
                and l.database = (select oid from pg_database where datname = current_database())) then 'somebody waits for a lock of the table'
              when exists (select from pg_stat_replication where replay_lag > interval '10 s') then 'a replica is more than 10 s behind'
              when exists (select from pg_stat_progress_vacuum v join pg_stat_user_tables t on t.relid = v.relid
                where v.relid = ? and t.n_dead_tup > 0.2 * t.n_live_tup) then 'the table is vacuumed, and has many dead rows'
              else '' end as reason
            from mediaferry.reference r where r.name = ?""";

    private final ReferenceLedger ledger;

    public Backfills(ReferenceLedger ledger) {
        this.ledger = ledger;
    }

    /** Looks whether the next page may go. */
    public void look(Backfill backfill) throws SQLException {
        ReferenceTable table = backfill.change().table();
        Connection connection = backfill.change().session().connection();
        List<Long> tables = new ArrayList<>(List.of(table.oid()));
        table.lookup().ifPresent(target -> tables.add(target.oid()));
        try (PreparedStatement statement = connection.prepareStatement(LOOK)) {
            statement.setArray(1, connection.createArrayOf("oid", tables.toArray()));
            statement.setLong(2, table.oid());
            statement.setString(3, table.name());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                String before = backfill.reason();
                backfill.share(row.getInt("share"));
                backfill.hold(row.getString("reason"));
                if (!backfill.reason().isEmpty() && !backfill.reason().equals(before)) {
                    LOG.warn("the backfill of {} waits: {}", table.name(), backfill.reason());
                }
            }
        }
    }

    /** Takes what a page has done. */
    public void page(Backfill backfill, List<Backfill.Page> pages) {
        Backfill.Page page = pages.get(0);
        backfill.take(page, (int) backfill.parameters().get("size"));
        if (backfill.endsPass()) {
            ledger.endPass(backfill.change().table().name());
        }
    }

    /** Writes down that all rows are filled that can be. */
    public void filled(Backfill backfill) {
        if (backfill.isComplete()) {
            ledger.reach(backfill.change().table().name(), backfill.change().target());
        }
    }
}
