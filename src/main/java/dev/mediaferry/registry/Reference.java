package dev.mediaferry.registry;

import dev.mediaferry.content.Digests;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How columns of a table that name media change their shape: an old side, a new one, and how one becomes the other.
 *
 * @param line where it stands in the file, from 1
 * @param name what commands call it
 * @param schema null when the table is found on the search path
 * @param id the unique column that tells the rows apart
 * @param old columns that an application of before reads and writes
 * @param fresh columns that one of after does: one, or as many as there are old ones
 * @param lookup the table whose ids take the place of keys; only for {@link Kind#LOOKUP}
 * @param back what each old column shows of a new value; only for {@link Kind#MERGE}
 * @param bucket name of a bucket of the registry, or empty for the configured one
 * @param soak how long nobody may have used the old side before it is retired
 * @param definition all that the registry says of it, in one order
 */
public record Reference(
        int line,
        String name,
        Kind kind,
        String schema,
        String table,
        String id,
        List<String> old,
        List<String> fresh,
        Optional<Lookup> lookup,
        Map<String, Back> back,
        Optional<String> bucket,
        List<QueryProbe> probes,
        Duration soak,
        String definition) {

    public static final Duration DEFAULT_SOAK = Duration.ofDays(7);

    /** What the change is. */
    public enum Kind {
        /** A key becomes the id of the row that has it. */
        LOOKUP,
        /** Several columns become one. */
        MERGE,
        /** Columns get new names, and are kept alike for a while. */
        COPY,
        /** Columns get new names, and a view of the table has both for a while. */
        VIEW
    }

    /** What an old column shows of a new value. */
    public enum Back {
        LINK,
        KEY
    }

    /** How a value names a key. */
    public enum Form {
        EXACT,
        TRIM,
        URL
    }

    /** What is done about a key that not exactly one row has. */
    public enum Choice {
        REFUSE,
        LEAVE,
        /** A row is made where the bucket has the object. */
        CREATE,
        NEWEST,
        OLDEST
    }

    /**
     * The table whose ids take the place of keys.
     *
     * @param schema null when the table is found on the search path
     * @param created says which row is newer; there for {@code newest} and {@code oldest}
     * @param onDelete as SQL has it
     * @param same columns in which both rows must agree
     * @param mirrorsCascade true when the old column becomes null with the new one
     * @param slowestDelete the longest that deleting a row may take to which others refer
     */
    public record Lookup(
            String schema,
            String table,
            String id,
            String key,
            Optional<String> created,
            String onDelete,
            List<String> same,
            Set<Form> match,
            Choice several,
            Choice none,
            boolean mirrorsCascade,
            Duration slowestDelete) {

        static final Duration DEFAULT_SLOWEST_DELETE = Duration.ofMillis(50);

        public Lookup {
            same = List.copyOf(same);
            match = Collections.unmodifiableSet(new TreeSet<>(match));
        }
    }

    /**
     * A query of the application.
     *
     * @param file that holds it
     * @param p99 the longest that 99 of 100 runs may take
     */
    public record QueryProbe(Path file, Duration p99, int runs) {}

    public Reference {
        old = List.copyOf(old);
        fresh = List.copyOf(fresh);
        back = Collections.unmodifiableMap(new LinkedHashMap<>(back));
        probes = List.copyOf(probes);
    }

    /** The table as the registry writes it. */
    public String relation() {
        return schema == null ? table : schema + "." + table;
    }

    /** SHA-256 of what its statements are made of; limits and what is refused may change while it is under way. */
    public String shape() {
        String looked = lookup.map(one -> String.join(
                        "\0",
                        String.valueOf(one.schema()),
                        one.table(),
                        one.id(),
                        one.key(),
                        one.created().orElse(""),
                        one.onDelete(),
                        one.same().toString(),
                        one.match().toString(),
                        one.several() == Choice.LEAVE
                                ? Choice.REFUSE.name()
                                : one.several().name(),
                        Boolean.toString(one.mirrorsCascade())))
                .orElse("");
        return sha256(String.join(
                "\0",
                kind.name(),
                String.valueOf(schema),
                table,
                id,
                old.toString(),
                fresh.toString(),
                looked,
                back.toString(),
                bucket.orElse("")));
    }

    /** SHA-256 of everything that the registry says of it. */
    public String sha256() {
        return sha256(definition);
    }

    private static String sha256(String text) {
        return Digests.sha256(text.getBytes(StandardCharsets.UTF_8));
    }
}
