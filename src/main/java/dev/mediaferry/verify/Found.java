package dev.mediaferry.verify;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What is known of a link or an object; the JSON document of {@code lookup}. Links are without their queries, in which a signature
 * may be; times are in ISO 8601.
 *
 * @param transfers newest first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Found(String asked, List<Moved> transfers, List<Held> records, List<Stored> objects) {

    /**
     * A transfer as the ledger has it.
     *
     * @param record what it is about holds now; null when the row is gone, or its entry is not in the registry any more
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Moved(
            long transfer,
            String entry,
            String row,
            String state,
            String failure,
            String message,
            int attempts,
            Long run,
            String source,
            String requested,
            String target,
            String key,
            String objectState,
            Long bytes,
            String contentType,
            String sha256,
            String deadline,
            String found,
            String updated) {}

    /**
     * A row of the registry's tables.
     *
     * @param holds target, source, or something else, seen from its transfer; the link when no transfer knows of it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Held(String entry, String id, Long transfer, String holds, String value) {}

    /**
     * An object as the store has it.
     *
     * @param there false when the bucket has none of that key
     * @param ledger the id that it carries, if any
     * @param ours true when that is this ledger's
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Stored(
            String bucket,
            String key,
            boolean there,
            Long bytes,
            String contentType,
            String etag,
            String ledger,
            Boolean ours,
            Long transfer) {}

    /** @return true when nothing is known at all */
    public boolean nothing() {
        return transfers.isEmpty() && records.isEmpty() && objects.stream().noneMatch(Stored::there);
    }
}
