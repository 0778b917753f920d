package dev.mediaferry.status;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * How everything stands; the JSON document of {@code status}.
 *
 * @param claims by process, the oldest first
 * @param pauses of buckets that refuse everything
 * @param hosts that are slowed down or shut out
 * @param runs the last ones, newest first
 * @param nextRun when the schedule starts the next run, in ISO 8601; null without a schedule
 * @param mediaEvents what happened to media, and who has heard of it
 * @param films what films are made smaller with, or why they are not; null where the registry has none made
 * @param pictures what HEIC and AVIF are decoded with, or why they are not; null where the registry has nothing made of pictures
 */
public record Status(
        List<FieldStatus> fields,
        List<ClaimStatus> claims,
        List<PauseStatus> pauses,
        List<HostStatus> hosts,
        List<RunStatus> runs,
        String nextRun,
        EventStatus mediaEvents,
        String films,
        String pictures) {

    /**
     * A run as the ledger has it.
     *
     * @param state running, done, interrupted
     * @param report as the run ended, or null
     */
    public record RunStatus(long run, String started, String finished, String state, JsonNode report) {}
}
