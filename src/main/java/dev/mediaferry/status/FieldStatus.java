package dev.mediaferry.status;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Map;

/**
 * How one field stands.
 *
 * @param pending rows to be moved that no run has tried yet
 * @param migrated rows whose pointer leads to our bucket by our doing
 * @param waiting rows that were tried and will be tried again
 * @param dead rows that will not, by kind of failure
 * @param oldestPending when the ledger first saw the oldest row that is pending or waiting; null without any
 * @param atRisk rows pending or waiting whose link ends before the next scheduled run
 * @param promise whether links are moved in time; null for imports
 */
public record FieldStatus(
        String field,
        long pending,
        long migrated,
        long waiting,
        Map<String, Long> dead,
        @JsonProperty("oldestPending") String oldestPending,
        long atRisk,
        Promise promise) {

    static String text(Instant instant) {
        return instant == null ? null : instant.toString();
    }

    public long deadTotal() {
        return dead.values().stream().mapToLong(Long::longValue).sum();
    }
}
