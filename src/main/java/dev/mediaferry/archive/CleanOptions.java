package dev.mediaferry.archive;

import java.time.Duration;
import java.util.List;

/**
 * Which local files go.
 *
 * @param archives names of entries
 * @param olderThan files of rows that were archived since are kept
 * @param dryRun true to read and compare everything, and delete nothing
 */
public record CleanOptions(List<String> archives, Duration olderThan, boolean dryRun) {

    public CleanOptions {
        archives = List.copyOf(archives);
    }
}
