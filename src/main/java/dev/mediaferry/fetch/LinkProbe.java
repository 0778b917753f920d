package dev.mediaferry.fetch;

import dev.mediaferry.link.Authority;
import dev.mediaferry.link.Link;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;

/** Asks addresses whether they answer, as a browser would: with GET, but without taking what they send. */
public final class LinkProbe implements AutoCloseable {

    private final FetchSettings settings;
    private final MediaClient guarded;
    private final Map<String, MediaClient> own = new ConcurrentHashMap<>();

    public LinkProbe(FetchSettings settings) {
        this.settings = settings;
        this.guarded = new MediaClient(settings);
    }

    /**
     * @param ours true for an address that the operator has set, which is asked wherever it is; any other is asked as a
     *     download would, at the pace of its host
     * @param bytes that the answer should have; empty when that is not known
     * @return what is wrong; empty when it answers as it should
     */
    public Optional<String> problem(Link link, boolean ours, OptionalLong bytes) {
        try {
            if (!ours) {
                Thread.sleep(settings.pace().of(link.host()).toMillis());
            }
            return ask(ours ? ofOwn(link) : guarded, link, bytes);
        } catch (IOException e) {
            return Optional.of("no answer: " + e.getClass().getSimpleName() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private MediaClient ofOwn(Link link) {
        Authority authority = Authority.of(link.uri());
        return own.computeIfAbsent(
                authority.host() + ":" + authority.port(), place -> new MediaClient(settings.reaching(place)));
    }

    private static Optional<String> ask(MediaClient client, Link link, OptionalLong bytes) throws IOException {
        URI address = URI.create(MediaClient.endpoint(link.uri().toString()));
        HttpHost host = new HttpHost(address.getScheme(), address.getHost(), address.getPort());
        try (ClassicHttpResponse answer = client.executeOpen(host, new BasicClassicHttpRequest("GET", address), null)) {
            if (answer.getCode() != 200) {
                return Optional.of("HTTP " + answer.getCode());
            }
            Header length = answer.getFirstHeader(HttpHeaders.CONTENT_LENGTH);
            boolean encoded = answer.getFirstHeader(HttpHeaders.CONTENT_ENCODING) != null;
            return length == null
                            || encoded
                            || bytes.isEmpty()
                            || length.getValue().equals(Long.toString(bytes.getAsLong()))
                    ? Optional.empty()
                    : Optional.of(length.getValue() + " bytes instead of " + bytes.getAsLong());
        }
    }

    @Override
    public void close() {
        guarded.close();
        own.values().forEach(MediaClient::close);
    }
}
