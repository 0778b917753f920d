package dev.mediaferry.planning;

import dev.mediaferry.run.ScanProgress;

/** How many rows of an entry need no moving, for one reason. */
public record SkippedRows(ScanProgress.Skip skip, long rows) {}
