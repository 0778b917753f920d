package dev.mediaferry.run;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What a large column is searched by.
 *
 * @param rows that each run looks at without an index
 * @param index that holds the rows that may have to be moved and no others; null when there is none
 * @param create statement that makes such an index; null when it is there
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScanIndex(String field, long rows, String index, String create) {}
