package dev.mediaferry.ledger;

import java.util.List;

/**
 * How large the ledger is; the JSON document of {@code ledger size}.
 *
 * @param bytes on the database's disk, indexes and room for new rows included
 * @param rows of transfers, attempts and runs
 * @param perLink bytes of the transfers' table, with indexes, for each of its rows; 0 without rows
 * @param transfers by state, with the bytes of the rows themselves
 */
public record LedgerSize(long bytes, long rows, long perLink, List<Table> tables, List<State> transfers) {

    /** @param bytes with its indexes */
    public record Table(String name, long bytes) {}

    /** @param bytes of the rows themselves */
    public record State(String state, long rows, long bytes) {}

    /** @return bytes of the transfers themselves */
    public long content() {
        return transfers.stream().mapToLong(State::bytes).sum();
    }
}
