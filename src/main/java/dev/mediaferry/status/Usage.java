package dev.mediaferry.status;

import dev.mediaferry.ledger.Database;
import java.util.List;

/**
 * What the objects take that this ledger has stored, as it knows them; the JSON document of {@code status --usage}.
 *
 * @param objects an object that rows of several entries share counts for each
 */
public record Usage(List<Part> parts, long objects, long bytes) {

    /**
     * Objects of one entry and type.
     *
     * @param type as the bytes tell it
     * @param rows that lead to them
     */
    public record Part(String entry, String type, long rows, long objects, long bytes) {}

    /** Reads the ledger once. */
    public static Usage of(Database database) {
        List<Part> parts = database.client()
                .sql(Database.statement("usage"))
                .query((rs, row) -> new Part(
                        rs.getString("entry"),
                        rs.getString("type"),
                        rs.getLong("rows"),
                        rs.getLong("objects"),
                        rs.getLong("bytes")))
                .list();
        return new Usage(
                parts,
                parts.stream().mapToLong(Part::objects).sum(),
                parts.stream().mapToLong(Part::bytes).sum());
    }
}
