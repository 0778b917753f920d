package dev.mediaferry.status;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What one process has claimed.
 *
 * @param host null, like {@code pid}, when nobody knows the process any more
 * @param rows that it has claimed and not settled yet
 * @param since when the first of them was claimed, in ISO 8601
 * @param alive false when the next run takes the rows back
 */
public record ClaimStatus(
        int worker, @JsonInclude String host, @JsonInclude Long pid, long rows, String since, boolean alive) {}
