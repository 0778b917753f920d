package dev.mediaferry.fetch;

import dev.mediaferry.link.InvalidLinkException;
import dev.mediaferry.link.Link;
import dev.mediaferry.link.StoredLink;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.RedirectException;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientResponseHandler;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;

/**
 * The HTTP client of the downloads: plain GET and HEAD requests on Apache's HttpCore, without the layers for cookies,
 * credentials, proxies and caches that Apache's HttpClient has around it, which cost a third of each request. What the other
 * side may make it do is bounded: where it connects ({@link Connections}), how long it takes ({@link RequestDeadlines}), how
 * far it is sent on.
 */
public final class MediaClient implements HttpClient, AutoCloseable {

    /**
     * A header that no server sends, in answers to a link that had to be mended: what was mended (one of the repairs of
     * {@link StoredLink}), a blank, and the link as it answered.
     */
    public static final String REPAIR = "Mediaferry-Repair";

    /** Redirects that are followed. */
    static final int MAX_REDIRECTS = 3;

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    /** They say no, but not to the link. */
    private static final Set<Integer> NOT_ABOUT_THE_LINK = Set.of(405, 408, 425, 429, 451);

    private static final String USER_AGENT = "Mediaferry";
    private static final String ACCEPT = "image/*, video/*, */*;q=0.1";

    private final Connections connections;
    private final RequestDeadlines deadlines;
    private final HttpRequestExecutor executor = new HttpRequestExecutor();

    public MediaClient(FetchSettings settings) {
        this.connections = new Connections(settings);
        this.deadlines = new RequestDeadlines(settings.timeout(), connections::closeIdle);
    }

    /**
     * Asks for the request's URI and follows redirects. A link that is refused is asked for once more, mended, when there is
     * something to mend. The body has to be closed; one that is closed before its end costs
     * its connection.
     *
     * @param target is the host of the request's URI
     */
    @Override
    public ClassicHttpResponse executeOpen(HttpHost target, ClassicHttpRequest request, HttpContext context)
            throws IOException {
        RequestDeadlines.Deadline deadline = deadlines.start();
        try {
            return ask(request.getMethod(), request.getUri(), deadline);
        } catch (HttpException e) {
            deadline.end();
            throw new ClientProtocolException(e.getMessage(), e);
        } catch (URISyntaxException e) {
            deadline.end();
            throw new ClientProtocolException(e);
        } catch (IOException | RuntimeException e) {
            deadline.end();
            deadline.check(e);
            throw e;
        }
    }

    @Override
    public void close() {
        deadlines.close();
        connections.close();
    }

    private ClassicHttpResponse ask(String method, URI uri, RequestDeadlines.Deadline deadline)
            throws IOException, HttpException {
        ClassicHttpResponse response;
        try {
            response = follow(method, uri, deadline);
        } catch (ConnectException e) {
            return askOverTls(method, uri, deadline, e);
        }
        int status = response.getCode();
        if (status < 400 || status > 499 || NOT_ABOUT_THE_LINK.contains(status)) {
            return response;
        }
        Optional<URI> decoded = StoredLink.decodedOnce(uri);
        if (decoded.isEmpty()) {
            return response;
        }
        response.close();
        deadline.resume();
        return mended(follow(method, decoded.get(), deadline), StoredLink.DOUBLE_ENCODING, decoded.get());
    }

    /** Some hosts have closed the port of plain HTTP. */
    private ClassicHttpResponse askOverTls(
            String method, URI uri, RequestDeadlines.Deadline deadline, ConnectException refusal)
            throws IOException, HttpException {
        Optional<URI> secure = StoredLink.overTls(uri);
        if (secure.isEmpty()) {
            throw refusal;
        }
        try {
            return mended(follow(method, secure.get(), deadline), StoredLink.HTTPS, secure.get());
        } catch (IOException | HttpException e) {
            refusal.addSuppressed(e);
            throw refusal;
        }
    }

    private ClassicHttpResponse follow(String method, URI first, RequestDeadlines.Deadline deadline)
            throws IOException, HttpException {
        URI uri = first;
        URI secure = null;
        for (int hop = 0; ; hop++) {
            ClassicHttpResponse response = send(method, uri, deadline);
            response.removeHeaders(REPAIR);
            Header location = response.getFirstHeader(HttpHeaders.LOCATION);
            if (location == null || !REDIRECTS.contains(response.getCode())) {
                return secure == null ? response : mended(response, StoredLink.HTTPS, secure);
            }
            response.close();
            deadline.resume();
            if (hop == MAX_REDIRECTS) {
                throw new RedirectException("more than " + MAX_REDIRECTS + " redirects");
            }
            uri = next(uri, location.getValue());
            if (hop == 0) {
                secure = StoredLink.overTls(first).filter(uri::equals).orElse(null);
            }
        }
    }

    private static ClassicHttpResponse mended(ClassicHttpResponse response, String repair, URI link) {
        if (response.getCode() == 200) {
            response.setHeader(REPAIR, repair + " " + link);
        }
        return response;
    }

    /** A connection that waited may have been closed by the other side just now: then the request goes out once more. */
    private ClassicHttpResponse send(String method, URI uri, RequestDeadlines.Deadline deadline)
            throws IOException, HttpException {
        Connections.Lease lease = connections.lease(HttpHost.create(uri), deadline);
        try {
            return send(method, uri, lease, deadline);
        } catch (NoHttpResponseException | SocketException e) {
            lease.discard();
            if (!lease.reused() || deadline.expired()) {
                throw e;
            }
        } catch (IOException | HttpException | RuntimeException e) {
            lease.discard();
            throw e;
        }
        Connections.Lease fresh = connections.connect(HttpHost.create(uri), deadline);
        try {
            return send(method, uri, fresh, deadline);
        } catch (IOException | HttpException | RuntimeException e) {
            fresh.discard();
            throw e;
        }
    }

    private ClassicHttpResponse send(
            String method, URI uri, Connections.Lease lease, RequestDeadlines.Deadline deadline)
            throws IOException, HttpException {
        String query = uri.getRawQuery();
        String path = uri.getRawPath() + (query == null ? "" : "?" + query);
        ClassicHttpRequest request = new BasicClassicHttpRequest(method, lease.host(), path);
        request.setHeader(HttpHeaders.HOST, uri.getRawAuthority());
        request.setHeader(HttpHeaders.USER_AGENT, USER_AGENT);
        request.setHeader(HttpHeaders.ACCEPT, ACCEPT);
        HttpCoreContext context = HttpCoreContext.create();
        ClassicHttpResponse response = executor.execute(request, lease.connection(), context);
        boolean keepAlive = executor.keepAlive(request, response, lease.connection(), context);
        if (response.getEntity() == null) {
            lease.end(keepAlive);
            deadline.end();
        } else {
            response.setEntity(new LeasedEntity(response.getEntity(), lease, keepAlive, deadline));
        }
        return response;
    }

    /** Goes only to what would have been accepted as a link in the first place. */
    private static URI next(URI from, String location) throws RedirectException {
        try {
            return Link.parse(from.resolve(location.strip().replace(" ", "%20")).toString())
                    .uri();
        } catch (InvalidLinkException e) {
            throw new RedirectException("redirected to something that is no link: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            // Its message would show the whole link, with its signature.
            String reason = e.getCause() instanceof URISyntaxException syntax ? syntax.getReason() : "no address";
            throw new RedirectException("redirected to something that is no link: " + reason);
        }
    }

    @Override
    @Deprecated
    public HttpResponse execute(ClassicHttpRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    @Deprecated
    public HttpResponse execute(ClassicHttpRequest request, HttpContext context) {
        throw new UnsupportedOperationException();
    }

    @Override
    @Deprecated
    public ClassicHttpResponse execute(HttpHost target, ClassicHttpRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    @Deprecated
    public HttpResponse execute(HttpHost target, ClassicHttpRequest request, HttpContext context) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> T execute(ClassicHttpRequest request, HttpClientResponseHandler<? extends T> handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> T execute(
            ClassicHttpRequest request, HttpContext context, HttpClientResponseHandler<? extends T> handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> T execute(HttpHost target, ClassicHttpRequest request, HttpClientResponseHandler<? extends T> handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> T execute(
            HttpHost target,
            ClassicHttpRequest request,
            HttpContext context,
            HttpClientResponseHandler<? extends T> handler) {
        throw new UnsupportedOperationException();
    }
}
