package dev.mediaferry.api;

/**
 * What the API answers.
 *
 * @param document becomes JSON; null for none
 */
public record ApiAnswer(int status, Object document) {

    public static ApiAnswer ok(Object document) {
        return new ApiAnswer(200, document);
    }

    public static ApiAnswer nothing() {
        return new ApiAnswer(204, null);
    }
}
