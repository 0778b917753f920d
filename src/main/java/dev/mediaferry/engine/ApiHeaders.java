package dev.mediaferry.engine;

import java.util.Locale;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * Camel merges header, query and path parameter of one name into a list. Of a request of the API only what its path names becomes a
 * header of the message, so neither of the others can pass for it; {@link ApiSteps} takes these from the request itself. Of a
 * message only what is meant for clients becomes a header of the answer.
 */
final class ApiHeaders implements HeaderFilterStrategy {

    private static final Set<String> ANSWERED = Set.of(
            "content-type",
            "location",
            "retry-after",
            "ratelimit",
            "ratelimit-policy",
            "www-authenticate",
            "cache-control");

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !ANSWERED.contains(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return true;
    }
}
