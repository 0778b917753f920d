package dev.mediaferry.storage;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Whether pages of some origin may upload to a bucket, asked as their browsers ask (https://fetch.spec.whatwg.org/#http-cors-protocol). */
final class Preflight {

    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** What a browser asks before it sends a page's request that has these headers. */
    private static final String SENT = "content-type";

    private final StorageSettings bucket;
    private final SignedRequests signed;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(ANSWER).build();

    /** @param endpoint where browsers reach the store; empty where it is the same as for this process */
    Preflight(StorageSettings bucket, Optional<URI> endpoint) {
        this.bucket = bucket;
        this.signed = new SignedRequests(bucket, endpoint, Duration.ofMinutes(1));
    }

    /** @return why pages of this origin cannot upload; empty when they can */
    Optional<String> refusal(String origin) {
        URI object =
                signed.get(bucket, ".mediaferry-probe-" + UUID.randomUUID()).url();
        try {
            for (String method : List.of("PUT", "POST", "GET")) {
                Optional<String> refused = asked(object, origin, method);
                if (refused.isPresent()) {
                    return refused;
                }
            }
            HttpHeaders answer = send(HttpRequest.newBuilder(object).header("Origin", origin))
                    .headers();
            return lists(answer, "access-control-expose-headers", "etag")
                    ? Optional.empty()
                    : Optional.of("the store does not expose ETag to " + origin + ", so parts cannot be put together");
        } catch (IOException e) {
            return Optional.of(object.getScheme() + "://" + object.getRawAuthority() + " does not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private Optional<String> asked(URI object, String origin, String method) throws IOException, InterruptedException {
        HttpResponse<Void> answer =
                send(HttpRequest.newBuilder(URI.create(object.toString().replaceFirst("\\?.*", "")))
                        .method("OPTIONS", BodyPublishers.noBody())
                        .header("Origin", origin)
                        .header("Access-Control-Request-Method", method)
                        .header("Access-Control-Request-Headers", SENT));
        String allowed =
                answer.headers().firstValue("access-control-allow-origin").orElse("");
        boolean passes = answer.statusCode() / 100 == 2
                && (allowed.equals("*") || allowed.equals(origin))
                && lists(answer.headers(), "access-control-allow-methods", method)
                && lists(answer.headers(), "access-control-allow-headers", SENT);
        return passes ? Optional.empty() : Optional.of("the store does not let pages of " + origin + " send " + method);
    }

    private HttpResponse<Void> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.timeout(ANSWER).build(), HttpResponse.BodyHandlers.discarding());
    }

    private static boolean lists(HttpHeaders headers, String name, String value) {
        return headers.allValues(name).stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(String::strip)
                .anyMatch(listed ->
                        listed.equals("*") || listed.toLowerCase(Locale.ROOT).equals(value.toLowerCase(Locale.ROOT)));
    }
}
