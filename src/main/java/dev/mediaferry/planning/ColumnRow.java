package dev.mediaferry.planning;

/**
 * A row of a column, as its page is read.
 *
 * @param position of a transfer, where the page is one of rows that were moved; else null, and the id tells where the next page starts
 * @param source what the column holds
 * @param link that the ledger remembers for a row that was moved; else null
 * @param made when the link came into the row; null when nothing tells
 */
public record ColumnRow(Long position, String id, String source, String link, String made) {

    /** Where the page after this row starts. */
    String next() {
        return position == null ? id : position.toString();
    }
}
