package dev.mediaferry.run;

import java.nio.file.Path;
import java.util.Map;

/**
 * A folder as it was listed. The list itself is a table that a crash of the database empties: what is read of it is compared with
 * these counts.
 *
 * @param planned files that are to be imported, by entry
 * @param skipped files that are left out, by entry
 */
public record ScannedFolder(Path path, Map<String, Long> planned, Map<String, Long> skipped) {

    public ScannedFolder {
        planned = Map.copyOf(planned);
        skipped = Map.copyOf(skipped);
    }

    public long planned(String entry) {
        return planned.getOrDefault(entry, 0L);
    }

    public long skipped(String entry) {
        return skipped.getOrDefault(entry, 0L);
    }
}
