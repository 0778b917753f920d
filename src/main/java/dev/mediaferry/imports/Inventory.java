package dev.mediaferry.imports;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.mediaferry.entry.Category;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.imports.FileClassifier.Sorted;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.ledger.Worker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The files of one folder, as a table of the database, so that none of them has to be remembered here. The table is not logged, so
 * a crash of the database empties it: how many files were written is counted here, and compared with what is read.
 */
final class Inventory {

    /** Files that are best added at once. */
    static final int PAGE = 2000;

    private final Database database;
    private final JdbcClient sql;
    private final Worker worker;
    private final Map<String, String> buckets;
    private final Map<String, Long> written = new HashMap<>();
    private CompletableFuture<Void> adding = CompletableFuture.completedFuture(null);

    /**
     * Files of a category, or of none, with one reason to be left out, or none.
     *
     * @param dead of them, those that an earlier run has given up
     */
    record Sum(String entry, String reason, long files, long bytes, long dead) {}

    /** @param buckets of categories by their names, as the ledger keeps them */
    Inventory(Database database, Worker worker, Map<String, String> buckets) {
        this.database = database;
        this.buckets = buckets;
        this.sql = database.client();
        this.worker = worker;
    }

    private Map<String, Object> mine() {
        return Map.of("worker", worker.id());
    }

    void clear() {
        // What a scan that failed was adding belongs to another folder.
        adding.handle((done, failure) -> null).join();
        adding = CompletableFuture.completedFuture(null);
        written.clear();
        execute("inventory-clear", mine());
    }

    /** Adds files while the caller looks at the next ones: waits for no more than the page before, and fails when that did. */
    void add(List<Sorted> page) {
        added();
        adding = CompletableFuture.runAsync(() -> write(page), task -> new Thread(task, "inventory").start());
    }

    private void added() {
        try {
            adding.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void write(List<Sorted> page) {
        Map<String, Object> parameters = new HashMap<>(mine());
        parameters.put("paths", texts(page, sorted -> sorted.file().path()));
        parameters.put(
                "sizes",
                page.stream().mapToLong(sorted -> sorted.file().bytes()).toArray());
        parameters.put("types", texts(page, Sorted::type));
        parameters.put("entries", texts(page, Sorted::category));
        parameters.put("details", texts(page, Sorted::details));
        parameters.put("firstOfs", texts(page, Sorted::firstOf));
        parameters.put("objectKeys", texts(page, Sorted::key));
        parameters.put("buckets", texts(page, sorted -> buckets.get(sorted.category())));
        parameters.put("reasons", texts(page, Sorted::reason));
        parameters.put("kepts", texts(page, Sorted::kept));
        execute("inventory-page", parameters);
        page.forEach(sorted -> written.merge(entry(sorted.category()), 1L, Long::sum));
    }

    /**
     * All files are there: what only shows from all of them, and from the database, is looked for.
     *
     * @throws ServiceUnreachableException when the database has lost some of them
     */
    List<Sum> complete(List<Category> categories) {
        added();
        // Of the columns that the statements about it compare.
        sql.sql("analyze mediaferry.inventory (worker, entry, path, object_key, reason)")
                .update();
        execute("inventory-known", mine());
        execute("inventory-taken", mine());
        for (Category category : categories) {
            Map<String, Object> parameters = new HashMap<>(mine());
            parameters.put("entry", category.name());
            category.targets().forEach(target -> sql.sql(target.missingSql().replace(":#", ":"))
                    .params(parameters)
                    .update());
        }
        List<Sum> sums = sums();
        Map<String, Long> read = new HashMap<>();
        sums.forEach(sum -> read.merge(entry(sum.entry()), sum.files(), Long::sum));
        if (!read.equals(written)) {
            throw lost(total(written), total(read));
        }
        return sums;
    }

    private static String entry(String nameOrNull) {
        return String.valueOf(nameOrNull);
    }

    private static long total(Map<String, Long> files) {
        return files.values().stream().mapToLong(Long::longValue).sum();
    }

    private static ServiceUnreachableException lost(long written, long read) {
        return new ServiceUnreachableException(
                "of the list of the folder's files that the database keeps meanwhile, %,d were read where %,d were written;"
                                .formatted(read, written)
                        + " a database that crashes or fails over loses it. Run it again: the folder is listed anew",
                null);
    }

    /** @return how many files that are to be imported stay as they are although their category compresses, by entry and reason */
    Map<String, Map<String, Long>> kept() {
        Map<String, Map<String, Long>> kept = new HashMap<>();
        sql.sql(Database.statement("inventory-kept")).params(mine()).query(row -> {
            kept.computeIfAbsent(row.getString("entry"), entry -> new TreeMap<>())
                    .put(row.getString("kept"), row.getLong("files"));
        });
        return kept;
    }

    List<Sum> sums() {
        return sql.sql(Database.statement("inventory-summary"))
                .params(mine())
                .param("entry", null)
                .query(new RecordMapper<>(Sum.class))
                .list();
    }

    /**
     * @param type as {@code like} has it
     * @return bytes of the largest files that are to be imported
     */
    long largest(List<Category> categories, String type, long from, int most) {
        return sql.sql(Database.statement("inventory-largest"))
                .params(mine())
                .param("entries", categories.stream().map(Category::name).toArray(String[]::new))
                .param("type", type)
                .param("from", from)
                .param("most", most)
                .query(Long.class)
                .single();
    }

    /**
     * @param run number of a run
     * @return dead letters of the run, the first of them by name
     */
    List<ImportReport.Failure> failures(List<String> entries, long run, int most) {
        return sql.sql(Database.statement("import-failures"))
                .param("entries", entries.toArray(String[]::new))
                .param("run", run)
                .param("most", most)
                .query((rs, row) -> new ImportReport.Failure(
                        rs.getString("entry"),
                        rs.getString("row_key"),
                        rs.getString("failure"),
                        rs.getString("message")))
                .list();
    }

    /**
     * Writes all files, or those of one category, in the order of their paths.
     *
     * @param category null for all
     * @param files that there are
     */
    void write(Path file, Map<String, Object> head, String category, long files) {
        new JsonFile(file).write(json -> {
            for (Map.Entry<String, Object> fact : head.entrySet()) {
                json.writePOJOField(fact.getKey(), fact.getValue());
            }
            json.writeArrayFieldStart("items");
            long items = each(json, category);
            if (items != files) {
                throw lost(files, items);
            }
            json.writeEndArray();
        });
    }

    /**
     * A file that is to be imported.
     *
     * @param entry its category
     */
    record Planned(long id, String path, long bytes, String entry, String key, String bucket) {}

    /** Hands out what is to be imported, some files of one bucket at a time, in the order of their keys. */
    void eachPlanned(Consumer<List<Planned>> reader) {
        try (java.sql.Connection connection = database.connect()) {
            // By a cursor, which needs a transaction.
            connection.setAutoCommit(false);
            try (java.sql.PreparedStatement statement = connection.prepareStatement(
                    "select id, path, bytes, entry, object_key, bucket from mediaferry.inventory"
                            + " where worker = ? and reason is null and object_key is not null"
                            + " order by bucket, object_key collate \"C\"")) {
                statement.setInt(1, worker.id());
                statement.setFetchSize(PAGE);
                try (java.sql.ResultSet rs = statement.executeQuery()) {
                    List<Planned> page = new ArrayList<>();
                    while (rs.next()) {
                        Planned next = new Planned(
                                rs.getLong("id"),
                                rs.getString("path"),
                                rs.getLong("bytes"),
                                rs.getString("entry"),
                                rs.getString("object_key"),
                                rs.getString("bucket"));
                        boolean ofAnother =
                                !page.isEmpty() && !Objects.equals(page.get(0).bucket(), next.bucket());
                        if (page.size() == PAGE || ofAnother) {
                            reader.accept(List.copyOf(page));
                            page.clear();
                        }
                        page.add(next);
                    }
                    if (!page.isEmpty()) {
                        reader.accept(List.copyOf(page));
                    }
                }
            }
        } catch (java.sql.SQLException e) {
            throw new dev.mediaferry.failure.ServiceUnreachableException(
                    "the ledger does not answer: " + e.getMessage(), e);
        }
    }

    /** @param reasons why files are left out after all, by their ids */
    void leaveOut(Map<Long, String> reasons) {
        sql.sql("update mediaferry.inventory i set reason = t.reason"
                        + " from unnest(:ids::bigint[], :reasons::text[]) as t (id, reason)"
                        + " where i.worker = :worker and i.id = t.id")
                .params(mine())
                .param(
                        "ids",
                        reasons.keySet().stream().mapToLong(Long::longValue).toArray())
                .param("reasons", reasons.values().toArray(String[]::new))
                .update();
    }

    /**
     * @param prefix what addresses in the bucket begin with
     * @return the first paths whose key or address a record of their category has already
     */
    List<String> held(Category category, String prefix, int most) {
        return category.queries()
                .keyHoldersSql()
                .map(query -> sql.sql(query.replace(":#", ":") + " limit :most")
                        .params(mine())
                        .param("entry", category.name())
                        .param("prefix", prefix)
                        .param("most", most)
                        .query(String.class)
                        .list())
                .orElse(List.of());
    }

    /** By a cursor, which needs a transaction. */
    private long each(JsonGenerator json, String category) {
        long items = 0;
        try (java.sql.Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            try (java.sql.PreparedStatement statement = connection.prepareStatement(
                    "select path, bytes, type, split_part(entry, '/', 2) as category, details, reason"
                            + " from mediaferry.inventory where worker = ? and (?::text is null or entry = ?) order by path")) {
                statement.setInt(1, worker.id());
                statement.setString(2, category);
                statement.setString(3, category);
                statement.setFetchSize(PAGE);
                try (java.sql.ResultSet rs = statement.executeQuery()) {
                    while (rs.next()) {
                        json.writeStartObject();
                        json.writeStringField("path", rs.getString("path"));
                        json.writeNumberField("size", rs.getLong("bytes"));
                        json.writeStringField("type", rs.getString("type"));
                        json.writeStringField("category", rs.getString("category"));
                        json.writeFieldName("parts");
                        String details = rs.getString("details");
                        json.writeRawValue(details == null ? "{}" : details);
                        json.writeBooleanField("canMigrate", rs.getString("reason") == null);
                        json.writeStringField("skipReason", rs.getString("reason"));
                        json.writeEndObject();
                        items++;
                    }
                }
            }
            return items;
        } catch (java.sql.SQLException e) {
            throw new ServiceUnreachableException("the ledger does not answer: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String[] texts(List<Sorted> page, Function<Sorted, String> fact) {
        return page.stream().map(fact).toArray(String[]::new);
    }

    private void execute(String statement, Map<String, Object> parameters) {
        sql.sql(Database.statement(statement)).params(parameters).update();
    }

    /** @param run number of a run, 0 for all */
    List<ImportOutcome> outcomes(List<String> entries, long run) {
        return sql.sql(Database.statement("import-outcomes"))
                .param("entries", entries.toArray(String[]::new))
                .param("run", run)
                .query(new RecordMapper<>(ImportOutcome.class))
                .list();
    }

    /** @return files that other runs have claimed, will claim or have just moved, by category */
    Map<String, Long> left(List<String> entries, long run) {
        Map<String, Long> left = new HashMap<>();
        sql.sql(Database.statement("import-left"))
                .param("entries", entries.toArray(String[]::new))
                .param("run", run)
                .query(row -> {
                    left.put(row.getString("entry"), row.getLong("rows"));
                });
        return left;
    }

    /** What each category has in it that is not in order, counted, for a person. */
    List<String> problems(List<Category> categories, long run) {
        List<String> problems = new ArrayList<>();
        for (Category category : categories) {
            Map<String, Object> parameters = new TreeMap<>();
            parameters.put("entry", category.name());
            parameters.put("run", run);
            Map<String, List<String>> checks = new LinkedHashMap<>();
            checks.put("records are not there", List.of(category.verify().lost()));
            category.verify().checks().forEach((check, queries) -> checks.put(check.meaning(), queries));
            checks.forEach((meaning, queries) -> queries.forEach(query -> {
                long rows = sql.sql("select count(*) from (" + query.replace(":#", ":") + ") as found")
                        .params(parameters)
                        .query(Long.class)
                        .single();
                if (rows > 0) {
                    problems.add(category.name() + ": %,d %s".formatted(rows, meaning));
                }
            }));
        }
        return problems;
    }
}
