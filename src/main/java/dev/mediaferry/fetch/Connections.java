package dev.mediaferry.fetch;

import dev.mediaferry.address.AddressGuard;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.StandardConstants;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnectionFactory;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.ssl.DefaultTlsSetupHandler;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.LaxConnPool;
import org.apache.hc.core5.pool.PoolEntry;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** Opens connections to where the guard allows, and keeps them for the next request to the same host. */
final class Connections implements AutoCloseable {

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);
    private static final int MAX_HEADERS = 200;
    private static final int MAX_HEADER_LINE = 16 * 1024;

    /** Takes the head and the body of most pictures in one read. */
    private static final int BUFFER = 32 * 1024;

    /** Connections that waited longer are looked at before they are used again. */
    private static final long TRUSTED_MILLIS = 1000;

    private static final TimeValue LONGEST_IDLE = TimeValue.ofSeconds(20);

    private final AddressGuard guard;
    private final Timeout timeout;
    private final int connectMillis;
    private final LaxConnPool<HttpHost, HttpClientConnection> pool;
    private final DefaultHostnameVerifier names = new DefaultHostnameVerifier();
    private final DefaultTlsSetupHandler tlsSetup = DefaultTlsSetupHandler.CLIENT;
    private final DefaultBHttpClientConnectionFactory factory = DefaultBHttpClientConnectionFactory.builder()
            .http1Config(Http1Config.custom()
                    .setBufferSize(BUFFER)
                    .setMaxHeaderCount(MAX_HEADERS)
                    .setMaxLineLength(MAX_HEADER_LINE)
                    .build())
            .incomingContentLengthStrategy(new EqualLengths())
            .build();

    Connections(FetchSettings settings) {
        this.guard = settings.guard();
        this.timeout = Timeout.of(settings.timeout());
        this.connectMillis = (int) Math.min(settings.timeout().toMillis(), LONGEST_CONNECT.toMillis());
        this.pool = new LaxConnPool<>(settings.concurrency());
    }

    /** A name as it is, without Java's rules for its letters. */
    private static final class UncheckedName extends SNIServerName {
        UncheckedName(String name) {
            super(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** One connection while a request uses it. */
    final class Lease {
        private final PoolEntry<HttpHost, HttpClientConnection> entry;
        private final boolean reused;
        private boolean ended;

        private Lease(PoolEntry<HttpHost, HttpClientConnection> entry, boolean reused) {
            this.entry = entry;
            this.reused = reused;
        }

        HttpHost host() {
            return entry.getRoute();
        }

        HttpClientConnection connection() {
            return entry.getConnection();
        }

        /** True when it has served an earlier request. */
        boolean reused() {
            return reused;
        }

        /** @param reusable false to close the connection */
        synchronized void end(boolean reusable) {
            if (!ended) {
                ended = true;
                if (reusable) {
                    // The pool itself takes a connection's age for the time since it was used.
                    entry.updateExpiry(LONGEST_IDLE);
                } else {
                    entry.discardConnection(CloseMode.IMMEDIATE);
                }
                pool.release(entry, reusable);
            }
        }

        void discard() {
            end(false);
        }
    }

    /** @return a connection to the host: one that waited, or a new one */
    Lease lease(HttpHost host, RequestDeadlines.Deadline deadline) throws IOException {
        PoolEntry<HttpHost, HttpClientConnection> entry = entry(host);
        if (entry.hasConnection()) {
            HttpClientConnection waiting = entry.getConnection();
            boolean trusted = System.currentTimeMillis() - entry.getUpdated() < TRUSTED_MILLIS;
            if (trusted ? waiting.isOpen() : !waiting.isStale()) {
                deadline.watch(waiting);
                return new Lease(entry, true);
            }
            entry.discardConnection(CloseMode.IMMEDIATE);
        }
        return connect(entry, deadline);
    }

    /** @return a new connection to the host */
    Lease connect(HttpHost host, RequestDeadlines.Deadline deadline) throws IOException {
        PoolEntry<HttpHost, HttpClientConnection> entry = entry(host);
        entry.discardConnection(CloseMode.IMMEDIATE);
        return connect(entry, deadline);
    }

    void closeIdle() {
        pool.closeIdle(LONGEST_IDLE);
    }

    @Override
    public void close() {
        pool.close(CloseMode.IMMEDIATE);
    }

    private Lease connect(PoolEntry<HttpHost, HttpClientConnection> entry, RequestDeadlines.Deadline deadline)
            throws IOException {
        try {
            HttpClientConnection connection = open(entry.getRoute(), deadline);
            connection.setSocketTimeout(timeout);
            entry.assignConnection(connection);
            deadline.watch(connection);
            return new Lease(entry, false);
        } catch (IOException | RuntimeException e) {
            pool.release(entry, false);
            throw e;
        }
    }

    private PoolEntry<HttpHost, HttpClientConnection> entry(HttpHost host) throws IOException {
        try {
            return pool.lease(host, null, timeout, null).get(timeout.getDuration(), timeout.getTimeUnit());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("no free connection to " + host, e);
        }
    }

    /** Tries the addresses of a name in turn. */
    private HttpClientConnection open(HttpHost host, RequestDeadlines.Deadline deadline) throws IOException {
        boolean secure = host.getSchemeName().equals("https");
        int port = host.getPort() > 0 ? host.getPort() : secure ? 443 : 80;
        List<InetSocketAddress> addresses = guard.resolve(host.getHostName(), port);
        // A server of Java's own refuses greetings with such a name, and takes those without.
        List<Boolean> greetings = secure && isUnchecked(host) ? List.of(true, false) : List.of(true);
        IOException last = null;
        for (InetSocketAddress address : addresses) {
            for (boolean named : greetings) {
                try {
                    return open(host, address, named, deadline);
                } catch (IOException e) {
                    if (deadline.expired()) {
                        throw e;
                    }
                    last = e;
                    if (!(e instanceof SSLException)) {
                        break;
                    }
                }
            }
        }
        throw last;
    }

    private HttpClientConnection open(
            HttpHost host, InetSocketAddress address, boolean named, RequestDeadlines.Deadline deadline)
            throws IOException {
        Socket socket = new Socket();
        try {
            deadline.watch(socket);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(timeout.toMillisecondsIntBound());
            socket.connect(address, connectMillis);
            return host.getSchemeName().equals("https")
                    ? secure(socket, host, address.getPort(), named)
                    : factory.createConnection(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** True for names that Java does not check. */
    private static boolean isUnchecked(HttpHost host) {
        return host.getHostName().indexOf('_') >= 0;
    }

    /**
     * The certificate has to be valid, and for this host. Java checks no name with an underscore and leaves it out of the
     * greeting, so such a name is put there, and checked, apart.
     */
    private HttpClientConnection secure(Socket socket, HttpHost host, int port, boolean named) throws IOException {
        // Asked for here, since reading the certificates of the JDK takes a tenth of a second.
        SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket secured = (SSLSocket) tls.createSocket(socket, host.getHostName(), port, true);
        SSLParameters parameters = secured.getSSLParameters();
        tlsSetup.execute(parameters);
        boolean unchecked = isUnchecked(host);
        if (unchecked) {
            parameters.setServerNames(named ? List.of(new UncheckedName(host.getHostName())) : List.of());
            parameters.setEndpointIdentificationAlgorithm(null);
        }
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        if (unchecked && !names.verify(host.getHostName(), secured.getSession())) {
            throw new SSLPeerUnverifiedException("the certificate is not for " + host.getHostName());
        }
        return factory.createConnection(secured, socket);
    }
}
