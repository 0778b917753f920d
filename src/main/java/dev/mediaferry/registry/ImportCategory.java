package dev.mediaferry.registry;

import dev.mediaferry.content.MediaKind;
import dev.mediaferry.format.Compression;
import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One kind of file in a backup, as the registry says it.
 *
 * @param line where it stands in the file, from 1
 * @param name {@code IMPORT/CATEGORY}, which no column is called
 * @param path with its parts
 * @param skips in their order; the first that fits counts
 * @param ids new ids by name, each from a part
 * @param folder first part of the keys; empty when they have none
 * @param key what comes after the folder; null for a category that is skipped as a whole
 * @param maxBytes of one file
 * @param compression of its pictures; empty for none
 * @param bucket name of a bucket of the registry; empty for the configured one
 * @param record what is inserted; null for a category that is skipped as a whole
 * @param asMedia whose media its files become, by a column of the record; empty when they become none
 * @param derivation what is made of its files; empty for nothing
 */
public record ImportCategory(
        int line,
        String name,
        PathPattern path,
        List<Skip> skips,
        Map<String, NewId> ids,
        String folder,
        Template key,
        Set<MediaKind> types,
        long maxBytes,
        Optional<Compression> compression,
        Optional<String> bucket,
        Inserted record,
        Optional<AsMedia> asMedia,
        Optional<Derivation> derivation) {

    /**
     * Files that are left out.
     *
     * @param part whose value decides; null for all files of the category
     * @param values however their accents are written
     */
    public record Skip(String part, Set<String> values, String reason) {

        public Skip {
            values = values.stream()
                    .map(value -> Normalizer.normalize(value, Normalizer.Form.NFC))
                    .collect(Collectors.toUnmodifiableSet());
        }

        public boolean fits(Map<String, String> parts) {
            return part == null || values.contains(Normalizer.normalize(parts.get(part), Normalizer.Form.NFC));
        }
    }

    /**
     * @param part with the old id
     * @param reason why a file is left out whose id the map does not have
     */
    public record NewId(IdMapping map, String part, Optional<String> reason) {}

    /**
     * The media record of a file.
     *
     * @param schema null when the table is found on the search path
     * @param id unique column that tells the records apart
     */
    public record Inserted(String schema, String table, String id, Map<String, Value> columns) {

        /** The part whose files have one first record, if the record says so. */
        public Optional<String> firstOf() {
            return columns.values().stream()
                    .filter(First.class::isInstance)
                    .map(value -> ((First) value).part())
                    .findFirst();
        }
    }

    /** What a column of the record gets. */
    public sealed interface Value {}

    /** A text with placeholders. */
    public record Text(Template template) implements Value {}

    /** Nothing. */
    public record Null() implements Value {}

    /** The result of a look-up, its placeholders bound. */
    public record Query(Template sql) implements Value {}

    /** True for the first record by name of all whose part is the same. */
    public record First(String part) implements Value {}

    /** What all keys begin with. */
    public String prefix() {
        return folder.isEmpty() ? "" : folder + "/";
    }

    public boolean skipped() {
        return key == null;
    }

    /** Names that stand for something in a key: parts and new ids. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>(path.template().names());
        names.addAll(ids.keySet());
        return names;
    }
}
