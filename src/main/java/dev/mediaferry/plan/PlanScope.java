package dev.mediaferry.plan;

import dev.mediaferry.content.Digests;
import dev.mediaferry.entry.Column;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.registry.Field;
import dev.mediaferry.storage.StorageSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a plan is for: it is followed nowhere else.
 *
 * @param database its name, and when the ledger was made in it
 * @param bucket with its endpoint, and what links to it start with
 * @param entries of the registry: a hash of each by the field's name
 */
public record PlanScope(String database, String bucket, Map<String, String> entries) {

    public static PlanScope of(Database database, StorageSettings storage, List<Column> columns) {
        Map<String, String> entries = new TreeMap<>();
        columns.forEach(column -> entries.put(column.name(), entry(column, storage)));
        String endpoint = storage.endpoint() == null
                ? storage.region()
                : storage.endpoint().toString();
        return new PlanScope(
                database.client()
                        .sql(Database.statement("ledger-identity"))
                        .query(String.class)
                        .single(),
                endpoint + " " + storage.bucket() + " " + storage.publicUrl(),
                entries);
    }

    /** @return in sentences why a plan for this is none for the other; empty when it is */
    List<String> differences(PlanScope here) {
        List<String> differences = new ArrayList<>();
        if (!database.equals(here.database)) {
            differences.add("it was made for another database: " + database + ", and this is " + here.database);
        }
        if (!bucket.equals(here.bucket)) {
            differences.add("it was made for another bucket: " + bucket + ", and this is " + here.bucket);
        }
        entries.forEach((field, entry) -> {
            if (!here.entries.containsKey(field)) {
                differences.add("the registry has no field " + field + " any more");
            } else if (!entry.equals(here.entries.get(field))) {
                differences.add("the registry's entry of " + field + " has changed since it was made");
            }
        });
        return differences;
    }

    /**
     * Everything but how many rows are claimed at once, and where the line stands in the file. Sets are sorted, since
     * their own order may differ from process to process.
     */
    private static String entry(Column column, StorageSettings storage) {
        Field field = column.field();
        String facts = String.join(
                "\n",
                field.name(),
                column.schema(),
                field.folder(),
                field.id(),
                field.hosts().toString(),
                field.key().orElse(storage.key()).template(),
                field.resolve().map(Object::toString).orElse(""),
                new TreeSet<>(field.types()).toString(),
                field.bucket().orElse(""));
        return Digests.sha256(facts.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }
}
