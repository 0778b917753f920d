package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.failure.FailureClassifier;
import dev.mediaferry.registry.Reference.Choice;
import dev.mediaferry.registry.Reference.Kind;
import dev.mediaferry.registry.Reference.Lookup;
import dev.mediaferry.registry.Reference.QueryProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What the routes of references call to prove that both sides say the same. */
public final class ReferenceProofs {

    private static final Map<String, String> WRONG = Map.of(
            "open",
                    "the old side names a row and the new one is empty: run backfill; what it leaves, a trigger of yours may keep as it was",
            "disagree", "both sides name different media: correct the rows",
            "no-old", "the new side names a row and the old one is empty: correct the rows",
            "other-scope", "the new side names a row that disagrees in same: correct the rows");

    /** One delete alone says how busy the server is at that moment. */
    private static final int MOST_DELETES = 10;

    private final ReferenceLedger ledger;

    public ReferenceProofs(ReferenceLedger ledger) {
        this.ledger = ledger;
    }

    /** The catalogue is as expand has made it, and nobody has contradicted himself since the last proof. */
    public void checkCatalogue(ReferenceProof proof) {
        ReferenceTable table = proof.change().table();
        Steps steps = new Steps(table, ledger.database().schema().name());
        new CatalogueProof(ledger.database(), table)
                .findings(steps, new ReferenceFacts(ledger.database(), table))
                .forEach(proof::found);
        Long conflicts = new Counters(ledger.database(), table).conflicts();
        long known = ledger.row(table.name()).map(ReferenceRow::conflicts).orElse(0L);
        if (conflicts != null && conflicts > known && !proof.acknowledged()) {
            proof.found(
                    new Finding(
                            "conflicts",
                            conflicts - known,
                            List.of(),
                            "writes gave both sides values that contradict each other; the new side won. Find the client, then --acknowledge-conflicts"));
        }
    }

    /**
     * All rows, in one snapshot: they add up, both sides agree, and each old value comes back byte for byte. What does not follow from
     * the new side is noted first.
     */
    public void checkRows(ReferenceProof proof) throws SQLException {
        ReferenceTable table = proof.change().table();
        if (table.reference().kind() == Kind.VIEW) {
            // Both names are one column, which says one thing.
            try (Statement statement = proof.change().session().connection().createStatement();
                    ResultSet row = statement.executeQuery(new AgreementSql(table).count())) {
                row.next();
                proof.counted("value", row.getLong(1));
                proof.rows(row.getLong(1));
            }
            return;
        }
        AgreementSql sql = new AgreementSql(table);
        Connection connection = proof.change().session().connection();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set transaction isolation level repeatable read");
            statement.execute("set local statement_timeout = '10min'");
            for (String note : sql.note()) {
                statement.execute(note);
            }
            long sum = classes(proof, statement, sql.classes());
            try (ResultSet row = statement.executeQuery(sql.count())) {
                row.next();
                proof.rows(row.getLong(1));
                if (row.getLong(1) != sum) {
                    proof.found(new Finding(
                            "arithmetic",
                            Math.abs(row.getLong(1) - sum),
                            List.of(),
                            "the kinds of rows do not add up to all rows"));
                }
            }
            try (ResultSet row = statement.executeQuery(sql.rehearsal())) {
                row.next();
                if (row.getLong("rows") > 0) {
                    proof.found(new Finding(
                            "rehearsal",
                            row.getLong("rows"),
                            texts(row),
                            "old values would not come back byte for byte"));
                }
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static long classes(ReferenceProof proof, Statement statement, String query) throws SQLException {
        long sum = 0;
        Lookup lookup = proof.change().table().reference().lookup().orElse(null);
        try (ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                String kind = row.getString("class");
                sum += row.getLong("rows");
                proof.counted(kind, row.getLong("rows"));
                boolean refused = lookup != null
                        && ((kind.equals("none") && lookup.none() != Choice.LEAVE)
                                || (kind.equals("several") && lookup.several() == Choice.REFUSE));
                if (WRONG.containsKey(kind) || refused) {
                    String words = WRONG.getOrDefault(
                            kind,
                            "keys that " + (kind.equals("none") ? "no row has" : "several rows have")
                                    + ": correct the rows, or say " + kind + ": leave");
                    proof.found(new Finding(kind, row.getLong("rows"), texts(row), words));
                }
            }
        }
        return sum;
    }

    /** The application's queries are fast and read no table as a whole; so is deleting a row that others refer to. */
    public void checkSpeed(ReferenceProof proof) throws SQLException {
        ReferenceTable table = proof.change().table();
        Connection connection = proof.change().session().connection();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local search_path = " + searchPath());
            statement.execute("set local statement_timeout = '10min'");
            for (QueryProbe probe : table.reference().probes()) {
                check(proof, probe, statement);
            }
            connection.rollback();
            if (table.lookup().isPresent()) {
                checkDelete(proof, connection, statement);
            }
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** Queries of the application find their tables as it does. */
    private String searchPath() {
        return ledger.database()
                .client()
                .sql("show search_path")
                .query(String.class)
                .single();
    }

    private static void check(ReferenceProof proof, QueryProbe probe, Statement statement) throws SQLException {
        String query = read(probe);
        String name = probe.file().getFileName().toString();
        double[] millis = new double[probe.runs()];
        for (int i = 0; i < millis.length; i++) {
            millis[i] = time(statement, query);
        }
        Arrays.sort(millis);
        double p99 = millis[(int) (millis.length * 0.99)];
        proof.took(name, p99);
        if (p99 > probe.p99().toMillis()) {
            proof.found(new Finding(
                    "probe",
                    1,
                    List.of(name),
                    "p99 is %.1f ms of %d runs, more than %d"
                            .formatted(p99, probe.runs(), probe.p99().toMillis())));
        }
        // Small tables are read as a whole even where an index serves.
        statement.execute("set local enable_seqscan = off");
        StringBuilder plan = new StringBuilder();
        try (ResultSet line = statement.executeQuery("explain (costs off, verbose) " + query)) {
            while (line.next()) {
                plan.append(line.getString(1).replace("\"", "")).append('\n');
            }
        }
        statement.execute("set local enable_seqscan to default");
        ReferenceTable table = proof.change().table();
        boolean whole = table.lookup().stream()
                        .map(ReferenceTable.Target::relation)
                        .anyMatch(relation -> plan.indexOf("Seq Scan on " + relation + " ") >= 0)
                || plan.indexOf("Seq Scan on " + table.relation() + " ") >= 0;
        if (whole) {
            proof.found(new Finding("plan", 1, List.of(name), "the query reads a table as a whole"));
        }
    }

    private static String read(QueryProbe probe) {
        try {
            return Files.readString(probe.file()).strip().replaceAll(";$", "");
        } catch (IOException e) {
            throw new ReferenceRefusedException("cannot read " + probe.file() + ": " + e.getMessage());
        }
    }

    private static double time(Statement statement, String query) throws SQLException {
        long begun = System.nanoTime();
        statement.execute(query);
        return (System.nanoTime() - begun) / 1_000_000.0;
    }

    /** Deletes until one is quick enough, which tells that the index does its work; nothing is deleted in the end. */
    private static void checkDelete(ReferenceProof proof, Connection connection, Statement statement)
            throws SQLException {
        ReferenceTable table = proof.change().table();
        ReferenceSql sql = new ReferenceSql(table);
        long longest = sql.lookup().slowestDelete().toMillis();
        String id = Sql.name(sql.lookup().id());
        String delete =
                "delete from %1$s where %2$s in (select p.%3$s from %4$s p where p.%3$s is not null order by p.%3$s limit 1)"
                        .formatted(sql.lookupTable(), id, sql.fresh().get(0), table.table());
        double quickest = Double.MAX_VALUE;
        String hindrance = "";
        for (int i = 0; i < MOST_DELETES && quickest > longest; i++) {
            try {
                statement.execute("set local lock_timeout = '300ms'");
                quickest = Math.min(quickest, time(statement, delete));
            } catch (SQLException e) {
                if (FailureClassifier.isRefusal(e)) {
                    // Other tables keep such rows, so nobody deletes them.
                    return;
                }
                hindrance = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            } finally {
                connection.rollback();
            }
        }
        if (quickest == Double.MAX_VALUE) {
            proof.found(new Finding("delete", 1, List.of(), "each try was hindered, so verify again: " + hindrance));
            return;
        }
        proof.took("delete", quickest);
        if (quickest > longest) {
            proof.found(new Finding(
                    "delete",
                    1,
                    List.of(),
                    "deleting a row of %s took %.0f ms at best of %d times, more than %d (lookup: { delete: … })"
                            .formatted(table.lookup().orElseThrow().relation(), quickest, MOST_DELETES, longest)));
        }
    }

    /** Writes the proof down; what was found wrong ends an earlier one. */
    public void record(ReferenceProof proof) {
        ledger.proved(proof, new Readers(ledger.database(), proof.change().table()).now());
    }

    private static List<String> texts(ResultSet row) throws SQLException {
        return List.of((String[]) row.getArray("samples").getArray());
    }
}
