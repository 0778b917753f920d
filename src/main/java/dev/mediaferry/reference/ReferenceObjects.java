package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.entry.ReferenceTable.Target;
import dev.mediaferry.registry.Reference.Choice;
import dev.mediaferry.registry.Reference.Kind;
import dev.mediaferry.registry.Reference.Lookup;
import dev.mediaferry.storage.Bucket;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.Requests;
import dev.mediaferry.storage.StorageSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the routes of references call to compare keys with the objects of a bucket. */
public final class ReferenceObjects {

    /** Objects that a proof asks for. */
    private static final int SAMPLE = 100;

    /** Rows that are looked at together when rows are made for their keys. */
    private static final int PAGE = 200;

    private static final int REQUESTS = 16;

    private static final Logger LOG = LoggerFactory.getLogger(ReferenceObjects.class);

    private final ReferenceLedger ledger;
    private final Buckets buckets;

    /** A key that no row has, as a row of the table names it. */
    private record Unknown(String row, List<String> keys, List<String> same) {}

    public ReferenceObjects(ReferenceLedger ledger, Buckets buckets) {
        this.ledger = ledger;
        this.buckets = buckets;
    }

    /** Of some rows the bucket has what they lead to. None at all says more of the bucket than of the rows. */
    public void sample(ReferenceProof proof) throws SQLException {
        ReferenceTable table = proof.change().table();
        StorageSettings storage = buckets.of(table.reference().bucket());
        List<String> keys = keys(proof.change().session().connection(), table, storage);
        if (keys.isEmpty()) {
            return;
        }
        List<String> missing = missing(storage, keys);
        if (missing.size() == keys.size()) {
            proof.warn("none of " + keys.size() + " objects that rows lead to is in bucket " + storage.bucket()
                    + ": are they in another one (bucket: in the registry)?");
        } else if (!missing.isEmpty()) {
            proof.found(new Finding(
                    "objects",
                    missing.size(),
                    missing.subList(0, Math.min(5, missing.size())),
                    "of " + keys.size() + " objects that rows lead to, these are not in bucket " + storage.bucket()
                            + ": correct the rows, or bring the objects back"));
        }
    }

    private List<String> keys(Connection connection, ReferenceTable table, StorageSettings storage)
            throws SQLException {
        ReferenceSql sql = new ReferenceSql(table);
        String share =
                "tablesample bernoulli (least(100, 20000.0 / (select greatest(reltuples, 1) from pg_class where oid = "
                        + table.oid() + ")))";
        String fresh = "p." + sql.fresh().get(0);
        String key;
        String from = table.table() + " p " + share;
        if (sql.looksUp()) {
            key = "s." + Sql.name(sql.lookup().key());
            from += " join " + sql.lookupTable() + " s on s."
                    + Sql.name(sql.lookup().id()) + " = " + fresh;
            if (table.lookup().filter(Target::ofLedger).isPresent()) {
                from += " where s.bucket is not distinct from "
                        + Optional.ofNullable(buckets.inLedger(storage))
                                .map(Sql::text)
                                .orElse("null");
            }
        } else {
            String value =
                    table.reference().kind() == Kind.VIEW ? "p." + sql.old().get(0) : fresh;
            key = "substr(" + value + "::text, "
                    + (table.prefix().codePointCount(0, table.prefix().length()) + 1) + ")";
            from += " where starts_with(" + value + "::text, " + Sql.text(table.prefix()) + ")";
        }
        return texts(
                connection,
                "select key from (select distinct " + key + "::text from " + from
                        + ") as k (key) where key <> '' order by random() limit " + SAMPLE);
    }

    private static List<String> texts(Connection connection, String query) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    private static List<String> missing(StorageSettings storage, List<String> keys) {
        try (Bucket bucket = Bucket.open(storage, REQUESTS);
                Requests requests = new Requests(REQUESTS)) {
            List<Boolean> there = requests.all(keys.stream()
                    .<Callable<Boolean>>map(key -> () -> bucket.head(key).isPresent())
                    .toList());
            List<String> missing = new ArrayList<>();
            for (int i = 0; i < keys.size(); i++) {
                if (!there.get(i)) {
                    missing.add(keys.get(i));
                }
            }
            return missing;
        }
    }

    /** Makes rows for keys that none has, where the registry says so and the bucket has their objects. */
    public void create(Backfill backfill) throws SQLException {
        ReferenceTable table = backfill.change().table();
        if (table.reference()
                .lookup()
                .map(Lookup::none)
                .filter(Choice.CREATE::equals)
                .isEmpty()) {
            return;
        }
        Connection connection = backfill.change().session().connection();
        StorageSettings storage = buckets.of(table.reference().bucket());
        long made = 0;
        String after = null;
        try (Bucket bucket = Bucket.open(storage, REQUESTS);
                Requests requests = new Requests(REQUESTS)) {
            do {
                List<Unknown> unknown = unknown(connection, table, after);
                after = unknown.size() < PAGE
                        ? null
                        : unknown.get(unknown.size() - 1).row();
                Set<Unknown> once = new HashSet<>();
                unknown.forEach(one -> once.add(new Unknown("", one.keys(), one.same())));
                List<Unknown> asked = List.copyOf(once);
                List<Optional<String>> found = requests.all(asked.stream()
                        .<Callable<Optional<String>>>map(one -> () -> one.keys().stream()
                                .filter(key -> bucket.head(key).isPresent())
                                .findFirst())
                        .toList());
                for (int i = 0; i < asked.size(); i++) {
                    if (found.get(i).isPresent()) {
                        made += insert(
                                connection,
                                table,
                                found.get(i).get(),
                                asked.get(i).same());
                    }
                }
            } while (after != null);
        }
        if (made > 0) {
            LOG.warn("{}: {} rows were made for keys that none had and whose objects are there", table.name(), made);
            ledger.note(table.name(), "create rows", made + " rows of " + sqlTable(table));
        }
    }

    private static String sqlTable(ReferenceTable table) {
        return table.lookup().orElseThrow().relation();
    }

    private static List<Unknown> unknown(Connection connection, ReferenceTable table, String after)
            throws SQLException {
        ReferenceSql sql = new ReferenceSql(table);
        String value = "p." + sql.old().get(0);
        String query = "select p." + sql.id() + "::text, " + sql.keys(value + "::text") + ", array["
                + Sql.each(sql.lookup().same(), ", ", column -> "p." + Sql.name(column) + "::text") + "]::text[] from "
                + table.table() + " p left join lateral (" + sql.resolve(value + "::text", "p")
                + ") as r on true where " + (after == null ? "" : "p." + sql.id() + " > ?::" + table.idType() + " and ")
                + value + " <> '' and p." + sql.fresh().get(0) + " is null and r.n is null order by p." + sql.id()
                + " limit " + PAGE;
        List<Unknown> unknown = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            if (after != null) {
                statement.setString(1, after);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    unknown.add(new Unknown(
                            rows.getString(1),
                            List.of((String[]) rows.getArray(2).getArray()),
                            Arrays.asList((String[]) rows.getArray(3).getArray())));
                }
            }
        }
        return unknown;
    }

    private static long insert(Connection connection, ReferenceTable table, String key, List<String> same)
            throws SQLException {
        ReferenceSql sql = new ReferenceSql(table);
        Target target = table.lookup().orElseThrow();
        List<String> columns = new ArrayList<>(List.of(Sql.name(sql.lookup().key())));
        List<String> values = new ArrayList<>(List.of("?"));
        List<String> equal = new ArrayList<>(List.of("s." + columns.get(0) + " = ?"));
        for (String column : sql.lookup().same()) {
            columns.add(Sql.name(column));
            values.add("cast(? as " + target.types().get(column) + ")");
            equal.add("s." + Sql.name(column) + " = cast(? as " + target.types().get(column) + ")");
        }
        if (target.needsId()) {
            columns.add(Sql.name(sql.lookup().id()));
            values.add("gen_random_uuid()::" + target.idType());
        }
        String insert = "insert into " + target.table() + " (" + String.join(", ", columns) + ") select "
                + String.join(", ", values) + " where not exists (select from " + target.table() + " s where "
                + String.join(" and ", equal) + ") on conflict do nothing";
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            List<String> parameters = new ArrayList<>(List.of(key));
            parameters.addAll(same);
            for (int i = 0; i < parameters.size(); i++) {
                statement.setString(i + 1, parameters.get(i));
                statement.setString(parameters.size() + i + 1, parameters.get(i));
            }
            return statement.executeUpdate();
        }
    }
}
