package dev.mediaferry.resolve;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;

/**
 * The HTTP client of the resolvers: no redirects, no cookies, no second try, a limit for the whole request and one for the
 * answer, which is taken in before anybody sees it. The addresses are the operator's, so they are not guarded.
 */
public final class ResolverClient implements AutoCloseable {

    /** From looking up the name to the last byte. */
    public static final Duration LONGEST = Duration.ofSeconds(10);

    /** Eight times what the longest link needs. */
    static final int MAX_BYTES = 64 * 1024;

    /** A name with several addresses may take this long for each, beyond the limit. */
    private static final Timeout LONGEST_CONNECT = Timeout.ofSeconds(5);

    private static final Timeout TRUSTED = Timeout.ofMilliseconds(100);

    private final ScheduledExecutorService clock;
    private final Duration longest;
    private final CloseableHttpClient client;

    /** @param connections at the same time */
    public ResolverClient(int connections, Duration longest) {
        this.longest = longest;
        this.clock = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "resolver-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        Timeout timeout = Timeout.of(longest);
        this.client = HttpClientBuilder.create()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnTotal(connections)
                        .setMaxConnPerRoute(connections)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(LONGEST_CONNECT)
                                .setSocketTimeout(timeout)
                                .setValidateAfterInactivity(TRUSTED)
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(timeout)
                        .setResponseTimeout(timeout)
                        .build())
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableAutomaticRetries()
                .setUserAgent("Mediaferry")
                .addExecInterceptorFirst("limits", this::limited)
                .build();
    }

    /** @return what the route's endpoint uses */
    public CloseableHttpClient client() {
        return client;
    }

    private ClassicHttpResponse limited(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        AtomicBoolean expired = new AtomicBoolean();
        ScheduledFuture<?> end = clock.schedule(
                () -> {
                    expired.set(true);
                    scope.execRuntime.discardEndpoint();
                },
                longest.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            return takenIn(chain.proceed(request, scope), scope);
        } catch (IOException | RuntimeException e) {
            if (expired.get()) {
                InterruptedIOException timeout =
                        new InterruptedIOException("not done after " + longest.toMillis() + " ms");
                timeout.initCause(e);
                throw timeout;
            }
            throw e;
        } finally {
            end.cancel(false);
        }
    }

    private static ClassicHttpResponse takenIn(ClassicHttpResponse response, ExecChain.Scope scope) throws IOException {
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return response;
        }
        try (InputStream body = entity.getContent()) {
            byte[] bytes = body.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                // Closing a body would read it to its end.
                scope.execRuntime.discardEndpoint();
                throw new IOException("the answer has more than " + MAX_BYTES + " bytes");
            }
            response.setEntity(new ByteArrayEntity(bytes, ContentType.APPLICATION_OCTET_STREAM));
            return response;
        }
    }

    @Override
    public void close() throws IOException {
        clock.shutdownNow();
        client.close();
    }
}
