package dev.mediaferry.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * First line of a plan.
 *
 * @param rows that follow, by field, in the order of the fields
 * @param summary for readers of the file; nothing depends on it
 */
record PlanHeader(int format, String created, PlanScope scope, Map<String, Long> rows, JsonNode summary) {

    static final int FORMAT = 1;
}
