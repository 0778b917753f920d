package dev.mediaferry.imports;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.entry.Category;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.TransferState;
import dev.mediaferry.registry.ImportCategory;
import dev.mediaferry.verify.Finding;
import dev.mediaferry.verify.VerifyReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What is kept of an import for those who go on with it: a document for each category, one of the records, one of the
 * validation. They tell what all runs have made of the categories, so a run that goes on writes them anew, and whole.
 */
public final class Artifacts {

    private static final String RECORDS = "media-records-created.json";
    private static final String VALIDATION = "media-migration-validation.json";

    /** Rows that are read at once. */
    private static final int PAGE = 2000;

    private final Path directory;
    private final Database database;
    private final JsonMapper mapper = JsonMapper.builder().build();

    /** @throws ConfigurationException when there can be no such directory */
    public Artifacts(Path directory, Database database) {
        this.directory = directory;
        this.database = database;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new ConfigurationException("--artifacts " + directory + ": no directory can be made there: " + e);
        }
    }

    /** @return the files that were written, in their order */
    public List<Path> write(List<Category> categories, ImportReport report, VerifyReport verification) {
        List<Path> files = new ArrayList<>();
        for (Category category : categories) {
            Path file = directory.resolve(ofCategory(category) + "-migrated.json");
            new JsonFile(file).write(json -> migrated(json, category));
            files.add(file);
        }
        Path records = directory.resolve(RECORDS);
        new JsonFile(records).write(json -> records(json, categories));
        Path validation = directory.resolve(VALIDATION);
        new JsonFile(validation).write(json -> validation(json, report, verification));
        files.add(records);
        files.add(validation);
        return files;
    }

    private static String ofCategory(Category category) {
        return category.name().substring(category.name().indexOf('/') + 1);
    }

    private void migrated(JsonGenerator json, Category category) {
        List<String> parts = category.says().ids().values().stream()
                .map(ImportCategory.NewId::part)
                .distinct()
                .toList();
        read(connection -> {
            json.writeStringField("migrated_at", Instant.now().toString());
            json.writeStringField("category", ofCategory(category));
            each(connection, "artifact-sums", category, sums -> {
                long original = sums.getLong("original");
                long stored = sums.getLong("stored");
                json.writeNumberField("successful_uploads", sums.getLong("linked"));
                json.writeNumberField("failed_uploads", sums.getLong("others"));
                for (String part : parts) {
                    long processed =
                            mapper.readTree(sums.getString("groups")).path(part).asLong();
                    json.writeNumberField(part.replaceFirst("Id$", "") + "s_processed", processed);
                }
                json.writeObjectFieldStart("compression_stats");
                json.writeNumberField("total_original_size", original);
                json.writeNumberField("total_compressed_size", stored);
                json.writeNumberField("average_compression_ratio", ImportReport.savings(original, stored));
                json.writeNumberField("total_size_saved", original - stored);
                json.writeEndObject();
            });
            json.writeArrayFieldStart("uploads");
            each(connection, "artifact-uploads", category, row -> upload(json, category, row));
            json.writeEndArray();
        });
    }

    private void upload(JsonGenerator json, Category category, ResultSet row) throws IOException, SQLException {
        boolean success = TransferState.of(row.getString("state")) == TransferState.LINKED;
        String path = row.getString("row_key");
        json.writeStartObject();
        ids(json, category.says(), mapper.readTree(row.getString("details")));
        json.writeStringField("filename", path.substring(path.lastIndexOf('/') + 1));
        json.writeStringField("originalPath", path);
        json.writeStringField("storagePath", success ? row.getString("object_key") : null);
        json.writeStringField("url", success ? row.getString("target") : null);
        if (success) {
            long original = row.getLong("original");
            long stored = row.getLong("bytes");
            json.writeNumberField("originalSize", original);
            json.writeNumberField("compressedSize", stored);
            json.writeNumberField("compressionRatio", ImportReport.savings(original, stored));
            String first = category.firstColumn().orElse(null);
            if (first != null) {
                json.writeBooleanField(
                        "isPreview",
                        mapper.readTree(row.getString("record")).path(first).asBoolean());
            }
        }
        json.writeBooleanField("success", success);
        if (!success) {
            json.writeStringField("error", error(row));
        }
        json.writeEndObject();
    }

    private static String error(ResultSet row) throws SQLException {
        String failure = row.getString("failure");
        String state = TransferState.of(row.getString("state")) == TransferState.DEAD ? "given up" : "not imported yet";
        return state + (failure == null ? "" : ": " + failure + ", " + row.getString("message"));
    }

    /** Parts of a path by their names; one that stands for a new id is the old one. */
    private static void ids(JsonGenerator json, ImportCategory says, JsonNode details) throws IOException {
        Map<String, String> named = new LinkedHashMap<>();
        for (Map.Entry<String, ImportCategory.NewId> id : says.ids().entrySet()) {
            String part = id.getValue().part();
            String old = part.startsWith("old")
                    ? part
                    : "old" + part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1);
            named.put(old, details.path(part).textValue());
            named.put(id.getKey(), details.path(id.getKey()).textValue());
        }
        for (String part : says.path().template().names()) {
            if (says.ids().values().stream().noneMatch(id -> id.part().equals(part))) {
                named.put(part, details.path(part).textValue());
            }
        }
        for (Map.Entry<String, String> one : named.entrySet()) {
            json.writeStringField(one.getKey(), one.getValue());
        }
    }

    private void records(JsonGenerator json, List<Category> categories) {
        read(connection -> {
            Map<String, Long> counts = new LinkedHashMap<>();
            for (Category category : categories) {
                each(
                        connection,
                        "artifact-sums",
                        category,
                        sums -> counts.put(ofCategory(category), sums.getLong("linked")));
            }
            json.writeStringField("created_at", Instant.now().toString());
            json.writeNumberField(
                    "total_records",
                    counts.values().stream().mapToLong(Long::longValue).sum());
            json.writePOJOField("records_by_category", counts);
            json.writeArrayFieldStart("records");
            for (Category category : categories) {
                each(connection, "artifact-uploads", category, row -> {
                    if (TransferState.of(row.getString("state")) == TransferState.LINKED) {
                        json.writeStartObject();
                        json.writeStringField("category", ofCategory(category));
                        json.writeStringField("table", category.relation());
                        json.writeStringField("id", row.getString("record_id"));
                        json.writeStringField("originalPath", row.getString("row_key"));
                        json.writeStringField("created_at", row.getString("updated"));
                        json.writeFieldName("record");
                        // What was pruned of the ledger is not known any more.
                        json.writeRawValue(Objects.toString(row.getString("record")));
                        json.writeEndObject();
                    }
                });
            }
            json.writeEndArray();
        });
    }

    private static void validation(JsonGenerator json, ImportReport report, VerifyReport verification)
            throws IOException {
        Map<String, Long> storage = new LinkedHashMap<>();
        Map<String, Long> records = new LinkedHashMap<>();
        // Public addresses are not asked for.
        for (Finding.Kind kind : EnumSet.complementOf(EnumSet.of(Finding.Kind.UNREACHABLE_LINK))) {
            (kind.ofDatabase() ? records : storage)
                    .put(kind.label(), verification.counts().getOrDefault(kind.label(), 0L));
        }
        boolean passed = verification.total() == 0 && report.complete();
        json.writeStringField("validated_at", Instant.now().toString());
        json.writeStringField("validation_status", passed ? "passed" : "failed");
        json.writeStringField("import_status", report.validation());
        json.writeNumberField("objects_checked", verification.objects());
        json.writePOJOField("storage_validation", storage);
        json.writePOJOField("database_validation", records);
        json.writePOJOField("problems", report.problems());
        json.writePOJOField("findings", verification.findings());
    }

    private interface Reader {
        void read(Connection connection) throws SQLException, IOException;
    }

    private interface Row {
        void read(ResultSet row) throws SQLException, IOException;
    }

    /** In one transaction, so that sums and rows are of one moment; a cursor needs one besides. */
    private void read(Reader reader) {
        try (Connection connection = database.connect()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            reader.read(connection);
            connection.rollback();
        } catch (SQLException e) {
            throw new ServiceUnreachableException("the ledger does not answer: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void each(Connection connection, String statement, Category category, Row row)
            throws SQLException, IOException {
        try (PreparedStatement select = connection.prepareStatement(Database.statement(statement))) {
            select.setString(1, category.name());
            select.setFetchSize(PAGE);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    row.read(rows);
                }
            }
        }
    }
}
