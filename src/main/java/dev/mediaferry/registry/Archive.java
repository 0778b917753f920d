package dev.mediaferry.registry;

import dev.mediaferry.content.MediaKind;
import dev.mediaferry.failure.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A local cache of files that a table knows by their MD5, to be moved into the bucket.
 *
 * @param line where it stands in the registry, from 1
 * @param schema null when the table is found on the search path
 * @param id the unique column that identifies a row
 * @param columns names of the table's columns by their {@link Role}; those that were not named are looked for by
 *     their usual names
 * @param dir the cache, absolute
 * @param s3Uri true when the table is to learn {@code s3://bucket/key}, false for the public address
 * @param batch rows claimed at once
 * @param asMedia whose media its files become; empty when they become none
 * @param derivation what is made of its files; empty for nothing
 */
public record Archive(
        int line,
        String title,
        String schema,
        String table,
        String id,
        Map<Role, String> columns,
        Path dir,
        ArchiveKey key,
        boolean s3Uri,
        Optional<String> bucket,
        int batch,
        Set<MediaKind> types,
        Optional<AsMedia> asMedia,
        Optional<Derivation> derivation) {

    /** Stands before the names of archives wherever entries are named, so that none is taken for a column. */
    private static final String PREFIX = "archive.";

    /** What a column of the table says. */
    public enum Role {
        /** Where the file lies, in the cache. */
        PATH("path", "local_file_path"),
        MD5("md5", "md5_sum"),
        /** MIME type, which tells the extension. */
        MIME("mime", "mime_type"),
        /** Like image or video. */
        TYPE("type", "media_type"),
        CREATED("created", "created_at"),
        /** What is written: the address in the bucket. */
        TARGET("target", "archive_url");

        private final String label;
        private final String usual;

        Role(String label, String usual) {
            this.label = label;
            this.usual = usual;
        }

        public String label() {
            return label;
        }

        /** Name of the column unless the registry has another. */
        public String usual() {
            return usual;
        }
    }

    public Archive {
        columns = Collections.unmodifiableMap(new TreeMap<>(columns));
        types = Collections.unmodifiableSet(new TreeSet<>(types));
    }

    /** Name of the entry in the ledger and of its route. */
    public String name() {
        return PREFIX + title;
    }

    /** @throws ConfigurationException when the cache is not there, so that all of its files would seem missing */
    public void checkCache() {
        if (!Files.isDirectory(dir)) {
            throw new ConfigurationException(
                    "registry line " + line + ": " + name() + ": dir " + dir + " is no directory");
        }
    }

    /** @return the name that an entry of this title has */
    public static String nameOf(String title) {
        return title.startsWith(PREFIX) ? title : PREFIX + title;
    }
}
