package dev.mediaferry.api;

import java.util.Map;

/**
 * What the API answers.
 *
 * @param document becomes JSON; null for none
 * @param headers by name
 */
public record ApiAnswer(int status, Object document, Map<String, String> headers) {

    public ApiAnswer {
        headers = Map.copyOf(headers);
    }

    public ApiAnswer(int status, Object document) {
        this(status, document, Map.of());
    }

    public static ApiAnswer ok(Object document) {
        return new ApiAnswer(200, document);
    }

    public static ApiAnswer nothing() {
        return new ApiAnswer(204, null);
    }
}
