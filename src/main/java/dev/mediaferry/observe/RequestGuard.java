package dev.mediaferry.observe;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which requests the service answers, from any sender. A web page in a browser of this machine must not reach its
 * endpoints: neither under a name of its own that resolves to this machine (Host), nor from its own address (Origin,
 * Fetch Metadata). What acts needs a POST with JSON, which pages cannot send elsewhere without asking first; or a form of the
 * console, which brings a token along.
 */
public final class RequestGuard {

    /** What monitoring asks for by the address of the machine, without a login. An address, unlike a name, cannot be rebound. */
    public static final Set<String> PROBES =
            Set.of("/observe/health/live", "/observe/health/ready", "/observe/metrics");

    private static final String JOLOKIA = "/observe/jolokia";

    /** What Jolokia only reads for. */
    private static final Set<String> READS = Set.of("", "list", "read", "search", "version");

    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(?:\\.\\d{1,3}){3}|\\[::1]");
    private static final Pattern ORIGIN = Pattern.compile("(https?)://(.+)");
    private static final Pattern JSON = Pattern.compile("application/json\\s*(;.*)?", Pattern.CASE_INSENSITIVE);

    /** As Jolokia's own clients name it. A page of another site cannot send this either without asking first. */
    private static final Pattern JOLOKIAS_JSON =
            Pattern.compile("(application|text)/json\\s*(;.*)?", Pattern.CASE_INSENSITIVE);

    private static final Pattern FORM =
            Pattern.compile("application/x-www-form-urlencoded\\s*(;.*)?", Pattern.CASE_INSENSITIVE);

    /** Where forms go. */
    private static final String CONSOLE = "/console/";

    private final Set<String> hosts;
    private final Set<String> proxies;

    /**
     * One request, as it came.
     *
     * @param path without its query
     * @param normalizedPath as the router reads it
     * @param hosts every host that it names
     */
    record Request(
            String method,
            String path,
            String normalizedPath,
            Set<String> parameters,
            List<String> hosts,
            List<String> origins,
            List<String> fetchSites,
            String contentType) {}

    record Refusal(int status, String reason) {}

    RequestGuard(ServerSettings settings) {
        proxies = settings.hosts();
        hosts = new TreeSet<>(proxies);
        hosts.add(inBrackets(settings.host().toLowerCase(Locale.ROOT)));
        // To listen on all addresses says nothing of names.
        hosts.removeAll(Set.of("0.0.0.0", "[::]"));
    }

    /** @return empty when the request may go on */
    Optional<Refusal> refuse(Request request) {
        if (!request.path().equals(request.normalizedPath())) {
            return forbidden("this path has another spelling: " + request.normalizedPath());
        }
        boolean right = request.hosts().isEmpty()
                ? isNamelessProbe(request)
                : request.hosts().stream().allMatch(host -> isRight(host, request.normalizedPath()));
        if (!right) {
            return forbidden("not the name of this service; mediaferry.server.hosts holds those that are");
        }
        if (!request.origins().stream()
                .allMatch(origin -> isOurs(origin, request.hosts().get(0)))) {
            return forbidden("asked for by a page of another site (Origin)");
        }
        if (!Set.of("same-origin", "none").containsAll(request.fetchSites())) {
            return forbidden("asked for by a page of another site (Sec-Fetch-Site)");
        }
        return request.method().equals("GET") || request.method().equals("HEAD")
                ? refuseActing(request)
                : refuseForm(request);
    }

    /** Checks of HTTP/1.0, like HAProxy's, name no host; a browser always does. */
    private static boolean isNamelessProbe(Request request) {
        return PROBES.contains(request.normalizedPath()) && request.origins().isEmpty();
    }

    private boolean isRight(String host, String path) {
        Matcher matcher = HOST.matcher(host);
        if (!matcher.matches()) {
            return false;
        }
        String name = withoutDot(matcher.group(1));
        return hosts.contains(name)
                || LOOPBACK.matcher(name).matches()
                || (PROBES.contains(path)
                        && (name.startsWith("[") || IPV4.matcher(name).matches()));
    }

    /** A proxy may have changed the host that it passes on, so an origin may have another of the names that are set. */
    private boolean isOurs(String origin, String host) {
        Matcher address = ORIGIN.matcher(origin.toLowerCase(Locale.ROOT));
        if (!address.matches()) {
            return false;
        }
        Matcher from = HOST.matcher(address.group(2));
        Matcher to = HOST.matcher(host.toLowerCase(Locale.ROOT));
        if (!from.matches() || !to.matches()) {
            return false;
        }
        // Under one name another port is another program's.
        return from.group(1).equals(to.group(1))
                ? port(from, address.group(1)).equals(port(to, address.group(1)))
                : proxies.contains(withoutDot(from.group(1)));
    }

    private static String port(Matcher host, String scheme) {
        String port = host.group(2);
        return port == null ? scheme.equals("https") ? "443" : "80" : port;
    }

    private static Optional<Refusal> refuseActing(Request request) {
        if (request.parameters().contains("command") || request.parameters().contains("action")) {
            return forbidden("a GET changes nothing");
        }
        if (isJolokia(request)) {
            String[] segments = request.path().substring(JOLOKIA.length()).split("/", 3);
            String type = segments.length > 1 ? segments[1] : "";
            // Jolokia takes the whole path from this parameter, too.
            if (!READS.contains(type) || request.parameters().contains("p")) {
                return forbidden("a GET changes nothing: send it by POST");
            }
        }
        return Optional.empty();
    }

    private static boolean isJolokia(Request request) {
        return request.path().equals(JOLOKIA) || request.path().startsWith(JOLOKIA + "/");
    }

    private static Optional<Refusal> refuseForm(Request request) {
        boolean form = request.path().startsWith(CONSOLE);
        Pattern type = form ? FORM : isJolokia(request) ? JOLOKIAS_JSON : JSON;
        boolean fits = request.contentType() != null
                && type.matcher(request.contentType()).matches();
        return fits
                ? Optional.empty()
                : Optional.of(new Refusal(
                        415,
                        request.method() + " needs content-type: "
                                + (form ? "application/x-www-form-urlencoded" : "application/json")));
    }

    private static Optional<Refusal> forbidden(String reason) {
        return Optional.of(new Refusal(403, reason));
    }

    private static String withoutDot(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static String inBrackets(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }
}
