package dev.mediaferry.storage;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which stores take objects by forms. Not all do: Cloudflare R2 answers 501. A form that has expired is refused by those that do,
 * so asking leaves nothing behind.
 */
public final class FormSupport {

    private static final Logger LOG = LoggerFactory.getLogger(FormSupport.class);

    private static final Set<Integer> NOT_OFFERED = Set.of(405, 501);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration LONG_AGO = Duration.ofHours(-1);

    private final SignedRequests signed;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(ANSWER).build();
    private final Map<String, Boolean> known = new ConcurrentHashMap<>();

    /** @param storage of the store, as this process reaches it */
    public FormSupport(StorageSettings storage) {
        this.signed = new SignedRequests(storage, Optional.empty(), Duration.ofMinutes(1));
    }

    /** Asks the store once; while it does not answer, it is believed to take forms. */
    public boolean isIn(StorageSettings bucket) {
        Boolean before = known.get(bucket.bucket());
        if (before != null) {
            return before;
        }
        try {
            int status = ask(bucket);
            if (status < 500 || NOT_OFFERED.contains(status)) {
                known.put(bucket.bucket(), !NOT_OFFERED.contains(status));
            }
            return !NOT_OFFERED.contains(status);
        } catch (IOException e) {
            LOG.debug("{} does not say whether it takes forms", bucket.bucket(), e);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private int ask(StorageSettings bucket) throws IOException, InterruptedException {
        SignedForm form = signed.form(bucket, ".mediaferry-probe-" + UUID.randomUUID(), "text/plain", 0, 1, LONG_AGO);
        String boundary = "mediaferry-" + UUID.randomUUID();
        StringBuilder body = new StringBuilder();
        form.fields().forEach((name, value) -> body.append(part(boundary, "\"" + name + "\"", value)));
        body.append(part(boundary, "\"file\"; filename=\"probe\"", "x"))
                .append("--")
                .append(boundary)
                .append("--\r\n");
        HttpRequest request = HttpRequest.newBuilder(form.url())
                .timeout(ANSWER)
                .header("content-type", "multipart/form-data; boundary=" + boundary)
                .POST(HttpRequest.BodyPublishers.ofString(body.toString(), StandardCharsets.UTF_8))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static String part(String boundary, String name, String value) {
        return "--" + boundary + "\r\ncontent-disposition: form-data; name=" + name + "\r\n\r\n" + value + "\r\n";
    }
}
