package dev.mediaferry.archive;

import dev.mediaferry.archive.ArchiveStatus.ByType;
import dev.mediaferry.archive.ArchiveStatus.InBucket;
import dev.mediaferry.archive.ArchiveStatus.InCache;
import dev.mediaferry.entry.ArchiveQueries;
import dev.mediaferry.entry.ArchiveTable;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.object.ObjectName;
import dev.mediaferry.storage.Bucket.Facts;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.verify.ObjectReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How archives stand, and which of their local files may go. Reads page by page. */
public final class Archives {

    /** What a status names; the rest is only counted. */
    private static final int MOST_LISTED = 100;

    private static final int PAGE = 1000;

    private static final Pattern S3_ADDRESS = Pattern.compile("s3://([^/]+)/(.+)");

    private static final String DEAD =
            "select failure, count(*) as letters from mediaferry.transfer where entry = :entry and state = 'dead' group by 1";

    private final Database database;
    private final JdbcClient sql;
    private final Buckets buckets;
    private final List<ArchiveTable> archives;

    /** @param archives of the registry */
    public Archives(Database database, Buckets buckets, List<ArchiveTable> archives) {
        this.database = database;
        this.sql = database.client();
        this.buckets = buckets;
        this.archives = List.copyOf(archives);
    }

    /**
     * Deletes the local files of the archives that are named which are safe in the bucket.
     *
     * @return what became of them
     */
    public CleanReport clean(CleanOptions options) {
        Cleaning cleaning = new Cleaning(database, buckets, archives);
        chosen(options.archives()).forEach(table -> cleaning.clean(table, options.olderThan(), options.dryRun()));
        return cleaning.report(options.dryRun());
    }

    /**
     * Counts how the archives that are named stand; the parameters are those of the other.
     *
     * @return in the order of the registry
     */
    public List<ArchiveStatus> status(List<String> names, boolean local, boolean verify, OptionalLong limit) {
        return chosen(names).map(table -> status(table, local, verify, limit)).toList();
    }

    private Stream<ArchiveTable> chosen(List<String> names) {
        return archives.stream().filter(table -> names.contains(table.name()));
    }

    /**
     * @param local true to look for the files of rows, and for files without rows
     * @param verify true to ask the bucket for the objects
     * @param limit the most rows that are looked for, each
     */
    public ArchiveStatus status(ArchiveTable table, boolean local, boolean verify, OptionalLong limit) {
        List<ByType> types = sql.sql(table.queries().countSql())
                .query((rs, row) -> new ByType(
                        rs.getString("type"),
                        rs.getLong("rows"),
                        rs.getLong("archived"),
                        ArchiveStatus.percent(rs.getLong("archived"), rs.getLong("rows"))))
                .list();
        long rows = types.stream().mapToLong(ByType::rows).sum();
        long archived = types.stream().mapToLong(ByType::archived).sum();
        Map<String, Long> dead = new TreeMap<>();
        sql.sql(DEAD).param("entry", table.name()).query(row -> {
            dead.put(row.getString("failure"), row.getLong("letters"));
        });
        long most = limit.orElse(Long.MAX_VALUE);
        return new ArchiveStatus(
                table.archive().title(),
                rows,
                archived,
                rows - archived,
                ArchiveStatus.percent(archived, rows),
                types,
                dead,
                local ? local(table, most) : null,
                verify ? objects(table, most) : null);
    }

    private InCache local(ArchiveTable table, long most) {
        CacheFiles cache = new CacheFiles(table.archive().dir());
        List<String> missing = new ArrayList<>();
        long looked = 0;
        long without = 0;
        String after = null;
        while (looked < most) {
            List<ArchiveRow> page = page(table.queries().scanSql(after == null), after);
            List<ArchiveRow> rows = page.subList(0, (int) Math.min(page.size(), most - looked));
            List<String> found =
                    cache.find(rows.stream().map(ArchiveRow::wanted).toList());
            for (int i = 0; i < rows.size(); i++) {
                if (found.get(i) == null) {
                    without++;
                    list(missing, rows.get(i).id());
                }
            }
            looked += rows.size();
            if (page.size() < ArchiveQueries.SCAN_PAGE) {
                break;
            }
            after = page.get(page.size() - 1).position();
        }
        Strays strays = new Strays(table);
        cache.all(strays::look);
        strays.settle();
        return new InCache(looked, without, missing, strays.count, strays.first);
    }

    private List<ArchiveRow> page(String statement, String after) {
        JdbcClient.StatementSpec page = sql.sql(statement.replace(":#", ":"));
        return (after == null ? page : page.param("after", after))
                .query(new RecordMapper<>(ArchiveRow.class))
                .list();
    }

    private InBucket objects(ArchiveTable table, long most) {
        List<String> findings = new ArrayList<>();
        long checked = 0;
        long bad = 0;
        long elsewhere = 0;
        String after = null;
        try (ObjectReader objects = new ObjectReader(buckets)) {
            while (checked + elsewhere < most) {
                int page = (int) Math.min(PAGE, most - checked - elsewhere);
                JdbcClient.StatementSpec statement = sql.sql(
                                table.queries().objectsSql(after == null).replace(":#", ":"))
                        .param("entry", table.name())
                        .param("most", page);
                List<Pointer> rows = (after == null ? statement : statement.param("after", after))
                        .query(new RecordMapper<>(Archived.class)).list().stream()
                                .map(this::pointer)
                                .toList();
                if (rows.isEmpty()) {
                    break;
                }
                List<Pointer> asked =
                        rows.stream().filter(row -> row.object() != null).toList();
                List<Optional<String>> answers = objects.each(asked, row -> finding(objects, row));
                for (int i = 0; i < asked.size(); i++) {
                    Pointer row = asked.get(i);
                    answers.get(i)
                            .ifPresent(finding -> list(
                                    findings, row.id() + "  " + row.object().key() + "  " + finding));
                }
                bad += answers.stream().filter(Optional::isPresent).count();
                checked += asked.size();
                elsewhere += rows.size() - asked.size();
                after = rows.get(rows.size() - 1).id();
            }
        }
        return new InBucket(checked, bad, elsewhere, findings);
    }

    /**
     * An archived row.
     *
     * @param bucket as the ledger has it, like the key and the bytes; null when it does not know the row
     */
    private record Archived(String id, String target, String bucket, String objectKey, Long bytes) {}

    /**
     * Where a row leads.
     *
     * @param object null when that is in no bucket
     * @param bytes as the ledger has it; null when it does not know the row
     */
    private record Pointer(String id, ObjectName object, Long bytes) {}

    /** What another tool has archived is asked for, too, in whatever bucket it is. */
    private Pointer pointer(Archived row) {
        if (row.bytes() != null) {
            return new Pointer(row.id(), new ObjectName(row.bucket(), row.objectKey()), row.bytes());
        }
        Matcher address = S3_ADDRESS.matcher(row.target());
        ObjectName object = buckets.named(row.target())
                .orElseGet(() -> address.matches() ? new ObjectName(address.group(1), address.group(2)) : null);
        return new Pointer(row.id(), object, null);
    }

    private static Optional<String> finding(ObjectReader objects, Pointer row) {
        Optional<Facts> facts;
        try {
            facts = objects.head(row.object());
        } catch (ConfigurationException e) {
            if (row.bytes() != null) {
                throw e;
            }
            return Optional.of("its bucket cannot be asked: " + e.getMessage());
        }
        if (facts.isEmpty()) {
            return Optional.of("the bucket has no such object");
        }
        return row.bytes() == null || facts.get().bytes() == row.bytes()
                ? Optional.empty()
                : Optional.of("has " + facts.get().bytes() + " bytes, the ledger has " + row.bytes());
    }

    private static void list(List<String> listed, String text) {
        if (listed.size() < MOST_LISTED) {
            listed.add(text);
        }
    }

    /** Gathers files of the cache, and asks the table which of them it knows. */
    private final class Strays {

        private final ArchiveTable table;
        private final Map<String, String> byMd5 = new HashMap<>();
        private final List<String> others = new ArrayList<>();
        private final List<String> first = new ArrayList<>();
        private long count;

        Strays(ArchiveTable table) {
            this.table = table;
        }

        void look(String md5, String name) {
            if (md5 == null || byMd5.putIfAbsent(md5, name) != null) {
                others.add(name);
            }
            if (byMd5.size() + others.size() >= PAGE) {
                settle();
            }
        }

        void settle() {
            List<String> unknown = new ArrayList<>(others);
            sql.sql(table.queries().knownSql().replace(":#", ":"))
                    .param("md5s", byMd5.keySet().toArray(String[]::new))
                    .query(String.class)
                    .list()
                    .forEach(byMd5::remove);
            unknown.addAll(byMd5.values());
            unknown.removeAll(known(unknown));
            count += unknown.size();
            unknown.stream().sorted().forEach(name -> list(first, name));
            byMd5.clear();
            others.clear();
        }

        /** A path is stored from the cache, from its parent, or from the root. */
        private List<String> known(List<String> names) {
            if (names.isEmpty()) {
                return List.of();
            }
            Map<String, String> spelled = new HashMap<>();
            String cache = table.archive().dir() + "/";
            String parent = table.archive().dir().getFileName() + "/";
            names.forEach(
                    name -> Stream.of(name, parent + name, cache + name).forEach(path -> spelled.put(path, name)));
            return table.queries()
                    .knownPathsSql()
                    .map(statement -> sql
                            .sql(statement.replace(":#", ":"))
                            .param("paths", spelled.keySet().toArray(String[]::new))
                            .query(String.class)
                            .list()
                            .stream()
                            .map(spelled::get)
                            .toList())
                    .orElse(List.of());
        }
    }
}
