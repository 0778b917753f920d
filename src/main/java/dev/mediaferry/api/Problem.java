package dev.mediaferry.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A refusal as a document (RFC 9457), with {@code error} and {@code message} beside it, which uploaders show.
 *
 * @param headers that go with it
 */
public record Problem(ProblemType type, String detail, Map<String, String> headers) {

    public static final String CONTENT_TYPE = "application/problem+json";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public Problem {
        headers = Map.copyOf(headers);
    }

    public Problem(ProblemType type, String detail) {
        this(type, detail, Map.of());
    }

    public int status() {
        return type.status();
    }

    public String json() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", "urn:mediaferry:problem:" + type.code());
        document.put("title", type.title());
        document.put("status", type.status());
        document.put("detail", detail);
        document.put("error", type.code());
        document.put("message", detail);
        try {
            return JSON.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts are always JSON", e);
        }
    }
}
