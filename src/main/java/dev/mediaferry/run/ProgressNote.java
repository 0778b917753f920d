package dev.mediaferry.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * How far a run is, for the ledger.
 *
 * @param document a {@link RunProgress} in JSON
 */
public record ProgressNote(long run, String document) {

    static ProgressNote of(Run run) {
        try {
            return new ProgressNote(run.id(), JsonMapper.builder().build().writeValueAsString(RunProgress.of(run)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("counts that are no JSON", e);
        }
    }
}
