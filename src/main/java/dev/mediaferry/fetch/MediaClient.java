package dev.mediaferry.fetch;

import dev.mediaferry.link.Authority;
import dev.mediaferry.link.InvalidLinkException;
import dev.mediaferry.link.Link;
import dev.mediaferry.link.StoredLink;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /**
     * A header that no server sends, in answers to a link that was redirected: the address that answered, without its
     * query, in which a signature may be.
     */
    public static final String ANSWERED_AT = "Mediaferry-Answered-At";

    /** Redirects that are followed. */
    static final int MAX_REDIRECTS = 3;

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    /** They say no, but not to the link. */
    private static final Set<Integer> NOT_ABOUT_THE_LINK = Set.of(405, 408, 425, 429, 451);

    /** A request's successes: with the medium, the medium as a proxy has changed it, or a part that is the whole. */
    private static final Set<Integer> SUCCESSES = Set.of(200, 203, 206);

    /** Stands for a host that Java's addresses do not know, on the way through Camel's endpoint; see {@link #endpoint}. */
    private static final Pattern STAND_IN = Pattern.compile("h([0-9a-f]+)\\.underscored\\.invalid");

    private static final String ACCEPT = "image/*, video/*, */*;q=0.1";

    private final Connections connections;
    private final RequestDeadlines deadlines;
    private final RequestHeaders headers;
    private final HttpRequestExecutor executor = new HttpRequestExecutor();

    public MediaClient(FetchSettings settings) {
        this.connections = new Connections(settings);
        this.headers = settings.headers();
        this.deadlines = new RequestDeadlines(settings.timeout(), connections::closeIdle);
    }

    /**
     * @param link in the form of {@link Link#uri}
     * @return the address that an HTTP endpoint has to be given so that this client asks for the link
     */
    public static String endpoint(String link) {
        URI uri = URI.create(link);
        return uri.getHost() != null
                ? link
                : withHost(uri, standIn(Authority.of(uri).host()));
    }

    private static String standIn(String host) {
        return "h" + HexFormat.of().formatHex(host.getBytes(StandardCharsets.US_ASCII)) + ".underscored.invalid";
    }

    /** @return the link that the address of an endpoint was made from */
    private static URI link(URI endpoint) {
        Matcher matcher = STAND_IN.matcher(String.valueOf(endpoint.getHost()));
        return matcher.matches()
                ? URI.create(withHost(
                        endpoint, new String(HexFormat.of().parseHex(matcher.group(1)), StandardCharsets.US_ASCII)))
                : endpoint;
    }

    private static String withHost(URI uri, String host) {
        int start = uri.getScheme().length() + "://".length();
        String text = uri.toString();
        Authority authority = Authority.of(uri);
        return text.substring(0, start)
                + host
                + text.substring(start + authority.host().length());
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
            return ask(request.getMethod(), link(request.getUri()), deadline);
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
        boolean trusted = true;
        for (int hop = 0; ; hop++) {
            ClassicHttpResponse response = send(method, uri, trusted, deadline);
            response.removeHeaders(REPAIR);
            response.removeHeaders(ANSWERED_AT);
            Header location = response.getFirstHeader(HttpHeaders.LOCATION);
            if (location == null || !REDIRECTS.contains(response.getCode())) {
                if (hop > 0) {
                    response.setHeader(ANSWERED_AT, uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath());
                }
                return secure == null ? response : mended(response, StoredLink.HTTPS, secure);
            }
            response.close();
            deadline.resume();
            if (hop == MAX_REDIRECTS) {
                throw new RedirectException("more than " + MAX_REDIRECTS + " redirects");
            }
            URI from = uri;
            uri = next(from, location.getValue());
            // What was sent under the cover of TLS is not sent on without.
            trusted &= from.getScheme().equals("http") || uri.getScheme().equals("https");
            if (hop == 0) {
                secure = StoredLink.overTls(first).filter(uri::equals).orElse(null);
            }
        }
    }

    private static ClassicHttpResponse mended(ClassicHttpResponse response, String repair, URI link) {
        if (SUCCESSES.contains(response.getCode())) {
            response.setHeader(REPAIR, repair + " " + link);
        }
        return response;
    }

    /** A connection that waited may have been closed by the other side just now: then the request goes out once more. */
    private ClassicHttpResponse send(String method, URI uri, boolean trusted, RequestDeadlines.Deadline deadline)
            throws IOException, HttpException {
        HttpHost host = host(uri);
        Connections.Lease lease = connections.lease(host, deadline);
        try {
            return send(method, uri, trusted, lease, deadline);
        } catch (NoHttpResponseException | SocketException e) {
            lease.discard();
            if (!lease.reused() || deadline.expired()) {
                throw e;
            }
        } catch (IOException | HttpException | RuntimeException e) {
            lease.discard();
            throw e;
        }
        Connections.Lease fresh = connections.connect(host, deadline);
        try {
            return send(method, uri, trusted, fresh, deadline);
        } catch (IOException | HttpException | RuntimeException e) {
            fresh.discard();
            throw e;
        }
    }

    private ClassicHttpResponse send(
            String method, URI uri, boolean trusted, Connections.Lease lease, RequestDeadlines.Deadline deadline)
            throws IOException, HttpException {
        String query = uri.getRawQuery();
        String path = uri.getRawPath() + (query == null ? "" : "?" + query);
        ClassicHttpRequest request = new BasicClassicHttpRequest(method, lease.host(), path);
        request.setHeader(HttpHeaders.HOST, uri.getRawAuthority());
        request.setHeader(HttpHeaders.ACCEPT, ACCEPT);
        headers.of(lease.host().getHostName(), trusted).forEach(request::setHeader);
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

    private static HttpHost host(URI uri) {
        Authority authority = Authority.of(uri);
        return new HttpHost(uri.getScheme(), authority.host(), authority.port());
    }

    /** Goes only to what would have been accepted as a link in the first place. */
    private static URI next(URI from, String location) throws RedirectException {
        try {
            return Link.parse(from.toString()).redirectedTo(location).uri();
        } catch (InvalidLinkException e) {
            throw new RedirectException("redirected to something that is no link: " + e.getMessage(), e);
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
