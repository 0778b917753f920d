package dev.mediaferry.reference;

import dev.mediaferry.content.OwnerOnly;
import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.entry.ReferenceTable.Side;
import dev.mediaferry.fetch.SpoolDirectory;
import dev.mediaferry.storage.LedgerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the routes of references call to keep retired columns in the bucket, and to bring them back. */
public final class ReferenceDumps {

    /** Rows that are held at once. */
    private static final int FETCHED = 1_000;

    /** Before rows that somebody has locked are tried again. */
    private static final long LOCKED_MILLIS = 500;

    private final ReferenceLedger ledger;
    private final LedgerFiles files;
    private final Path home;

    /** @param home where the file lies on its way */
    public ReferenceDumps(ReferenceLedger ledger, LedgerFiles files, Path home) {
        this.ledger = ledger;
        this.files = files;
        this.home = home;
    }

    /** Writes the retired columns and the notes of verify into the bucket, reads them back, and writes down what they are. */
    public void write(ReferenceFinish finish) throws SQLException, IOException {
        ReferenceTable table = finish.change().table();
        if (table.side() == Side.GONE) {
            return;
        }
        Connection connection = finish.change().session().connection();
        RetiredColumns columns = new RetiredColumns(connection, table);
        Path file = file(table);
        try {
            DumpFile.Out out = new DumpFile.Out(file);
            long rows;
            long notes;
            connection.setAutoCommit(false);
            try (out;
                    Statement statement = connection.createStatement()) {
                statement.execute("set transaction isolation level repeatable read read only");
                statement.setFetchSize(FETCHED);
                rows = rows(statement, table, out);
                notes = notes(statement, table, out);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            String sha256 = out.sha256();
            Dump begun = finish.begun();
            new DumpLedger(ledger.database()).put(table.name(), begun);
            files.store(begun.bucket(), begun.key(), file, sha256);
            new DumpLedger(ledger.database())
                    .put(
                            table.name(),
                            new Dump(
                                    begun.bucket(),
                                    begun.key(),
                                    sha256,
                                    out.bytes(),
                                    rows,
                                    notes,
                                    columns.types(),
                                    columns.statements(),
                                    columns.indexes(),
                                    columns.constraints()));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static long rows(Statement statement, ReferenceTable table, DumpFile.Out out)
            throws SQLException, IOException {
        ReferenceSql sql = new ReferenceSql(table, Side.RETIRED);
        String query = "select p." + sql.id() + "::text, array[" + Sql.each(sql.old(), ", ", c -> "p." + c + "::text")
                + "], array[" + Sql.each(sql.fresh(), ", ", c -> "p." + c + "::text") + "] from " + table.table()
                + " p where " + ReferenceSql.filled("p", sql.old());
        long rows = 0;
        try (ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                out.write(new DumpFile.Line(row.getString(1), texts(row.getArray(2)), texts(row.getArray(3)), null));
                rows++;
            }
        }
        return rows;
    }

    private static List<String> texts(Array array) throws SQLException {
        return Arrays.asList((String[]) array.getArray());
    }

    private static long notes(Statement statement, ReferenceTable table, DumpFile.Out out)
            throws SQLException, IOException {
        long notes = 0;
        try (ResultSet row = statement.executeQuery(
                "select row_key, kind, old_value, new_value from mediaferry.reference_row where reference = "
                        + Sql.text(table.name()))) {
            while (row.next()) {
                DumpFile.Note note =
                        new DumpFile.Note(row.getString(1), row.getString(2), row.getString(3), row.getString(4));
                out.write(new DumpFile.Line(null, List.of(), List.of(), note));
                notes++;
            }
        }
        return notes;
    }

    /**
     * Brings the dump from the bucket.
     *
     * @throws ReferenceRefusedException when it is not what was written there
     */
    public void fetch(ReferenceRestore restore) throws IOException {
        Dump dump = restore.dump();
        Path file = file(restore.change().table());
        OwnerOnly.create(file);
        Optional<String> sha256 = files.fetch(dump.bucket(), dump.key(), file);
        if (!sha256.equals(Optional.of(dump.sha256()))) {
            Files.deleteIfExists(file);
            throw new ReferenceRefusedException("nothing was changed: the dump " + dump.key() + " "
                    + sha256.map(read -> "has SHA-256 " + read + ", and the ledger has " + dump.sha256())
                            .orElse("is not in the bucket any more")
                    + "; put it back from a backup of the bucket and run the command again");
        }
        restore.fetched(file);
        restore.reading(DumpFile.open(file));
    }

    /** Fills some rows: first with what the dump says, and when it has said all, from the new side. */
    public void refill(ReferenceRestore restore) throws SQLException, IOException {
        long begun = System.nanoTime();
        if (restore.derives()) {
            derive(restore, begun);
            return;
        }
        List<DumpFile.Line> lines = restore.lines().next(restore.size());
        List<DumpFile.Line> rows =
                lines.stream().filter(line -> line.note() == null).toList();
        new DumpLedger(ledger.database())
                .notes(
                        restore.change().table().name(),
                        lines.stream()
                                .map(DumpFile.Line::note)
                                .filter(note -> note != null)
                                .toList());
        if (!rows.isEmpty()) {
            RefillSql sql =
                    new RefillSql(restore.change().table(), restore.dump().types());
            turn(restore, sql.dumped(), List.of(DumpFile.json(rows)), begun);
        }
        if (lines.isEmpty()) {
            restore.lines().close();
            if (restore.skipped() == 0) {
                restore.derive();
            } else {
                restore.reading(DumpFile.open(restore.file()));
                restore.took(0, 0, LOCKED_MILLIS);
            }
        }
    }

    private void derive(ReferenceRestore restore, long begun) throws SQLException {
        RefillSql sql = new RefillSql(restore.change().table(), restore.dump().types());
        List<Object> parameters = new ArrayList<>();
        if (restore.last() != null) {
            parameters.add(restore.last());
        }
        parameters.add(restore.size());
        String last = turn(restore, restore.last() == null ? sql.derived() : sql.derivedAfter(), parameters, begun);
        restore.next(last);
        if (last != null) {
            return;
        }
        if (restore.skipped() == 0) {
            restore.end();
        } else {
            restore.again();
            restore.took(0, 0, LOCKED_MILLIS);
        }
    }

    private static String turn(ReferenceRestore restore, String sql, List<Object> parameters, long begun)
            throws SQLException {
        Connection connection = restore.change().session().connection();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.size(); i++) {
                statement.setObject(i + 1, parameters.get(i));
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long done = row.getLong("done");
                restore.took(done, row.getLong("open") - done, (System.nanoTime() - begun) / 1_000_000);
                return row.getString("last");
            }
        }
    }

    /** Writes down that the columns are dropped. */
    public void dropped(ReferenceFinish finish) {
        ledger.reach(finish.change().table().name(), finish.change().target());
    }

    /** Writes down that the columns are as they were. */
    public void restored(ReferenceRestore restore) throws IOException {
        Files.deleteIfExists(restore.file());
        ledger.reach(restore.change().table().name(), restore.change().target());
    }

    /** References are worked on by one process at a time. */
    private Path file(ReferenceTable table) {
        return SpoolDirectory.create(home).resolve("reference-" + table.oid() + ".jsonl.gz");
    }
}
