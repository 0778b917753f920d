package dev.mediaferry.derivatives;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mediaferry.derivatives.Output.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a job has ended.
 *
 * @param failure null when it is done
 */
public record JobResult(Job job, Facts facts, List<Output> outputs, Failure failure) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public JobResult {
        outputs = List.copyOf(outputs);
    }

    /**
     * What was learnt of a medium on the way.
     *
     * @param metadata is put into that of the medium
     * @param width with height as it is shown, upright; null where that is not known
     * @param duration seconds; null for pictures
     */
    public record Facts(Map<String, Object> metadata, Integer width, Integer height, Double duration) {

        public static final Facts NONE = new Facts(Map.of(), null, null, null);

        public Facts {
            metadata = Map.copyOf(metadata);
        }
    }

    /**
     * Why a job is not done.
     *
     * @param label of a {@link dev.mediaferry.failure.FailureKind}
     * @param message a sentence for a person
     * @param again after which time it is tried again; null to give up
     * @param counted false when it had nothing to do with the job
     */
    public record Failure(String label, String message, Duration again, boolean counted) {}

    public static JobResult done(Job job, Facts facts, List<Output> outputs) {
        return new JobResult(job, facts, outputs, null);
    }

    public static JobResult failed(Job job, Failure failure) {
        return new JobResult(job, Facts.NONE, List.of(), failure);
    }

    /** @return parameters of {@code derive-settle.sql} */
    public Map<String, Object> parameters() {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("id", job.id());
        parameters.put("worker", job.worker());
        parameters.put("state", failure == null ? "done" : failure.again() == null ? "dead" : "waiting");
        parameters.put(
                "delay",
                failure == null || failure.again() == null
                        ? 0.0
                        : failure.again().toMillis() / 1000.0);
        parameters.put("counted", failure == null || failure.counted());
        parameters.put("failure", failure == null ? null : failure.label());
        parameters.put("message", failure == null ? null : failure.message());
        parameters.put(
                "millis",
                Math.max(0, Duration.between(job.claimed(), Instant.now()).toMillis()));
        parameters.put("outputs", json(outputs.stream().map(JobResult::row).toList()));
        parameters.put("parts", json(parts()));
        parameters.put("metadata", json(facts.metadata()));
        parameters.put("thumbnailUrl", Thumbnails.best(outputs));
        parameters.put("width", facts.width());
        parameters.put("height", facts.height());
        parameters.put("duration", facts.duration());
        return parameters;
    }

    private static Map<String, Object> row(Output output) {
        Map<String, Object> row = slot(output);
        row.put("version", output.version());
        row.put("state", output.state().name().toLowerCase(java.util.Locale.ROOT));
        row.put("message", output.message());
        row.put("width", output.width());
        row.put("height", output.height());
        row.put("bitrate", output.bitrate());
        row.put("cache_seconds", 0);
        StoredObject stored = output.stored();
        if (stored != null) {
            object(row, stored);
            row.put("cdn_url", stored.url());
            row.put("content_type", stored.contentType());
            row.put("cache_seconds", stored.cacheSeconds());
        }
        return row;
    }

    private List<Map<String, Object>> parts() {
        List<Map<String, Object>> parts = new ArrayList<>();
        for (Output output : outputs) {
            for (StoredObject part : output.parts()) {
                Map<String, Object> row = slot(output);
                object(row, part);
                parts.add(row);
            }
        }
        return parts;
    }

    private static Map<String, Object> slot(Output output) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kind", output.slot().kind().label());
        row.put("size", output.slot().size());
        row.put("format", output.slot().format());
        return row;
    }

    private static void object(Map<String, Object> row, StoredObject stored) {
        row.put("storage_key", stored.key());
        row.put("bytes", stored.bytes());
        row.put("sha256", stored.sha256());
        row.put("etag", stored.etag());
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
