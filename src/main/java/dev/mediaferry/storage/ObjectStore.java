package dev.mediaferry.storage;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.link.Authority;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.bootstrap.HttpRequester;
import org.apache.hc.core5.http.impl.bootstrap.RequesterBootstrap;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnectionFactory;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.http.protocol.RequestContent;
import org.apache.hc.core5.http.protocol.RequestExpectContinue;
import org.apache.hc.core5.http.protocol.RequestUserAgent;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.apache.ProxyConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Makes the S3 client that the routes' endpoints use. */
public final class ObjectStore {

    /** Larger objects go part by part, so that a broken connection costs a part, and no store's limit is met. */
    public static final long LARGEST_PUT = 64_000_000;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** From sending a request to the first byte of its answer; a store that takes longer is taken for down. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    /** Stores close idle connections after a minute or so; ours are given up before that. */
    private static final Timeout IDLE_CONNECTION = Timeout.ofSeconds(30);

    /**
     * What is larger is sent when the store has said that it wants it. Asking costs a round trip, more than most pictures
     * take to send: AWS's clients for other languages draw the line here or at twice as much.
     */
    private static final long ASK_FIRST = 1 << 20;

    /** Sends the head and the body of most pictures in one write. */
    private static final int BUFFER = 64 * 1024;

    private ObjectStore() {}

    /** @return a client of the configured store that also reaches those where objects of the ledger are since earlier */
    public static S3Client client(Buckets buckets, int connections) {
        S3Client configured = client(buckets.standard(), connections);
        boolean elsewhere = buckets.known().stream().map(Place::of).anyMatch(place -> !place.store()
                .equals(Place.of(buckets.standard()).store()));
        return elsewhere ? new StoreClient(configured, buckets, connections) : configured;
    }

    /** @param connections how many requests may be under way at once */
    public static S3Client client(StorageSettings storage, int connections) {
        AwsCredentialsProvider credentials = credentials(storage);
        ProxyConfiguration proxy = proxy(storage.requestAddress());
        S3ClientBuilder sdk = S3Client.builder()
                .credentialsProvider(credentials)
                .region(Region.of(storage.region()))
                .forcePathStyle(storage.pathStyle())
                .httpClientBuilder(ApacheHttpClient.builder()
                        .maxConnections(connections)
                        .connectionTimeout(CONNECT_TIMEOUT)
                        .proxyConfiguration(proxy)
                        .socketTimeout(ANSWER_TIMEOUT));
        boolean standIn = storage.endpoint() != null && TrueHost.isNeeded(storage.endpoint());
        sdk.overrideConfiguration(config -> {
            storage.puts().bucketOwner().ifPresent(owner -> config.addExecutionInterceptor(new ExpectedOwner(owner)));
            if (standIn) {
                config.addExecutionInterceptor(TrueHost.of(storage.endpoint()));
            }
        });
        if (storage.endpoint() != null) {
            // R2, Google and Ceph have refused the checksums that the SDK adds by itself since 2.30.
            URI endpoint = storage.endpoint();
            sdk.endpointOverride(standIn ? TrueHost.standIn(endpoint) : endpoint)
                    .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                    .serviceConfiguration(config -> config.chunkedEncodingEnabled(false));
        }
        S3Client complete = sdk.build();
        return new FastPutS3Client(
                complete,
                storage,
                credentials,
                http(connections),
                Timeout.of(CONNECT_TIMEOUT),
                !isFor(proxy, storage.requestAddress()));
    }

    static AwsCredentialsProvider credentials(StorageSettings storage) {
        return storage.accessKey().isPresent()
                ? StaticCredentialsProvider.create(keys(storage))
                : DefaultCredentialsProvider.builder().build();
    }

    private static AwsCredentials keys(StorageSettings storage) {
        String key = storage.accessKey().orElseThrow();
        String secret = storage.secretKey().orElseThrow();
        return storage.sessionToken().isPresent()
                ? AwsSessionCredentials.create(
                        key, secret, storage.sessionToken().get())
                : AwsBasicCredentials.create(key, secret);
    }

    /** That of the environment (HTTPS_PROXY, NO_PROXY) or of Java (https.proxyHost); none for a store on this machine. */
    private static ProxyConfiguration proxy(URI store) {
        boolean near = Authority.of(store).host().matches("localhost|127(\\.\\d+){3}|\\[::1]");
        return ProxyConfiguration.builder()
                .scheme(store.getScheme())
                .useSystemPropertyValues(!near)
                .useEnvironmentVariableValues(!near)
                .build();
    }

    private static boolean isFor(ProxyConfiguration proxy, URI store) {
        String host = Authority.of(store).host().toLowerCase(Locale.ROOT);
        return proxy.host() != null && proxy.nonProxyHosts().stream().noneMatch(host::matches);
    }

    /** Every request about a bucket says whose it is expected to be. */
    private record ExpectedOwner(String account) implements ExecutionInterceptor {

        @Override
        public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
            return context.request() instanceof CreateBucketRequest
                    ? context.httpRequest()
                    : context.httpRequest().toBuilder()
                            .putHeader(FastPutS3Client.BUCKET_OWNER, account)
                            .build();
        }
    }

    /**
     * Asks for the bucket, so that a wrong name or key is reported before the first download.
     *
     * @throws ConfigurationException when the bucket is not there, or the keys do not open it
     * @throws ServiceUnreachableException when the store does not answer
     */
    public static void check(S3Client client, StorageSettings storage) {
        if (!exists(client, storage)) {
            throw new ConfigurationException("mediaferry.storage.bucket: " + where(storage) + " has no bucket '"
                    + storage.bucket()
                    + "'; create it (mediaferry bucket setup), or set the name of an existing one");
        }
    }

    /**
     * @throws ConfigurationException when the keys do not open the bucket, or it is in another region
     * @throws ServiceUnreachableException when the store does not answer
     */
    static boolean exists(S3Client client, StorageSettings storage) {
        String where = where(storage);
        try {
            client.headBucket(request -> request.bucket(storage.bucket()));
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return false;
            }
            if (e.statusCode() == 301 && storage.endpoint() != null) {
                // Not S3's way to say something, so there is something under the bucket's name.
                return true;
            }
            if (e.statusCode() == 301) {
                throw new ConfigurationException("mediaferry.storage.region: bucket '" + storage.bucket()
                        + "' is in another region than " + storage.region());
            }
            if (e.statusCode() == 401 || e.statusCode() == 403) {
                throw new ConfigurationException(
                        "mediaferry.storage.access-key: " + where + " does not let these keys into bucket '"
                                + storage.bucket() + "' (HTTP " + e.statusCode() + ")");
            }
            throw new ServiceUnreachableException(
                    "the object store at " + where + " answers HTTP " + e.statusCode(), e);
        } catch (SdkException e) {
            throw new ServiceUnreachableException(
                    "cannot reach the object store at " + where + ": " + e.getMessage(), e);
        }
    }

    /** @return what a message calls the store */
    static String where(StorageSettings storage) {
        return storage.endpoint() == null
                ? "AWS " + storage.region()
                : storage.endpoint().toString();
    }

    private static HttpRequester http(int connections) {
        return RequesterBootstrap.bootstrap()
                .setHttpProcessor(HttpProcessorBuilder.create()
                        .addAll(RequestContent.INSTANCE, new RequestUserAgent("Mediaferry"), ObjectStore::askFirst)
                        .build())
                .setSocketConfig(SocketConfig.custom()
                        .setSoTimeout(Timeout.of(ANSWER_TIMEOUT))
                        .setTcpNoDelay(true)
                        .build())
                .setConnectionFactory(DefaultBHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom().setBufferSize(BUFFER).build())
                        .build())
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                .setMaxTotal(connections)
                .setDefaultMaxPerRoute(connections)
                .setTimeToLive(IDLE_CONNECTION)
                .create();
    }

    private static void askFirst(HttpRequest request, EntityDetails body, HttpContext context)
            throws HttpException, IOException {
        if (body != null && body.getContentLength() > ASK_FIRST) {
            RequestExpectContinue.INSTANCE.process(request, body, context);
        }
    }
}
