package dev.mediaferry.entry;

import dev.mediaferry.content.Digests;
import dev.mediaferry.registry.Reference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A reference of the registry, as the database has its tables.
 *
 * @param relation what commands call the table: with its schema
 * @param table quoted, with its schema
 * @param oid of the table
 * @param idType of the column that tells rows apart
 * @param types of the new columns
 * @param lookup the table whose ids take the place of keys, for that kind
 * @param prefix our public address with the slash after it, which stands before a key
 * @param side where the old columns are
 */
public record ReferenceTable(
        Reference reference,
        String relation,
        String table,
        long oid,
        String idType,
        List<String> types,
        Optional<Target> lookup,
        String prefix,
        Side side) {

    private static final int LONGEST = 63;
    private static final int DIGITS = 8;

    /** Where the old columns are. */
    public enum Side {
        /** Under their names. */
        NAMED,
        /** Under the names that {@link #retired} gives them. */
        RETIRED,
        /** Nowhere any more. */
        GONE
    }

    /**
     * @param relation what commands call it
     * @param table quoted, with its schema
     * @param types of the columns in which both rows must agree
     * @param needsId true when nothing gives a new row its id
     * @param ofLedger true for the media of the ledger
     */
    public record Target(
            String relation,
            String table,
            long oid,
            String idType,
            Map<String, String> types,
            boolean needsId,
            boolean ofLedger) {

        public Target {
            types = Map.copyOf(types);
        }
    }

    public ReferenceTable {
        types = List.copyOf(types);
    }

    public String name() {
        return reference.name();
    }

    /** SHA-256 of all that a proof is about: what the registry says of it, and our public address. */
    public String definition() {
        return Digests.sha256((reference.sha256() + prefix).getBytes(StandardCharsets.UTF_8));
    }

    /** @return the name of a table while a view has its own */
    public static String behind(String table) {
        return bounded(table, "~table");
    }

    /** @return the name of a column that nobody is to use any more */
    public static String retired(String column) {
        return bounded(column, "~retired");
    }

    /** @return a name of at most 63 bytes, the most that PostgreSQL keeps, and another one for each beginning */
    public static String bounded(String beginning, String end) {
        String whole = beginning + end;
        if (whole.getBytes(StandardCharsets.UTF_8).length <= LONGEST) {
            return whole;
        }
        String mark =
                "~" + Digests.sha256(whole.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS) + end;
        String kept = beginning;
        while ((kept + mark).getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            kept = kept.substring(0, kept.offsetByCodePoints(kept.length(), -1));
        }
        return kept + mark;
    }
}
