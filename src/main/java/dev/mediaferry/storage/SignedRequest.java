package dev.mediaferry.storage;

import java.net.URI;
import java.time.Instant;
import java.util.Map;

/**
 * A request to the store that somebody without keys may send.
 *
 * @param url anybody who knows it may use it
 * @param headers that have to be sent just so; the length is what the client sends by itself
 * @param expires until then
 */
public record SignedRequest(String method, URI url, Map<String, String> headers, Instant expires) {

    public SignedRequest {
        headers = Map.copyOf(headers);
    }

    /** Without what lets somebody in. */
    @Override
    public String toString() {
        return method + " " + url.getRawPath();
    }
}
