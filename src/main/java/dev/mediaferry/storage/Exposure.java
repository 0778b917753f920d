package dev.mediaferry.storage;

import dev.mediaferry.ledger.LedgerId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** Finds out whether objects under a key can be read without a signature, by putting one there, asking for it, and removing it again. */
public final class Exposure {

    private static final Duration ANSWER = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Exposure.class);

    private final Supplier<S3Client> client;
    private final LedgerId ledger;
    private final Optional<URI> endpoint;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(ANSWER)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();

    /** @param endpoint where clients reach the store; empty where it is the same as for this process */
    public Exposure(Supplier<S3Client> client, LedgerId ledger, Optional<URI> endpoint) {
        this.client = client;
        this.ledger = ledger;
        this.endpoint = endpoint;
    }

    /**
     * @param key that nobody else uses
     * @param incoming true for what a client puts there, false for what is promoted to where only signed URLs lead
     * @return an address that answers with it; empty when none does
     */
    public Optional<URI> find(StorageSettings bucket, String key, boolean incoming) {
        PutObjectResponse put = client.get()
                .putObject(
                        request -> request.bucket(bucket.bucket())
                                .key(key)
                                .contentType("text/plain")
                                .acl(
                                        incoming
                                                ? null
                                                : Promotion.acl(bucket, false).orElse(null))
                                .metadata(Map.of(Provenance.LEDGER, ledger.toString())),
                        RequestBody.fromBytes("nobody may read this".getBytes(StandardCharsets.US_ASCII)));
        try {
            return addresses(bucket, key).stream().filter(this::answers).findFirst();
        } finally {
            client.get()
                    .deleteObject(
                            request -> request.bucket(bucket.bucket()).key(key).versionId(put.versionId()));
        }
    }

    private Set<URI> addresses(StorageSettings bucket, String key) {
        Set<URI> addresses = new LinkedHashSet<>();
        addresses.add(URI.create(bucket.requestAddress() + "/" + key));
        endpoint.ifPresent(
                address -> addresses.add(URI.create(bucket.reachedAt(address).requestAddress() + "/" + key)));
        addresses.add(URI.create(bucket.target(key)));
        return addresses;
    }

    private boolean answers(URI address) {
        try {
            int status = http.send(
                            HttpRequest.newBuilder(address).timeout(ANSWER).build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            return status / 100 == 2;
        } catch (IOException e) {
            LOG.warn("{} does not answer, so nothing says whether it keeps what is private: {}", address, e.toString());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
