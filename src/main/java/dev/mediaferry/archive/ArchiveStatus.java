package dev.mediaferry.archive;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * How an archive stands.
 *
 * @param rows of the table
 * @param archived rows whose target column has a value
 * @param percent of the rows that are archived
 * @param dead letters by kind of failure
 * @param local what was found in the cache; null when nobody looked
 * @param objects what was found in the bucket; null when nobody looked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ArchiveStatus(
        String archive,
        long rows,
        long archived,
        long notArchived,
        double percent,
        List<ByType> types,
        Map<String, Long> dead,
        InCache local,
        InBucket objects) {

    /** Rows of one type of medium. */
    public record ByType(String type, long rows, long archived, double percent) {}

    /**
     * @param rows not archived yet that were looked at
     * @param withoutFile those of them whose file is not there
     * @param missing the first of those, by id
     * @param filesWithoutRow files of the cache that no row knows
     * @param strays the first of those
     */
    public record InCache(
            long rows, long withoutFile, List<String> missing, long filesWithoutRow, List<String> strays) {}

    /**
     * @param checked archived rows whose object was asked for, each once, whether the ledger knows them or not
     * @param bad those whose object is not there, or has another size
     * @param elsewhere archived rows that lead to no bucket, so that nobody was asked
     * @param findings the first of them
     */
    public record InBucket(long checked, long bad, long elsewhere, List<String> findings) {}

    static double percent(long part, long whole) {
        return whole == 0 ? 100 : Math.round(1000.0 * part / whole) / 10.0;
    }

    /** @return true when something was found that is not as it should be */
    public boolean bad() {
        return objects != null && objects.bad() > 0;
    }
}
